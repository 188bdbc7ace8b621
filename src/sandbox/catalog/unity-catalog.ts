import { z } from 'zod';
import { ApiError, invalidParameter, permissionDenied } from '../http/errors.ts';
import { queryInteger, queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Securable, SecurableType } from './securables.ts';
import type { Workspace } from '../workspace.ts';

const objectName = text
  .min(1)
  .regex(/^[^./\\ \p{Cc}]+$/u, 'must not hold dots, slashes, spaces or control characters')
  // They name folders too.
  .refine((name) => name.isWellFormed() && Buffer.byteLength(name.toLowerCase()) <= 255, 'must be at most 255 bytes long');
const catalogBody = z.object({ name: objectName, comment: text.optional() });
const schemaBody = z.object({ name: objectName, catalog_name: text.min(1), comment: text.optional() });
const volumeBody = z.object({
  name: objectName,
  catalog_name: text.min(1),
  schema_name: text.min(1),
  volume_type: z.enum(['MANAGED', 'EXTERNAL']),
  storage_location: text.optional(),
  comment: text.optional(),
});

const ROOT = '/api/2.1/unity-catalog';

/** Catalogs, schemas and volumes: create, get, list; volumes and schemas also delete. */
export function unityCatalogRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;

  const creator = (call: Call, parent: Securable, privilege: string): Securable => {
    securables.require(call.caller.userName, parent, privilege);
    return parent;
  };

  const visible = (call: Call, type: SecurableType): Securable => {
    const found = securables.get(type, call.params['name'] ?? '');
    const subjects = securables.subjectsOf(call.caller.userName);
    const wanted = { catalog: 'USE_CATALOG', schema: 'USE_SCHEMA', volume: 'READ_VOLUME' }[type];
    if (!securables.holds(subjects, found, 'BROWSE') && !securables.mayManage(subjects, found)) securables.require(call.caller.userName, found, wanted);
    return found;
  };

  const list = (call: Call, type: SecurableType, key: string, parentName: string | undefined): Reply => {
    const subjects = securables.subjectsOf(call.caller.userName);
    const wanted = { catalog: 'USE_CATALOG', schema: 'USE_SCHEMA', volume: 'READ_VOLUME' }[type];
    const all = [...securables.ofType(type)].filter(
      (one) => (parentName === undefined || one.parent?.fullName === parentName) && (securables.holds(subjects, one, wanted) || securables.holds(subjects, one, 'BROWSE')),
    );
    return page(call, key, all.map(view));
  };

  return [
    { method: 'GET', path: `${ROOT}/catalogs/:name`, handle: (call) => ok(view(visible(call, 'catalog'))) },
    { method: 'GET', path: `${ROOT}/schemas/:name`, handle: (call) => ok(view(visible(call, 'schema'))) },
    { method: 'GET', path: `${ROOT}/volumes/:name`, handle: (call) => ok(view(visible(call, 'volume'))) },
    { method: 'GET', path: `${ROOT}/catalogs`, handle: (call) => list(call, 'catalog', 'catalogs', undefined) },
    {
      method: 'GET',
      path: `${ROOT}/schemas`,
      handle: (call) => list(call, 'schema', 'schemas', securables.get('catalog', queryText(call.query, 'catalog_name')).fullName),
    },
    {
      method: 'GET',
      path: `${ROOT}/volumes`,
      handle(call) {
        const parent = securables.get('schema', `${queryText(call.query, 'catalog_name')}.${queryText(call.query, 'schema_name')}`);
        return list(call, 'volume', 'volumes', parent.fullName);
      },
    },
    {
      method: 'POST',
      path: `${ROOT}/catalogs`,
      handle(call) {
        const body = readBody(catalogBody, call.json);
        if (!workspace.principals.isAdmin(call.caller)) throw permissionDenied("User does not have CREATE CATALOG on Metastore 'sandbox'.");
        return ok(view(securables.create('catalog', body.name, undefined, call.caller.userName, call.at, body.comment)));
      },
    },
    {
      method: 'POST',
      path: `${ROOT}/schemas`,
      handle(call) {
        const body = readBody(schemaBody, call.json);
        const parent = creator(call, securables.get('catalog', body.catalog_name), 'CREATE_SCHEMA');
        return ok(view(securables.create('schema', body.name, parent, call.caller.userName, call.at, body.comment)));
      },
    },
    {
      method: 'POST',
      path: `${ROOT}/volumes`,
      handle(call) {
        const body = readBody(volumeBody, call.json);
        if (body.volume_type !== 'MANAGED') throw invalidParameter('CreateVolume The sandbox has no external locations: use volume_type MANAGED.');
        if (body.storage_location !== undefined) throw invalidParameter('CreateVolume storage_location can not be provided.');
        const parent = creator(call, securables.get('schema', `${body.catalog_name}.${body.schema_name}`), 'CREATE_VOLUME');
        const made = securables.create('volume', body.name, parent, call.caller.userName, call.at, body.comment);
        workspace.volumeFiles.addVolume(made.fullName, call.at);
        return ok(view(made));
      },
    },
    {
      method: 'DELETE',
      path: `${ROOT}/volumes/:name`,
      handle(call) {
        const found = owned(workspace, call, 'volume');
        workspace.volumeFiles.removeFolder(found.fullName, call.at);
        securables.remove(found);
        return ok({});
      },
    },
    {
      method: 'DELETE',
      path: `${ROOT}/schemas/:name`,
      handle(call) {
        const found = owned(workspace, call, 'schema');
        if (securables.hasChildren(found)) throw new ApiError({ status: 400, errorCode: 'INVALID_STATE', message: `Schema '${found.fullName}' is not empty.` });
        workspace.volumeFiles.removeFolder(found.fullName, call.at);
        securables.remove(found);
        return ok({});
      },
    },
  ];
}

