import { ApiError } from '../../http/errors.ts';

/** 400 with SCIM's own kind of error, such as `invalidValue` or `invalidPath`. */
export const scimRefusal = (scimType: string, message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', message, scimType });

/** 409 of something whose name is taken. */
export const taken = (message: string): ApiError =>
  new ApiError({ status: 409, errorCode: 'RESOURCE_ALREADY_EXISTS', message, scimType: 'uniqueness' });
