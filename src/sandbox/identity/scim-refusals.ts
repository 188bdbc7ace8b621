import { ApiError, permissionDenied } from '../http/errors.ts';
import type { Call } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

/** 400 with SCIM's own kind of error, such as `invalidValue` or `invalidPath`. */
export const scimRefusal = (scimType: string, message: string): ApiError => new ApiError({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', message, scimType });

/** 409 of something whose name is taken. */
export const taken = (message: string): ApiError => new ApiError({ status: 409, errorCode: 'RESOURCE_ALREADY_EXISTS', message, scimType: 'uniqueness' });

/** @throws 403 unless the caller is an admin. @param act what only they may do, such as `add users`. */
export function mustBeAdmin({ principals }: Workspace, call: Call, act: string): void {
  if (!principals.isAdmin(call.caller)) throw permissionDenied(`Only admins can ${act}.`);
}
