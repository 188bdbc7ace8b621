import { permissionDenied } from '../../http/errors.ts';
import type { Workspace } from '../../workspace.ts';
import type { Principal } from '../principals.ts';
import { takeOut } from '../take-out.ts';
import { changedFlag, changedList, changedText, unknownAttribute } from './scim-patch.ts';
import type { ScimChange } from './scim-patch.ts';
import { entitlementValues } from './scim-values.ts';

/** What SCIM can change about a user or service principal. */
export type Changeable = Pick<Principal, 'displayName' | 'name' | 'externalId' | 'active' | 'entitlements' | 'roles'>;

/**
 * Accepted and left as they are, as Databricks does with a login and its addresses
 * (docs/facts/databricks-workspace.md section 10).
 */
const IGNORED = new Set(['schemas', 'id', 'username', 'emails', 'applicationid', 'groups']);

/**
 * How somebody would be after these changes.
 * @throws 400 for attributes that do not exist and values that do not fit.
 */
export function patched(before: Principal, changes: readonly ScimChange[]): Changeable {
  const draft: Changeable = {
    displayName: before.displayName,
    name: before.name,
    externalId: before.externalId,
    active: before.active,
    entitlements: before.entitlements,
    roles: before.roles,
  };
  for (const change of changes) applyTo(draft, before, change);
  return draft;
}

function applyTo(draft: Changeable, before: Principal, change: ScimChange): void {
  switch (change.attribute) {
    case 'displayname':
      draft.displayName = changedText(change) ?? before.userName;
      return;
    case 'externalid':
      draft.externalId = changedText(change);
      return;
    case 'active':
      draft.active = changedFlag(change);
      return;
    case 'entitlements':
      draft.entitlements = entitlementValues(changedList(draft.entitlements, change));
      return;
    case 'roles':
      draft.roles = changedList(draft.roles, change);
      return;
    case 'name':
      draft.name = patchedName(draft.name, change);
      return;
    default:
      if (!IGNORED.has(change.attribute)) throw unknownAttribute(change);
  }
}

function patchedName(before: Principal['name'], change: ScimChange): Principal['name'] {
  if (change.op === 'remove' && change.subAttribute === undefined) return undefined;
  if (change.subAttribute === 'givenname') return { ...before, givenName: changedText(change) };
  if (change.subAttribute === 'familyname') return { ...before, familyName: changedText(change) };
  const parts = change.values.flatMap((value) =>
    value !== null && typeof value === 'object' ? Object.entries(value) : [],
  );
  const part = (name: string, old: string | undefined): string | undefined => {
    const given: unknown = parts.find(([key]) => key.toLowerCase() === name)?.[1];
    return typeof given === 'string' ? given : old;
  };
  return { givenName: part('givenname', before?.givenName), familyName: part('familyname', before?.familyName) };
}

/** Makes it so. @throws 403 when no admin would be left who can sign in. */
export function change(workspace: Workspace, principal: Principal, after: Changeable): void {
  if (!after.active) mustNotBeLastAdmin(workspace, principal, 'deactivated');
  Object.assign(principal, after);
}

/**
 * Takes somebody out of the workspace: their tokens, secrets and grants go with them.
 * @throws 403 for the last admin.
 */
export function dismiss(workspace: Workspace, principal: Principal): void {
  mustNotBeLastAdmin(workspace, principal, 'removed');
  takeOut(workspace, principal);
}

function mustNotBeLastAdmin({ principals }: Workspace, leaving: Principal, act: string): void {
  if (!principals.isAdmin(leaving)) return;
  const hasOther = [...principals.all()].some((one) => one !== leaving && one.active && principals.isAdmin(one));
  if (!hasOther) throw permissionDenied(`${leaving.userName} cannot be ${act}: the workspace would have no admin.`);
}
