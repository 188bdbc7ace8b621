import { z } from 'zod';
import { notFound } from '../http/errors.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { requireAdmin } from './require-admin.ts';
import { comment, expiryOf, lifetime, mayUseTokens, tokenInfo } from './token-routes.ts';
import type { AccessToken } from './tokens.ts';

const SDK = 'Python SDK, TokenManagementAPI';

const ROOT = '/api/2.0/token-management';
const onBehalfBody = z.object({ application_id: text.min(1), comment, lifetime_seconds: lifetime });

/** What admins do with everybody's personal access tokens. */
export function tokenManagementRoutes(workspace: Workspace): Route[] {
  const { principals, tokens } = workspace;

  const mustBeAdmin = (call: Call): void => requireAdmin(workspace, call, 'manage the tokens of others');
  const found = (call: Call): AccessToken => {
    mustBeAdmin(call);
    const token = tokens.personal().find(({ id }) => id === call.params['id']);
    if (!token) throw notFound(`Token with ID ${call.params['id']} does not exist.`);
    return token;
  };
  const managedInfo = (token: AccessToken): unknown => ({
    ...tokenInfo(token),
    owner_id: Number(token.owner.id),
    created_by_id: Number(token.createdBy.id),
    created_by_username: token.createdBy.userName,
    workspace_id: Number(workspace.id),
  });

  return [
    {
      method: 'GET',
      path: `${ROOT}/tokens`,
      does: 'Lists the tokens of everybody, for admins',
      source: SDK,
      handle(call) {
        mustBeAdmin(call);
        const byId = call.query.get('created_by_id');
        const byName = call.query.get('created_by_username')?.toLowerCase();
        const matching = tokens
          .personal()
          .filter(
            ({ createdBy }) =>
              (!byId || createdBy.id === byId) && (!byName || createdBy.userName.toLowerCase() === byName),
          );
        return ok(matching.length > 0 ? { token_infos: matching.map(managedInfo) } : {});
      },
    },
    {
      method: 'GET',
      path: `${ROOT}/tokens/:id`,
      does: "Tells about anybody's token, for admins",
      source: SDK,
      handle: (call) => ok({ token_info: managedInfo(found(call)) }),
    },
    {
      method: 'DELETE',
      path: `${ROOT}/tokens/:id`,
      does: "Revokes anybody's token, for admins",
      source: SDK,
      handle(call) {
        tokens.revoke(found(call));
        return ok({});
      },
    },
    {
      method: 'POST',
      path: `${ROOT}/on-behalf-of/tokens`,
      does: 'Makes a token for a service principal, for admins',
      source: SDK,
      handle(call) {
        const body = readRequiredBody(onBehalfBody, call.json);
        mustBeAdmin(call);
        const owner = principals.find(body.application_id);
        if (owner?.kind !== 'service-principal')
          throw notFound(`Service principal with application ID ${body.application_id} does not exist.`);
        mayUseTokens(workspace, { caller: owner });
        const { value, token } = tokens.mint(owner, call.at, {
          createdBy: call.caller,
          comment: body.comment,
          expiresAt: expiryOf(workspace, call, body.lifetime_seconds),
        });
        return ok({ token_value: value, token_info: managedInfo(token) });
      },
    },
  ];
}