function owned(workspace: Workspace, call: Call, type: SecurableType): Securable {
  const found = workspace.securables.get(type, call.params['name'] ?? '');
  if (!workspace.securables.mayManage(workspace.securables.subjectsOf(call.caller.userName), found)) {
    throw permissionDenied(`User is not an owner of ${type} '${found.fullName}'.`);
  }
  return found;
}

/** With max_results (0 lets the server choose) the answer comes in pages; without it, whole. */
function page(call: Call, key: string, all: readonly unknown[]): Reply {
  const asked = queryInteger(call.query, 'max_results', 0, 10_000);
  const from = pageStart(call.query.get('page_token'));
  const size = asked === undefined ? all.length : asked === 0 ? 100 : asked;
  const items = all.slice(from, from + size);
  const next = from + size < all.length ? { next_page_token: Buffer.from(String(from + size)).toString('base64url') } : {};
  return ok({ ...(items.length > 0 ? { [key]: items } : {}), ...next });
}

function pageStart(token: string | null): number {
  if (token === null || token === '') return 0;
  const position = Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,9}$/.test(position)) throw invalidParameter('Invalid page token.');
  return Number(position);
}

function view(one: Securable): unknown {
  const common = {
    name: one.name,
    full_name: one.fullName,
    owner: one.owner,
    ...(one.comment === undefined ? {} : { comment: one.comment }),
    created_at: one.createdAt,
    created_by: one.createdBy,
    updated_at: one.createdAt,
    updated_by: one.createdBy,
    metastore_id: '5a9db0b5-0000-4000-8000-000000000001',
    securable_type: one.type.toUpperCase(),
  };
  switch (one.type) {
    case 'catalog':
      return { ...common, catalog_type: 'MANAGED_CATALOG', isolation_mode: 'OPEN' };
    case 'schema':
      return { ...common, catalog_name: one.parent?.fullName, schema_id: one.id };
    case 'volume':
      return {
        ...common,
        catalog_name: one.parent?.parent?.fullName,
        schema_name: one.parent?.name,
        volume_id: one.id,
        volume_type: 'MANAGED',
        storage_location: `abfss://unity-catalog@sandbox.dfs.core.windows.net/__unitystorage/volumes/${one.id}`,
      };
    default:
      return one.type satisfies never;
  }
}
