import { ApiError, unauthenticated } from '../../http/errors.ts';
import type { Workspace } from '../../workspace.ts';
import { basicCredentials } from './basic-credentials.ts';
import type { Principal } from '../principals.ts';

/**
 * Who sends this Authorization header: a bearer token, or the older Basic form whose user is called `token`.
 * @throws 401 without a token that is valid now, 403 for somebody who was deactivated
 * (docs/facts/databricks-workspace.md section 9).
 */
export function authenticate(workspace: Workspace, authorization: string | undefined): Principal {
  const value = tokenIn(authorization);
  if (value === undefined) throw unauthenticated('Credential was not sent or was of an unsupported type for this API.');
  const at = workspace.advance();
  const token = workspace.tokens.byValue(value);
  if (!token) throw unauthenticated('Invalid access token.');
  if (token.expiresAt <= at) throw unauthenticated('Access token has expired. Create a new one and try again.');
  if (!token.owner.active)
    throw new ApiError({
      status: 403,
      errorCode: 'PERMISSION_DENIED',
      message: `User ${token.owner.userName} is not active in this workspace.`,
    });
  return token.owner;
}

function tokenIn(authorization: string | undefined): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const [user, password] = basicCredentials(authorization) ?? [];
  return user === 'token' ? password : undefined;
}
