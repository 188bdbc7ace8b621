import { ApiError, unauthenticated } from '../../http/errors.ts';
import type { Workspace } from '../../workspace.ts';
import { basicCredentials } from './basic-credentials.ts';
import { requireScope } from '../scopes.ts';
import type { Principal } from '../principals.ts';

/**
 * Who sends this Authorization header: a bearer token, or the older Basic form whose user is called `token`.
 * @param path what is asked for, where the scopes of a token count
 * @throws 401 without a token that is known; for one that has expired 403, or what was chosen
 * (docs/facts/claude-on-databricks.md section 4); 403 for somebody who was deactivated
 * (docs/facts/databricks-workspace.md section 9).
 */
export function authenticate(workspace: Workspace, authorization: string | undefined, path?: string): Principal {
  const value = tokenIn(authorization);
  if (value === undefined) throw unauthenticated('Credential was not sent or was of an unsupported type for this API.');
  const at = workspace.advance();
  const token = workspace.tokens.byValue(value);
  if (!token) throw unauthenticated('Invalid access token.');
  if (token.expiresAt <= at) {
    const status = workspace.expiredTokenStatus;
    throw new ApiError({ status, errorCode: status, message: 'Invalid Token' });
  }
  if (!token.owner.active)
    throw new ApiError({
      status: 403,
      errorCode: 'PERMISSION_DENIED',
      message: `User ${token.owner.userName} is not active in this workspace.`,
    });
  if (path !== undefined) requireScope(token.scopes, path);
  return token.owner;
}

function tokenIn(authorization: string | undefined): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const [user, password] = basicCredentials(authorization) ?? [];
  return user === 'token' ? password : undefined;
}
