import { z } from 'zod';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { SecurableRequests, comment, objectName, properties } from './securable-requests.ts';
import { view } from './securable-views.ts';

const SDK = 'Python SDK, SchemasAPI';

const schemaBody = z.object({
  name: objectName,
  catalog_name: text.min(1),
  comment,
  properties,
  storage_root: text.max(4_000).optional(),
});

const SOURCE = 'docs/facts/ssh-and-claude.md section 4';

export function schemaRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;
  const requests = new SecurableRequests(workspace, 'schema');
  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/schemas`,
      does: 'Lists the schemas of a catalog that the caller may use',
      source: SDK,
      handle: (call) => requests.list(call, securables.get('catalog', queryText(call.query, 'catalog_name'))),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/schemas/:name`,
      does: 'Tells about a schema',
      source: SDK,
      handle: (call) => requests.get(call),
    },
    {
      method: 'PATCH',
      path: `${CATALOG_ROOT}/schemas/:name`,
      does: 'Renames, describes or hands over a schema',
      source: SDK,
      handle: (call) => requests.update(call),
    },
    {
      method: 'DELETE',
      path: `${CATALOG_ROOT}/schemas/:name`,
      does: 'Deletes a schema, with force also what is in it',
      source: SDK,
      handle: (call) => requests.remove(call),
    },
    {
      method: 'POST',
      path: `${CATALOG_ROOT}/schemas`,
      does: 'Makes a schema',
      source: SOURCE,
      handle(call) {
        const body = readBody(schemaBody, call.json);
        const parent = securables.get('catalog', body.catalog_name);
        securables.require(call.caller.userName, parent, 'USE_CATALOG');
        securables.require(call.caller.userName, parent, 'CREATE_SCHEMA');
        return ok(
          view(
            securables.create('schema', body.name, parent, call.caller.userName, call.at, {
              ...body,
              storageRoot: body.storage_root,
            }),
          ),
        );
      },
    },
  ];
}
