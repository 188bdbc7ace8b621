import { z } from 'zod';
import { policyFields } from './cluster-policies.ts';
import type { Policy } from './cluster-policies.ts';
import { invalidParameter, permissionDenied } from '../http/errors.ts';
import { queryOrBodyText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import { requireAdmin } from '../identity/require-admin.ts';
import type { Workspace } from '../workspace.ts';

const idBody = z.object({ policy_id: text });
const editBody = policyFields.extend({ policy_id: text });
const SOURCE = 'docs/facts/databricks.md section 8';

/** /api/2.0/policies/clusters: create, get, list, edit, delete (docs/facts/databricks.md section 8). */
export function clusterPolicyRoutes(workspace: Workspace): Route[] {
  const { policies, permissions } = workspace;
  const adminOnly = (call: Call): void => requireAdmin(workspace, call, 'create, edit or delete cluster policies');
  const visible = (call: Call, policy: Policy): boolean =>
    permissions.allows(call.caller, 'cluster-policies', policy.id, 'CAN_USE');
  return [
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/create',
      does: 'Creates a cluster policy from a definition (admins)',
      source: SOURCE,
      handle(call) {
        adminOnly(call);
        return ok({ policy_id: policies.create(readBody(policyFields, call.json), call.caller, call.at).id });
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/get',
      does: 'Answers one cluster policy',
      source: SOURCE,
      handle(call) {
        const policy = policies.get(queryOrBodyText(call, 'policy_id'));
        if (!visible(call, policy))
          throw permissionDenied(
            `${call.caller.userName} does not have Use permissions on cluster policy ${policy.id}.`,
          );
        return ok(view(policy));
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/list',
      does: 'Lists the cluster policies that the caller may use, sorted',
      source: SOURCE,
      handle(call) {
        const mine = sorted(
          [...policies.all()].filter((policy) => visible(call, policy)),
          call.query,
        );
        return ok({ policies: mine.map(view), total_count: mine.length });
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/edit',
      does: 'Replaces a cluster policy; clusters under it stay as they are (admins)',
      source: SOURCE,
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
      does: 'Deletes a cluster policy; clusters under it run on but cannot be edited (admins)',
      source: SOURCE,
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

/** By the time they were made unless the query says otherwise, upwards unless it says DESC. */
function sorted(policies: Policy[], query: URLSearchParams): Policy[] {
  const column = query.get('sort_column') || 'POLICY_CREATION_TIME';
  const order = query.get('sort_order') || 'ASC';
  if (column !== 'POLICY_CREATION_TIME' && column !== 'POLICY_NAME')
    throw invalidParameter(`Invalid value for parameter 'sort_column': '${column.slice(0, 40)}'`);
  if (order !== 'ASC' && order !== 'DESC')
    throw invalidParameter(`Invalid value for parameter 'sort_order': '${order.slice(0, 40)}'`);
  if (column === 'POLICY_NAME') policies.sort((a, b) => (a.fields.name < b.fields.name ? -1 : 1));
  return order === 'DESC' ? policies.toReversed() : policies;
}

function view({ id, fields, creator, createdAt }: Policy): unknown {
  return {
    policy_id: id,
    ...fields,
    definition: fields.definition || '{}',
    ...(creator ? { creator_user_name: creator.userName } : {}),
    created_at_timestamp: createdAt,
    is_default: creator === undefined,
  };
}
