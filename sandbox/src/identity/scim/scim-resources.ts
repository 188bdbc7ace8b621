import type { Workspace } from '../../workspace.ts';
import type { Group, Principal } from '../principals.ts';

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0';

/** A user, group or service principal as SCIM answers it. What is empty is left out, as Databricks does. */
export type ScimResource = Readonly<Record<string, unknown>> & { readonly id: string };

/** A user; also how a service principal looks to itself in Me. */
export function userResource(workspace: Workspace, user: Principal): ScimResource {
  return {
    schemas: [`${SCHEMA}:User`],
    id: user.id,
    userName: user.userName,
    displayName: user.displayName,
    name: user.name ?? { givenName: user.displayName },
    ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
    active: user.active,
    ...(user.emails.length > 0
      ? { emails: user.emails.map((address, index) => ({ type: 'work', value: address, primary: index === 0 })) }
      : {}),
    ...lists(user),
    groups: groupsOf(workspace, user.id),
  };
}

export function servicePrincipalResource(workspace: Workspace, one: Principal): ScimResource {
  return {
    schemas: [`${SCHEMA}:ServicePrincipal`],
    id: one.id,
    applicationId: one.userName,
    displayName: one.displayName,
    ...(one.externalId === undefined ? {} : { externalId: one.externalId }),
    active: one.active,
    ...lists(one),
    groups: groupsOf(workspace, one.id),
  };
}

export function groupResource(workspace: Workspace, group: Group): ScimResource {
  const { principals } = workspace;
  const member = (id: string): unknown => {
    const nested = principals.groupById(id);
    if (nested) return { display: nested.displayName, value: id, $ref: `Groups/${id}` };
    const principal = principals.byId(id);
    return {
      display: principal?.displayName,
      value: id,
      $ref: `${principal?.kind === 'service-principal' ? 'ServicePrincipals' : 'Users'}/${id}`,
    };
  };
  const above = groupsOf(workspace, group.id);
  return {
    schemas: [`${SCHEMA}:Group`],
    id: group.id,
    displayName: group.displayName,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    meta: { resourceType: 'WorkspaceGroup' },
    ...lists(group),
    ...(above.length > 0 ? { groups: above } : {}),
    ...(group.members.size > 0 ? { members: [...group.members].map(member) } : {}),
  };
}

/** What those who are no admins see of others: enough to share with them, nothing about their rights. */
const SEEN_BY_ALL = new Set(['schemas', 'id', 'userName', 'applicationId', 'displayName', 'active', 'emails', 'meta']);

/** The resource as this caller may see it: admins and people themselves see everything. */
export function seenBy(workspace: Workspace, caller: Principal, resource: ScimResource): ScimResource {
  if (resource.id === caller.id || workspace.principals.isAdmin(caller)) return resource;
  return { ...Object.fromEntries(Object.entries(resource).filter(([name]) => SEEN_BY_ALL.has(name))), id: resource.id };
}

function groupsOf({ principals }: Workspace, id: string): unknown[] {
  const direct = new Set(principals.directGroupsOf(id));
  return principals.groupsOf({ id }).map((group) => ({
    display: group.displayName,
    type: direct.has(group) ? 'direct' : 'indirect',
    value: group.id,
    $ref: `Groups/${group.id}`,
  }));
}

const lists = ({ entitlements, roles }: Pick<Principal, 'entitlements' | 'roles'>): Record<string, unknown> => ({
  ...(entitlements.length > 0 ? { entitlements: entitlements.map((value) => ({ value })) } : {}),
  ...(roles.length > 0 ? { roles: roles.map((value) => ({ value })) } : {}),
});
