import { z } from 'zod';
import { invalidParameter, notFound } from '../http/errors.ts';
import { randomHex } from '../random.ts';
import { BUILT_IN_POLICIES } from './built-in-policies.ts';
import type { Kept } from '../state/kept.ts';
import { parsePolicyDefinition } from './policy-rules.ts';
import type { PolicyDefinition } from './policy-rules.ts';
import type { Principal } from '../identity/principals.ts';
import { text } from '../http/request-body.ts';

/** A policy as create and edit take it; its definition is a JSON string (docs/facts/databricks.md section 8). */
export const policyFields = z.object({
  name: text.min(1).max(100),
  definition: text.max(100_000).optional(),
  description: text.max(1_000).optional(),
  max_clusters_per_user: z.int().min(1).optional(),
  policy_family_id: text.optional(),
});

type PolicyFields = z.output<typeof policyFields>;

export interface Policy {
  readonly id: string;
  /** Nobody of one that is built in. */
  readonly creator: Principal | undefined;
  readonly createdAt: number;
  fields: PolicyFields;
  rules: PolicyDefinition;
}

/** The cluster policies of the workspace, in the order they were made. */
export class Policies implements Kept<Map<string, Policy>> {
  /** By their ids. */
  #policies = new Map<string, Policy>();

  state(): Map<string, Policy> {
    return this.#policies;
  }

  restore(state: Map<string, Policy>): void {
    this.#policies = state;
  }

  all(): Iterable<Policy> {
    return this.#policies.values();
  }

  /** Without those that are built in, which nobody brought and nobody leaves behind. */
  made(): readonly Policy[] {
    return [...this.all()].filter(({ creator }) => creator !== undefined);
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

  /** Those that every workspace comes with; answers the one that everybody may use. */
  addBuiltIn(at: number): Policy | undefined {
    const made = BUILT_IN_POLICIES.map(({ name, family, description, rules }): Policy => {
      const fields = { name, description, policy_family_id: family, definition: JSON.stringify(rules) };
      return { id: newId(), creator: undefined, createdAt: at, fields, rules };
    });
    for (const policy of made) this.#policies.set(policy.id, policy);
    return made[0];
  }

  create(given: PolicyFields, creator: Principal, at: number): Policy {
    const rules = this.#check(given, undefined);
    const policy: Policy = { id: newId(), creator, createdAt: at, fields: given, rules };
    this.#policies.set(policy.id, policy);
    return policy;
  }

  /**
   * Full replacement. Clusters under the policy stay as they are until they are edited.
   * @throws 400 for one that is built in.
   */
  edit(policy: Policy, given: PolicyFields): void {
    mustBeOwn(policy);
    policy.rules = this.#check(given, policy);
    policy.fields = given;
  }

  /** Clusters under it go on running, but cannot be edited. @throws 400 for one that is built in. */
  delete(policy: Policy): void {
    mustBeOwn(policy);
    this.#policies.delete(policy.id);
  }

  #check(given: PolicyFields, self: Policy | undefined): PolicyDefinition {
    for (const policy of this.#policies.values()) {
      if (policy !== self && policy.fields.name === given.name) {
        throw invalidParameter(
          `A cluster policy with name '${given.name}' already exists. Please choose a different name.`,
        );
      }
    }
    if (given.policy_family_id)
      throw invalidParameter('The sandbox has no policy families: write the rules into definition.');
    return parsePolicyDefinition(given.definition || '{}');
  }
}

const newId = (): string => randomHex().slice(0, 16).toUpperCase();

/** A real workspace lets admins override rules of a built-in one, which the sandbox does not imitate. */
function mustBeOwn({ creator, fields }: Policy): void {
  if (creator === undefined)
    throw invalidParameter(
      `The policy '${fields.name}' is a default policy: it cannot be deleted, and the sandbox does not change it.`,
    );
}
