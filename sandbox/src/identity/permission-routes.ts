import { z } from 'zod';
import { invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { isObjectKind, labelOf, levelsOf, managingLevelOf } from './permission-kinds.ts';
import type { ObjectKind } from './permission-kinds.ts';

const entry = z.object({
  user_name: text.optional(),
  group_name: text.optional(),
  service_principal_name: text.optional(),
  permission_level: text,
});
const replaceBody = z.object({ access_control_list: z.array(entry).max(2_000).default([]) });
const addBody = z.object({ access_control_list: z.array(entry).max(2_000) });

const PATH = '/api/2.0/permissions/:kind/:id';
const SOURCE = 'docs/facts/databricks.md section 4';

/** /api/2.0/permissions/{kind}/{id}: GET, PUT replaces, PATCH adds. */
export function permissionRoutes(workspace: Workspace): Route[] {
  const { permissions, principals } = workspace;
  registerObjects(workspace);

  const target = (call: Call): { kind: ObjectKind; id: string } => {
    const kind = call.params['kind'] ?? '';
    const id = call.params['id'] ?? '';
    if (!isObjectKind(kind)) throw invalidParameter(`Object type '${kind}' has no permissions in this sandbox`);
    permissions.mustExist(kind, id);
    const mayManage =
      kind === 'cluster-policies'
        ? principals.isAdmin(call.caller)
        : permissions.allows(call.caller, kind, id, managingLevelOf(kind));
    if (!mayManage) {
      throw permissionDenied(
        `${call.caller.userName} does not have Manage permissions on ${labelOf(kind)} ${id}. Please ` +
          'contact the owner or an administrator for access.',
      );
    }
    return { kind, id };
  };

  return [
    {
      method: 'GET',
      path: PATH,
      does: 'Tells who may do what with an object',
      source: SOURCE,
      handle(call) {
        const { kind, id } = target(call);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'PUT',
      path: PATH,
      does: 'Replaces everything granted on an object',
      source: SOURCE,
      handle(call) {
        const { kind, id } = target(call);
        permissions.replace(kind, id, readRequiredBody(replaceBody, call.json).access_control_list);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'PATCH',
      path: PATH,
      does: 'Adds to what is granted on an object',
      source: SOURCE,
      handle(call) {
        const { kind, id } = target(call);
        permissions.add(kind, id, readRequiredBody(addBody, call.json).access_control_list);
        return ok(permissions.view(kind, id));
      },
    },
    {
      method: 'GET',
      path: `${PATH}/permissionLevels`,
      does: 'Lists the levels that an object of this kind has',
      source: SOURCE,
      handle(call) {
        const { kind } = target(call);
        return ok({
          permission_levels: levelsOf(kind).map((level) => ({
            permission_level: level,
            description: `${level} on ${labelOf(kind)}`,
          })),
        });
      },
    },
  ];
}

/** Apps, clusters, jobs, directories, notebooks and files register theirs where they are kept. */
function registerObjects({ permissions, pools, policies, serving }: Workspace): void {
  permissions.register('instance-pools', { mustExist: (id) => void pools.get(id) });
  permissions.register('cluster-policies', { mustExist: (id) => void policies.get(id) });
  permissions.register('serving-endpoints', { mustExist: (id) => void serving.byId(id) });
  permissions.register('authorization', {
    mustExist(id) {
      if (id !== 'tokens') throw notFound(`authorization ${id} does not exist.`);
    },
  });
}
