import { z } from 'zod';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import type { Group, Principal } from './principals.ts';
import { queryInteger, readBody, text } from '../http/request-body.ts';
import { parseScimFilter } from './scim-filter.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const ROOT = '/api/2.0/preview/scim/v2';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const LARGEST_PAGE = 10_000;

const value = z.array(z.object({ value: text })).optional();
const newUser = z.object({ userName: text.min(1).max(255), displayName: text.optional(), active: z.boolean().optional(), emails: value, entitlements: value });

type Resource = Record<string, unknown> & { id: string };

/** SCIM Me, Users and Groups of the workspace (facts/databricks.md section 10). */
export function scimRoutes(workspace: Workspace): Route[] {
  const { principals } = workspace;

  const userView = (principal: Principal): Resource => ({
    schemas: [USER_SCHEMA],
    id: principal.id,
    userName: principal.userName,
    displayName: principal.displayName,
    active: principal.active,
    name: { givenName: principal.displayName },
    ...(principal.emails.length > 0 ? { emails: principal.emails.map((address, index) => ({ type: 'work', value: address, primary: index === 0 })) } : {}),
    ...(principal.entitlements.length > 0 ? { entitlements: values(principal.entitlements) } : {}),
    groups: principals.groupsOf(principal).map((group) => ({ display: group.displayName, type: 'direct', value: group.id, $ref: `Groups/${group.id}` })),
  });

  const groupView = (group: Group): Resource => ({
    schemas: [GROUP_SCHEMA],
    id: group.id,
    displayName: group.displayName,
    meta: { resourceType: 'WorkspaceGroup' },
    ...(group.entitlements.length > 0 ? { entitlements: values(group.entitlements) } : {}),
    ...(group.members.size > 0
      ? {
          members: [...group.members].map((id) => {
            const member = principals.byId(id);
            return { display: member?.displayName, value: id, $ref: `${member?.kind === 'service-principal' ? 'ServicePrincipals' : 'Users'}/${id}` };
          }),
        }
      : {}),
  });

  const users = (): Resource[] => [...principals.all()].filter((one) => one.kind === 'user').map(userView);

  return [
    scim('GET', 'Me', (call) => ok(userView(call.caller))),
    scim('GET', 'Users', (call) => list(call, users())),
    scim('GET', 'Users/:id', (call) => {
      const found = principals.byId(call.params['id'] ?? '');
      if (found?.kind !== 'user') throw notFound(`User with id ${call.params['id']} not found.`);
      return ok(selectAttributes(call, userView(found)));
    }),
    scim('POST', 'Users', (call) => {
      const body = readBody(newUser, call.json);
      if (!principals.isAdmin(call.caller)) throw permissionDenied('Only admins can add users to the workspace.');
      if (!/^[^\s@]+@[^\s@]+$/.test(body.userName)) throw new ApiError({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', message: `userName ${body.userName} is not an email address.`, scimType: 'invalidValue' });
      if (principals.find(body.userName)) {
        throw new ApiError({ status: 409, errorCode: 'RESOURCE_ALREADY_EXISTS', message: `User with username ${body.userName} already exists.`, scimType: 'uniqueness' });
      }
      const made = principals.addUser({
        userName: body.userName,
        displayName: body.displayName,
        active: body.active,
        emails: body.emails?.map((one) => one.value),
        entitlements: body.entitlements?.map((one) => one.value),
      });
      return { status: 201, json: userView(made) };
    }),
    scim('GET', 'Groups', (call) => list(call, [...principals.groups()].map(groupView))),
    scim('GET', 'Groups/:id', (call) => {
      const found = principals.groupById(call.params['id'] ?? '');
      if (!found) throw notFound(`Group with id ${call.params['id']} not found.`);
      return ok(selectAttributes(call, groupView(found)));
    }),
  ];
}

const scim = (method: 'GET' | 'POST', path: string, handle: (call: Call) => Reply): Route => ({ method, path: `${ROOT}/${path}`, errors: 'scim', handle });

/** startIndex counts from 1; Resources is left out when empty. */
function list(call: Call, all: readonly Resource[]): Reply {
  const filter = call.query.get('filter');
  const matching = filter ? all.filter(parseScimFilter(filter)) : all;
  const from = Math.max(1, queryInteger(call.query, 'startIndex', -1_000_000, 1_000_000_000) ?? 1);
  const count = Math.min(LARGEST_PAGE, Math.max(0, queryInteger(call.query, 'count', -1_000_000, 1_000_000_000) ?? LARGEST_PAGE));
  const page = matching.slice(from - 1, from - 1 + count);
  return ok({
    schemas: [LIST_SCHEMA],
    totalResults: matching.length,
    startIndex: from,
    itemsPerPage: page.length,
    ...(page.length > 0 ? { Resources: page.map((one) => selectAttributes(call, one)) } : {}),
  });
}

/** `attributes=userName,emails.value` keeps those (and the id), `excludedAttributes` drops them. */
function selectAttributes(call: Call, resource: Resource): Record<string, unknown> {
  const wanted = attributeNames(call.query.get('attributes'));
  const unwanted = attributeNames(call.query.get('excludedAttributes'));
  if (!wanted && !unwanted) return resource;
  const kept = Object.entries(resource).filter(([name]) => name === 'id' || (wanted ? wanted.has(name.toLowerCase()) : !unwanted?.has(name.toLowerCase())));
  return Object.fromEntries(kept);
}

function attributeNames(list: string | null): ReadonlySet<string> | undefined {
  if (list === null || list.trim() === '') return undefined;
  if (list.length > 1_000) throw invalidParameter('The list of attributes is too long.');
  return new Set(list.split(',').map((name) => (name.trim().split('.')[0] ?? '').toLowerCase()));
}

const values = (list: readonly string[]): { value: string }[] => list.map((one) => ({ value: one }));
