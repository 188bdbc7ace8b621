import { z } from 'zod';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import type { AccessToken } from './tokens.ts';

const SDK = 'Python SDK, TokensAPI';

const SECONDS_A_DAY = 86_400;
/** No token of a person may be wanted for longer than this; the real limit is not published. */
const LONGEST_SECONDS = 100 * 366 * SECONDS_A_DAY;
/** How many personal access tokens one identity may have at a time. */
const MOST_TOKENS = 600;

const comment = text.max(1_000).optional();

const createBody = z.object({ comment, lifetime_seconds: z.number().int().min(1).max(LONGEST_SECONDS).optional() });
const deleteBody = z.object({ token_id: text.min(1) });
const updateBody = z.object({ token: z.object({ comment }), update_mask: text });

/** Personal access tokens, as their owners handle them. */
export function tokenRoutes(workspace: Workspace): Route[] {
  const { tokens } = workspace;

  const own = (call: Call, id: string): AccessToken => {
    const found = tokens.personal().find((token) => token.id === id && token.owner === call.caller);
    if (!found) throw notFound(`Token with ID ${id} does not exist.`);
    return found;
  };

  return [
    {
      method: 'POST',
      path: '/api/2.0/token/create',
      does: 'Makes a personal access token for the caller',
      source: 'docs/facts/ssh-and-claude.md section 4',
      handle(call) {
        const body = readRequiredBody(createBody, call.json);
        mayUseTokens(workspace, call);
        const { value, token } = tokens.mint(call.caller, call.at, {
          comment: body.comment,
          expiresAt: expiryOf(call.at, body.lifetime_seconds),
        });
        return ok({ token_value: value, token_info: tokenInfo(token) });
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/token/list',
      does: "Lists the caller's personal access tokens",
      source: SDK,
      handle(call) {
        const own = tokens.personal().filter((token) => token.owner === call.caller);
        return ok(own.length > 0 ? { token_infos: own.map(tokenInfo) } : {});
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/token/delete',
      does: "Revokes a token of the caller's",
      source: SDK,
      handle(call) {
        tokens.revoke(own(call, readRequiredBody(deleteBody, call.json).token_id));
        return ok({});
      },
    },
    {
      method: 'PATCH',
      path: '/api/2.0/token/:id',
      does: "Changes the comment of a token of the caller's",
      source: SDK,
      handle(call) {
        const body = readRequiredBody(updateBody, call.json);
        const token = own(call, call.params['id'] ?? '');
        if (body.update_mask !== 'comment')
          throw invalidParameter(
            `The update mask of a token may hold comment only, not ${body.update_mask.slice(0, 100)}.`,
          );
        token.comment = body.token.comment ?? '';
        return ok({});
      },
    },
  ];
}

/** @throws 403 for those who may not use tokens, 400 for those who have too many. */
function mayUseTokens({ permissions, tokens }: Workspace, { caller }: Call): void {
  if (!permissions.allows(caller, 'authorization', 'tokens', 'CAN_USE'))
    throw permissionDenied(`${caller.userName} does not have permission to use tokens.`);
  if (tokens.personal().filter((token) => token.owner === caller).length >= MOST_TOKENS) {
    throw new ApiError({
      status: 400,
      errorCode: 'QUOTA_EXCEEDED',
      message: `${caller.userName} has ${MOST_TOKENS} tokens, the most that one identity may have. Revoke one first.`,
    });
  }
}

/** When a token made at `at` expires, in the sandbox's epoch milliseconds. */
const expiryOf = (at: number, lifetimeSeconds: number | undefined): number =>
  lifetimeSeconds === undefined ? Number.POSITIVE_INFINITY : at + lifetimeSeconds * 1_000;

/** What is told about a token. -1 stands for never. */
const tokenInfo = (token: AccessToken): Record<string, unknown> => ({
  token_id: token.id,
  creation_time: token.createdAt,
  expiry_time: Number.isFinite(token.expiresAt) ? token.expiresAt : -1,
  comment: token.comment,
});
