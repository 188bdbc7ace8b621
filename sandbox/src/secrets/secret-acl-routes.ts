import { z } from 'zod';
import { notFound } from '../http/errors.ts';
import { queryText, readBody } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { SECRET_PERMISSIONS } from './secret-scopes.ts';
import type { SecretScope } from './secret-scopes.ts';

const putBody = z.object({ scope: z.string(), principal: z.string().min(1), permission: z.enum(SECRET_PERMISSIONS) });
const deleteBody = z.object({ scope: z.string(), principal: z.string() });

const ACLS = '/api/2.0/secrets/acls';
const SOURCE = 'facts/ssh-and-claude.md, wire calls';

/** Who may do what with a secret scope. Only who may manage it sees and changes that. */
export function secretAclRoutes(workspace: Workspace): Route[] {
  const { secretScopes } = workspace;

  return [
    {
      does: 'Lets somebody, or a group, read, write or manage a secret scope',
      source: SOURCE,
      method: 'POST',
      path: `${ACLS}/put`,
      handle(call) {
        const { scope, principal, permission } = readBody(putBody, call.json);
        secretScopes.allow(secretScopes.require(call.caller, scope, 'MANAGE'), principal, permission);
        return ok({});
      },
    },
    {
      does: 'Tells what somebody, or a group, may do with a secret scope',
      source: SOURCE,
      method: 'GET',
      path: `${ACLS}/get`,
      handle(call) {
        const scope = secretScopes.require(call.caller, queryText(call.query, 'scope'), 'MANAGE');
        return ok(aclOf(scope, queryText(call.query, 'principal')));
      },
    },
    {
      does: 'Lists who may do what with a secret scope',
      source: SOURCE,
      method: 'GET',
      path: `${ACLS}/list`,
      handle(call) {
        const { acls } = secretScopes.require(call.caller, queryText(call.query, 'scope'), 'MANAGE');
        return ok(acls.size === 0 ? {} : { items: [...acls.values()] });
      },
    },
    {
      does: 'Takes away what somebody, or a group, may do with a secret scope',
      source: SOURCE,
      method: 'POST',
      path: `${ACLS}/delete`,
      handle(call) {
        const { scope: name, principal } = readBody(deleteBody, call.json);
        const scope = secretScopes.require(call.caller, name, 'MANAGE');
        scope.acls.delete(aclOf(scope, principal).principal.toLowerCase());
        return ok({});
      },
    },
  ];
}

/** @throws 404. */
function aclOf(scope: SecretScope, principal: string): { readonly principal: string; readonly permission: string } {
  const found = scope.acls.get(principal.toLowerCase());
  if (!found) throw notFound(`No permission of ${principal.slice(0, 300)} on scope ${scope.name} exists!`);
  return found;
}
