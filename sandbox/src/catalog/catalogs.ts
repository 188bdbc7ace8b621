import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { SecurableRequests, comment, objectName, properties } from './securable-requests.ts';
import { view } from './securable-views.ts';

const SDK = 'Python SDK, CatalogsAPI';

const catalogBody = z.object({
  name: objectName,
  comment,
  properties,
  options: properties,
  storage_root: text.max(4_000).optional(),
  connection_name: text.optional(),
  share_name: text.optional(),
});

const SOURCE = 'docs/facts/ssh-and-claude.md section 4';

export function catalogRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;
  const requests = new SecurableRequests(workspace, 'catalog');
  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/catalogs`,
      does: 'Lists the catalogs that the caller may use',
      source: SOURCE,
      handle: (call) => requests.list(call),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/catalogs/:name`,
      does: 'Tells about a catalog',
      source: SDK,
      handle: (call) => requests.get(call),
    },
    {
      method: 'PATCH',
      path: `${CATALOG_ROOT}/catalogs/:name`,
      does: 'Renames, describes or hands over a catalog',
      source: SDK,
      handle: (call) => requests.update(call),
    },
    {
      method: 'DELETE',
      path: `${CATALOG_ROOT}/catalogs/:name`,
      does: 'Deletes a catalog, with force also what is in it',
      source: SDK,
      handle: (call) => requests.remove(call),
    },
    {
      method: 'POST',
      path: `${CATALOG_ROOT}/catalogs`,
      does: 'Makes a catalog with a schema called default',
      source: SDK,
      handle(call) {
        const body = readBody(catalogBody, call.json);
        if (body.connection_name !== undefined || body.share_name !== undefined)
          throw invalidParameter(
            'The sandbox has neither connections nor shares: leave out connection_name and share_name.',
          );
        securables.require(call.caller.userName, securables.metastore, 'CREATE_CATALOG');
        const made = securables.create('catalog', body.name, undefined, call.caller.userName, call.at, {
          ...body,
          storageRoot: body.storage_root,
        });
        // Databricks makes it, and it has to go before the catalog can.
        securables.create('schema', 'default', made, call.caller.userName, call.at);
        return ok(view(made));
      },
    },
  ];
}
