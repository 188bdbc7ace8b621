import { permissionDenied } from '../../http/errors.ts';
import type { Workspace } from '../../workspace.ts';
import type { Group } from '../principals.ts';
import { changedList, changedText, unknownAttribute } from './scim-patch.ts';
import type { ScimChange } from './scim-patch.ts';
import { scimRefusal, taken } from './scim-refusals.ts';
import { entitlementValues } from './scim-values.ts';

/** What SCIM can change about a group. */
interface ChangeableGroup {
  displayName: string;
  externalId: string | undefined;
  /** Ids. */
  members: readonly string[];
  entitlements: readonly string[];
  roles: readonly string[];
}

const IGNORED = new Set(['schemas', 'id', 'groups', 'meta']);

/**
 * How a group would be after these changes.
 * @throws 400 for attributes that do not exist and values that do not fit.
 */
export function patchedGroup(group: Group, changes: readonly ScimChange[]): ChangeableGroup {
  const draft: ChangeableGroup = {
    displayName: group.displayName,
    externalId: group.externalId,
    members: [...group.members],
    entitlements: group.entitlements,
    roles: group.roles,
  };
  for (const change of changes) {
    switch (change.attribute) {
      case 'displayname':
        draft.displayName = changedText(change) ?? '';
        break;
      case 'externalid':
        draft.externalId = changedText(change);
        break;
      case 'members':
        draft.members = changedList(draft.members, change);
        break;
      case 'entitlements':
        draft.entitlements = changedList(draft.entitlements, change);
        break;
      case 'roles':
        draft.roles = changedList(draft.roles, change);
        break;
      default:
        if (!IGNORED.has(change.attribute)) throw unknownAttribute(change);
    }
  }
  return draft;
}

/**
 * Makes it so, or nothing of it.
 * @throws 400 for members that do not exist or go in a circle, 403 for what would take the workspace its admins or
 * its users, 409 for a name that is taken.
 */
export function changeGroup(workspace: Workspace, group: Group, after: ChangeableGroup): void {
  const { principals } = workspace;
  const entitlements = entitlementValues(after.entitlements);
  const isRenamed = after.displayName !== group.displayName;
  if (isRenamed) mustBeFree(workspace, group, after.displayName);
  setMembers(workspace, group, after.members);
  if (isRenamed) {
    workspace.securables.renameGrantee(group.displayName, after.displayName);
    principals.renameGroup(group, after.displayName);
  }
  Object.assign(group, { externalId: after.externalId, entitlements, roles: after.roles });
}

/**
 * Removes a group: what was granted to it goes with it.
 * @throws 403 when the workspace would be left without an admin.
 */
export function dissolve(workspace: Workspace, group: Group): void {
  setMembers(workspace, group, []);
  workspace.principals.removeGroup(group);
  workspace.permissions.forgetHolder(group.id);
  workspace.securables.forgetGrantee(group.displayName);
  workspace.secretScopes.forgetPrincipal(group.displayName);
}

function mustBeFree({ principals }: Workspace, group: Group, displayName: string): void {
  if (principals.isSystemGroup(group))
    throw permissionDenied(`The group ${group.displayName} cannot be renamed: every workspace has it.`);
  if (displayName === '' || displayName.length > 255)
    throw scimRefusal('invalidValue', 'The displayName of a group has 1 to 255 characters.');
  const other = principals.group(displayName);
  if (other && other !== group) throw taken(`Group with name ${displayName} already exists.`);
}

function setMembers(workspace: Workspace, group: Group, ids: readonly string[]): void {
  const { principals } = workspace;
  const wanted = new Set(ids);
  const above = new Set(principals.groupsOf({ id: group.id }).map(({ id }) => id));
  for (const id of wanted) {
    if (!principals.byId(id) && !principals.groupById(id))
      throw scimRefusal(
        'invalidValue',
        `There is no user, group or service principal with id ${id.slice(0, 100)} in the workspace.`,
      );
    if (id === group.id || above.has(id))
      throw scimRefusal(
        'invalidValue',
        `The group ${group.displayName} cannot be a member of itself, not by way of other groups either.`,
      );
  }
  const before = [...group.members];
  if (group === principals.group('users') && before.some((id) => !wanted.has(id))) {
    throw permissionDenied('Members cannot be removed from the group users: everybody in the workspace is in it.');
  }
  principals.setMembers(group, wanted);
  if ([...principals.all()].some((one) => one.active && principals.isAdmin(one))) return;
  principals.setMembers(group, before);
  throw permissionDenied(`The members of ${group.displayName} cannot be removed: the workspace would have no admin.`);
}
