import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { SecurableRequests, comment, objectName } from './securable-requests.ts';
import { view } from './securable-views.ts';

const volumeBody = z.object({
  name: objectName,
  catalog_name: text.min(1),
  schema_name: text.min(1),
  volume_type: z.enum(['MANAGED', 'EXTERNAL']),
  storage_location: text.optional(),
  comment,
});

const SOURCE = 'docs/facts/ssh-and-claude.md section 4';

export function volumeRoutes(workspace: Workspace): Route[] {
  const { securables, volumeFiles } = workspace;
  const requests = new SecurableRequests(workspace, 'volume');
  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/volumes`,
      does: 'Lists the volumes of a schema that the caller may read',
      source: SOURCE,
      handle: (call) =>
        requests.list(
          call,
          securables.get('schema', `${queryText(call.query, 'catalog_name')}.${queryText(call.query, 'schema_name')}`),
        ),
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/volumes/:name`,
      does: 'Tells about a volume',
      source: SOURCE,
      handle: (call) => requests.get(call),
    },
    {
      method: 'PATCH',
      path: `${CATALOG_ROOT}/volumes/:name`,
      does: 'Renames, describes or hands over a volume',
      source: 'Python SDK, VolumesAPI',
      handle: (call) => requests.update(call),
    },
    {
      method: 'DELETE',
      path: `${CATALOG_ROOT}/volumes/:name`,
      does: 'Deletes a volume with its files',
      source: 'Python SDK, VolumesAPI',
      handle: (call) => requests.remove(call),
    },
    {
      method: 'POST',
      path: `${CATALOG_ROOT}/volumes`,
      does: 'Makes a volume',
      source: SOURCE,
      handle(call) {
        const body = readBody(volumeBody, call.json);
        if (body.volume_type !== 'MANAGED')
          throw invalidParameter('CreateVolume The sandbox has no external locations: use volume_type MANAGED.');
        if (body.storage_location !== undefined)
          throw invalidParameter('CreateVolume storage_location can not be provided.');
        const parent = securables.get('schema', `${body.catalog_name}.${body.schema_name}`);
        securables.require(call.caller.userName, parent, 'USE_SCHEMA');
        securables.require(call.caller.userName, parent, 'CREATE_VOLUME');
        const made = securables.create('volume', body.name, parent, call.caller.userName, call.at, {
          comment: body.comment,
        });
        volumeFiles.addVolume(made.fullName, call.at);
        return ok(view(made));
      },
    },
  ];
}
