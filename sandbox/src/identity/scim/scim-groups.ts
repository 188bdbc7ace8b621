import { z } from 'zod';
import { notFound, permissionDenied } from '../../http/errors.ts';
import { readBody, readRequiredBody, text } from '../../http/request-body.ts';
import { ok } from '../../http/router.ts';
import type { Call, Route } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';
import type { Group } from '../principals.ts';
import { changeGroup, dissolve, patchedGroup } from './group-changes.ts';
import { requireAdmin } from '../require-admin.ts';
import { scim } from './scim-route.ts';
import { scimList, selectAttributes } from './scim-listing.ts';
import { readScimPatch } from './scim-patch.ts';
import { taken } from './scim-refusals.ts';
import { groupResource, seenBy } from './scim-resources.ts';
import type { ScimResource } from './scim-resources.ts';
import { entitlementList, plainValues, valueList } from './scim-values.ts';

const groupBody = z.object({
  displayName: text.min(1).max(255),
  externalId: text.optional(),
  members: valueList,
  entitlements: entitlementList,
  roles: valueList,
});
const replacingBody = groupBody.partial();

/** The groups of the workspace. Groups may be members of groups. */
export function groupRoutes(workspace: Workspace): Route[] {
  const { principals } = workspace;

  const found = (call: Call): Group => {
    const group = principals.groupById(call.params['id'] ?? '');
    if (!group) throw notFound(`Group with id ${call.params['id']} not found.`);
    return group;
  };
  const view = (call: Call, group: Group): ScimResource =>
    seenBy(workspace, call.caller, groupResource(workspace, group));

  return [
    scim('GET', 'Groups', 'Lists groups, filtered, sorted and in pages', (call) =>
      scimList(
        call,
        [...principals.groups()].map((group) => view(call, group)),
      ),
    ),
    scim('GET', 'Groups/:id', 'Tells about a group', (call) => ok(selectAttributes(call, view(call, found(call))))),
    scim('POST', 'Groups', 'Adds a group', (call) => {
      const body = readBody(groupBody, call.json);
      requireAdmin(workspace, call, 'add groups to the workspace');
      if (principals.group(body.displayName)) throw taken(`Group with name ${body.displayName} already exists.`);
      const made = principals.addGroup(body.displayName);
      try {
        changeGroup(workspace, made, {
          displayName: made.displayName,
          externalId: body.externalId,
          members: plainValues(body.members),
          entitlements: plainValues(body.entitlements),
          roles: plainValues(body.roles),
        });
      } catch (error) {
        principals.removeGroup(made);
        throw error;
      }
      return { status: 201, json: groupResource(workspace, made) };
    }),
    scim('PUT', 'Groups/:id', 'Replaces a group with its members', (call) => {
      requireAdmin(workspace, call, 'change groups');
      const group = found(call);
      const body = readRequiredBody(replacingBody, call.json);
      changeGroup(workspace, group, {
        displayName: body.displayName ?? group.displayName,
        externalId: body.externalId,
        members: plainValues(body.members),
        entitlements: plainValues(body.entitlements),
        roles: plainValues(body.roles),
      });
      return ok(groupResource(workspace, group));
    }),
    scim('PATCH', 'Groups/:id', 'Changes a group: adds and removes members, renames', (call) => {
      requireAdmin(workspace, call, 'change groups');
      const group = found(call);
      changeGroup(workspace, group, patchedGroup(group, readScimPatch(call.json)));
      return { status: 204 };
    }),
    scim('DELETE', 'Groups/:id', 'Removes a group with its grants', (call) => {
      requireAdmin(workspace, call, 'remove groups from the workspace');
      const group = found(call);
      if (principals.isSystemGroup(group))
        throw permissionDenied(`The group ${group.displayName} cannot be removed: every workspace has it.`);
      dissolve(workspace, group);
      return { status: 204 };
    }),
  ];
}
