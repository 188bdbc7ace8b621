import { z } from 'zod';
import { invalidParameter, permissionDenied } from '../http/errors.ts';
import { isObjectKind, labelOf, levelsOf } from './permissions.ts';
import type { ObjectKind } from './permissions.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const entry = z.object({
  user_name: text.optional(),
  group_name: text.optional(),
  service_principal_name: text.optional(),
  permission_level: text,
});
const replaceBody = z.object({ access_control_list: z.array(entry).max(2_000).default([]) });
const addBody = z.object({ access_control_list: z.array(entry).max(2_000) });

/** /api/2.0/permissions/{kind}/{id}: GET, PUT replaces, PATCH adds (facts/databricks.md section 4). */
export function permissionRoutes(workspace: Workspace): Route[] {
  const { permissions } = workspace;

  const target = (call: Call): { kind: ObjectKind; id: string } => {
    const kind = call.params['kind'] ?? '';
    const id = call.params['id'] ?? '';
    if (!isObjectKind(kind)) throw invalidParameter(`Object type '${kind}' has no permissions in this sandbox`);
    mustExist(workspace, kind, id);
    const highest = levelsOf(kind).at(-1) ?? '';
    const mayManage = kind === 'cluster-policies' ? workspace.principals.isAdmin(call.caller) : permissions.allows(call.caller, kind, id, highest);
    if (!mayManage) {
      throw permissionDenied(`${call.caller.userName} does not have Manage permissions on ${labelOf(kind)} ${id}. Please contact the owner or an administrator for access.`);
    }
    return { kind, id };
  };

  return [
    {
      method: 'GET',
      path: '/api/2.0/permissions/:kind/:id',
      handle(call) {
        const { kind, id } = target(call);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'PUT',
      path: '/api/2.0/permissions/:kind/:id',
      handle(call) {
        const { kind, id } = target(call);
        permissions.replace(kind, id, readRequiredBody(replaceBody, call.json).access_control_list);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'PATCH',
      path: '/api/2.0/permissions/:kind/:id',
      handle(call) {
        const { kind, id } = target(call);
        permissions.add(kind, id, readRequiredBody(addBody, call.json).access_control_list);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/permissions/:kind/:id/permissionLevels',
      handle(call) {
        const { kind } = target(call);
        return ok({ permission_levels: levelsOf(kind).map((level) => ({ permission_level: level, description: `${level} on ${labelOf(kind)}` })) });
      },
    },
  ];
}

function mustExist(workspace: Workspace, kind: ObjectKind, id: string): void {
  switch (kind) {
    case 'clusters':
      workspace.clusters.get(id);
      return;
    case 'instance-pools':
      workspace.pools.get(id);
      return;
    case 'cluster-policies':
      workspace.policies.get(id);
      return;
    case 'serving-endpoints':
      workspace.serving.byId(id);
      return;
  }
}
