import { z } from 'zod';
import { notFound } from '../../http/errors.ts';
import { readBody, readRequiredBody, text } from '../../http/request-body.ts';
import { ok } from '../../http/router.ts';
import type { Call, Route } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';
import { change, dismiss, patched } from './principal-changes.ts';
import type { Principal } from '../principals.ts';
import { requireAdmin } from '../require-admin.ts';
import { scim } from './scim-route.ts';
import { scimList, selectAttributes } from './scim-listing.ts';
import { readScimPatch } from './scim-patch.ts';
import { scimRefusal, taken } from './scim-refusals.ts';
import { seenBy, userResource } from './scim-resources.ts';
import type { ScimResource } from './scim-resources.ts';
import { entitlementList, entitlementValues, flag, personName, plainValues, valueList } from './scim-values.ts';

const userBody = z.object({
  userName: text.min(1).max(255),
  displayName: text.max(255).optional(),
  name: personName.optional(),
  externalId: text.optional(),
  active: flag.optional(),
  emails: valueList,
  entitlements: entitlementList,
  roles: valueList,
});
const replacingBody = userBody.partial();

/** Who one is, and the users of the workspace. */
export function userRoutes(workspace: Workspace): Route[] {
  const { principals } = workspace;

  const found = (call: Call): Principal => {
    const user = principals.byId(call.params['id'] ?? '');
    if (user?.kind !== 'user') throw notFound(`User with id ${call.params['id']} not found.`);
    return user;
  };
  const view = (call: Call, user: Principal): ScimResource =>
    seenBy(workspace, call.caller, userResource(workspace, user));

  return [
    scim('GET', 'Me', 'Tells who the caller is', (call) =>
      ok(selectAttributes(call, userResource(workspace, call.caller))),
    ),
    scim('GET', 'Users', 'Lists users, filtered, sorted and in pages', (call) =>
      scimList(
        call,
        [...principals.all()].filter(({ kind }) => kind === 'user').map((user) => view(call, user)),
      ),
    ),
    scim('GET', 'Users/:id', 'Tells about a user', (call) => ok(selectAttributes(call, view(call, found(call))))),
    scim('POST', 'Users', 'Adds a user', (call) => {
      const body = readBody(userBody, call.json);
      requireAdmin(workspace, call, 'add users to the workspace');
      if (!/^[^\s@]+@[^\s@]+$/.test(body.userName))
        throw scimRefusal('invalidValue', `userName ${body.userName} is not an email address.`);
      if (principals.find(body.userName)) throw taken(`User with username ${body.userName} already exists.`);
      const fullName = [body.name?.givenName, body.name?.familyName].filter(Boolean).join(' ');
      const made = principals.addUser({
        ...body,
        displayName: body.displayName ?? (fullName || undefined),
        emails: body.emails && plainValues(body.emails),
        entitlements: entitlementValues(plainValues(body.entitlements)),
        roles: plainValues(body.roles),
      });
      return { status: 201, json: userResource(workspace, made) };
    }),
    scim('PUT', 'Users/:id', 'Replaces what is known about a user, except login and addresses', (call) => {
      requireAdmin(workspace, call, 'change users');
      const user = found(call);
      const body = readRequiredBody(replacingBody, call.json);
      change(workspace, user, {
        displayName: body.displayName ?? user.displayName,
        name: body.name ?? user.name,
        externalId: body.externalId,
        active: body.active ?? user.active,
        entitlements: entitlementValues(plainValues(body.entitlements)),
        roles: plainValues(body.roles),
      });
      return ok(userResource(workspace, user));
    }),
    scim('PATCH', 'Users/:id', 'Changes a user, such as active', (call) => {
      requireAdmin(workspace, call, 'change users');
      const user = found(call);
      change(workspace, user, patched(user, readScimPatch(call.json)));
      return { status: 204 };
    }),
    scim('DELETE', 'Users/:id', 'Removes a user with tokens and grants', (call) => {
      requireAdmin(workspace, call, 'remove users from the workspace');
      dismiss(workspace, found(call));
      return { status: 204 };
    }),
  ];
}
