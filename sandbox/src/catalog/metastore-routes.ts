import { leftOut } from '../http/left-out.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { METASTORE_ID } from './metastore-id.ts';

const SDK = 'Python SDK, MetastoresAPI';

const SOURCE = 'docs/facts/ssh-and-claude.md section 4';

/** The metastore that the workspace is assigned to. It is the account's: nothing here changes it. */
export function metastoreRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;

  const about = (): Record<string, unknown> => {
    const { name, owner, createdAt, createdBy, updatedAt, updatedBy } = securables.metastore;
    return {
      metastore_id: METASTORE_ID,
      name,
      owner,
      cloud: 'azure',
      region: 'westeurope',
      global_metastore_id: `azure:westeurope:${METASTORE_ID}`,
      privilege_model_version: '1.0',
      delta_sharing_scope: 'INTERNAL',
      external_access_enabled: false,
      created_at: createdAt,
      created_by: createdBy,
      updated_at: updatedAt,
      updated_by: updatedBy,
    };
  };

  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/metastore_summary`,
      does: 'Tells about the metastore of the workspace',
      source: SOURCE,
      handle: () => ok(about()),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/current-metastore-assignment`,
      does: 'Tells which metastore the workspace is assigned to',
      source: SDK,
      handle: () =>
        ok({ metastore_id: METASTORE_ID, workspace_id: Number(workspace.id), default_catalog_name: 'main' }),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/metastores`,
      does: 'Lists the metastores that the caller administers',
      source: SDK,
      handle: (call) => ok(workspace.principals.isAdmin(call.caller) ? { metastores: [about()] } : {}),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/metastores/:name`,
      does: 'Tells about a metastore',
      source: SDK,
      handle(call) {
        securables.get('metastore', call.params['name'] ?? '');
        return ok(about());
      },
    },
    leftOut('POST', `${CATALOG_ROOT}/metastores`),
    leftOut('PATCH', `${CATALOG_ROOT}/metastores/:name`),
    leftOut('DELETE', `${CATALOG_ROOT}/metastores/:name`),
  ];
}
