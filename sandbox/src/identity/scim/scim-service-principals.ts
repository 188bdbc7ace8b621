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
import { taken } from './scim-refusals.ts';
import { seenBy, servicePrincipalResource } from './scim-resources.ts';
import type { ScimResource } from './scim-resources.ts';
import { entitlementList, entitlementValues, flag, plainValues, valueList } from './scim-values.ts';

const applicationId = text.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a UUID');
const servicePrincipalBody = z.object({
  applicationId: applicationId.optional(),
  displayName: text.max(255).optional(),
  externalId: text.optional(),
  active: flag.optional(),
  entitlements: entitlementList,
  roles: valueList,
});

/** The service principals of the workspace: identities for programs. */
export function servicePrincipalRoutes(workspace: Workspace): Route[] {
  const { principals } = workspace;

  const found = (call: Call): Principal => {
    const one = principals.byId(call.params['id'] ?? '');
    if (one?.kind !== 'service-principal') throw notFound(`Service principal with id ${call.params['id']} not found.`);
    return one;
  };
  const view = (call: Call, one: Principal): ScimResource =>
    seenBy(workspace, call.caller, servicePrincipalResource(workspace, one));

  return [
    scim('GET', 'ServicePrincipals', 'Lists service principals, filtered, sorted and in pages', (call) =>
      scimList(
        call,
        [...principals.all()].filter(({ kind }) => kind === 'service-principal').map((one) => view(call, one)),
      ),
    ),
    scim('GET', 'ServicePrincipals/:id', 'Tells about a service principal', (call) =>
      ok(selectAttributes(call, view(call, found(call)))),
    ),
    scim('POST', 'ServicePrincipals', 'Adds a service principal', (call) => {
      const body = readBody(servicePrincipalBody, call.json);
      requireAdmin(workspace, call, 'add service principals to the workspace');
      const id = body.applicationId?.toLowerCase();
      if (id !== undefined && principals.find(id))
        throw taken(`Service principal with application ID ${id} already exists.`);
      const made = principals.addServicePrincipal(
        { ...body, entitlements: entitlementValues(plainValues(body.entitlements)), roles: plainValues(body.roles) },
        id,
      );
      return { status: 201, json: servicePrincipalResource(workspace, made) };
    }),
    scim(
      'PUT',
      'ServicePrincipals/:id',
      'Replaces what is known about a service principal, except its application id',
      (call) => {
        requireAdmin(workspace, call, 'change service principals');
        const one = found(call);
        const body = readRequiredBody(servicePrincipalBody, call.json);
        change(workspace, one, {
          displayName: body.displayName ?? one.displayName,
          name: one.name,
          externalId: body.externalId,
          active: body.active ?? one.active,
          entitlements: entitlementValues(plainValues(body.entitlements)),
          roles: plainValues(body.roles),
        });
        return ok(servicePrincipalResource(workspace, one));
      },
    ),
    scim('PATCH', 'ServicePrincipals/:id', 'Changes a service principal, such as active', (call) => {
      requireAdmin(workspace, call, 'change service principals');
      const one = found(call);
      change(workspace, one, patched(one, readScimPatch(call.json)));
      return { status: 204 };
    }),
    scim('DELETE', 'ServicePrincipals/:id', 'Removes a service principal with secrets, tokens and grants', (call) => {
      requireAdmin(workspace, call, 'remove service principals from the workspace');
      dismiss(workspace, found(call));
      return { status: 204 };
    }),
  ];
}
