import { z } from 'zod';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import { parsePolicyDefinition } from './policy-rules.ts';
import type { PolicyDefinition } from './policy-rules.ts';
import type { Principal } from '../identity/principals.ts';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const fields = {
  name: text.min(1).max(100),
  definition: text.optional(),
  description: text.max(1_000).optional(),
  max_clusters_per_user: z.int().min(1).optional(),
  policy_family_id: text.optional(),
  policy_family_definition_overrides: text.optional(),
};
const createBody = z.object(fields);
const editBody = z.object({ policy_id: text, ...fields });
const idBody = z.object({ policy_id: text });

type PolicyFields = z.output<typeof createBody>;

export interface Policy {
  readonly id: string;
  readonly creator: Principal;
  readonly createdAt: number;
  fields: PolicyFields;
  rules: PolicyDefinition;
}

/** The cluster policies of the workspace. */
export class Policies {
  readonly #policies = new Map<string, Policy>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  all(): Iterable<Policy> {
    return this.#policies.values();
  }

  find(id: string): Policy | undefined {
    return this.#policies.get(id);
  }

  /** @throws 404 RESOURCE_DOES_NOT_EXIST. */
  get(id: string): Policy {
    const policy = this.#policies.get(id);
    if (!policy) throw notFound(`Cluster policy with id ${id} does not exist`);
    return policy;
  }

  create(given: PolicyFields, creator: Principal, at: number): Policy {
    const rules = this.#check(given, undefined);
    const id = this.#chance.hex().slice(0, 16).toUpperCase();
    const policy: Policy = { id, creator, createdAt: at, fields: given, rules };
    this.#policies.set(id, policy);
    return policy;
  }

  edit(policy: Policy, given: PolicyFields): void {
    policy.rules = this.#check(given, policy);
    policy.fields = given;
  }

  delete(policy: Policy): void {
    this.#policies.delete(policy.id);
  }

  #check(given: PolicyFields, self: Policy | undefined): PolicyDefinition {
    for (const policy of this.#policies.values()) {
      if (policy !== self && policy.fields.name === given.name) {
        throw invalidParameter(`A cluster policy with name '${given.name}' already exists. Please choose a different name.`);
      }
    }
    if (given.policy_family_id !== undefined) {
      if (given.definition !== undefined) throw invalidParameter('policy_family_id and definition cannot be used together');
      throw new ApiError({ status: 501, errorCode: 'NOT_IMPLEMENTED', message: 'The sandbox has no policy families: give a definition.' });
    }
    return parsePolicyDefinition(given.definition ?? '{}');
  }
}

/** /api/2.0/policies/clusters: create, get, list, edit, delete (facts/databricks.md section 8). */
export function clusterPolicyRoutes(workspace: Workspace): Route[] {
  const { policies, permissions, principals } = workspace;
  const adminOnly = (call: Call): void => {
    if (!principals.isAdmin(call.caller)) throw permissionDenied('Only admin users can create, edit or delete cluster policies.');
  };
  const visible = (call: Call, policy: Policy): boolean => permissions.allows(call.caller, 'cluster-policies', policy.id, 'CAN_USE');
  return [
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/create',
      handle(call) {
        adminOnly(call);
        return ok({ policy_id: policies.create(readBody(createBody, call.json), call.caller, call.at).id });
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/get',
      handle(call) {
        const policy = policies.get(queryText(call.query, 'policy_id'));
        if (!visible(call, policy)) throw permissionDenied(`${call.caller.userName} does not have Use permissions on cluster policy ${policy.id}.`);
        return ok(view(policy));
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/list',
      handle(call) {
        const mine = [...policies.all()].filter((policy) => visible(call, policy));
        return ok({ policies: mine.map(view), total_count: mine.length });
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/edit',
      handle(call) {
        adminOnly(call);
        const { policy_id, ...given } = readBody(editBody, call.json);
        policies.edit(policies.get(policy_id), given);
        return ok({});
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/delete',
      handle(call) {
        adminOnly(call);
        const policy = policies.get(readBody(idBody, call.json).policy_id);
        policies.delete(policy);
        permissions.forget('cluster-policies', policy.id);
        return ok({});
      },
    },
  ];
}

const view = (policy: Policy): unknown => ({
  policy_id: policy.id,
  ...policy.fields,
  definition: policy.fields.definition ?? '{}',
  creator_user_name: policy.creator.userName,
  created_at_timestamp: policy.createdAt,
  is_default: false,
});
