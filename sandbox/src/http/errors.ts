/**
 * What an error answer needs to say. `errorCode` may be a number: some Databricks gateways send one
 * (docs/facts/databricks-workspace.md section 11).
 */
interface Trouble {
  readonly status: number;
  readonly errorCode: string | number;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
  /** SCIM's own kind of error, such as `uniqueness`. */
  readonly scimType?: string | undefined;
  /** Unity Catalog adds an ErrorInfo with a reason; other APIs only say RequestInfo. */
  readonly reason?: string | undefined;
}

/** An answer of 400 or more, thrown by a handler and rendered by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string | number;
  readonly retryAfterSeconds: number | undefined;
  readonly scimType: string | undefined;
  readonly reason: string | undefined;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.name = 'ApiError';
    this.status = trouble.status;
    this.errorCode = trouble.errorCode;
    this.retryAfterSeconds = trouble.retryAfterSeconds;
    this.scimType = trouble.scimType;
    this.reason = trouble.reason;
  }
}

/** 400 INVALID_PARAMETER_VALUE, the commonest refusal. */
export const invalidParameter = (message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', message });

/** 400 MALFORMED_REQUEST: the body could not be read as what the route expects. */
export const malformedRequest = (message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'MALFORMED_REQUEST', message });

/** 400 INVALID_STATE: right request, wrong moment (docs/facts/databricks.md section 3). */
export const invalidState = (message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'INVALID_STATE', message });

/** 403 PERMISSION_DENIED. */
export const permissionDenied = (message: string): ApiError =>
  new ApiError({ status: 403, errorCode: 'PERMISSION_DENIED', message });

/** 404, by default RESOURCE_DOES_NOT_EXIST; Unity Catalog and the Files API use codes of their own. */
export const notFound = (message: string, errorCode = 'RESOURCE_DOES_NOT_EXIST'): ApiError =>
  new ApiError({ status: 404, errorCode, message });

/** 404 ENDPOINT_NOT_FOUND: the path exists, but not with this method. */
export const noSuchMethod = (method: string, path: string): ApiError =>
  new ApiError({ status: 404, errorCode: 'ENDPOINT_NOT_FOUND', message: `No API found for '${method} ${path}'` });

export const NOT_IMPLEMENTED = 'NOT_IMPLEMENTED';

/**
 * 501: a route that the real workspace has and this one does not. Written into the books so that it is not
 * overlooked.
 */
export const notImplemented = (method: string, path: string): ApiError =>
  new ApiError({
    status: 501,
    errorCode: NOT_IMPLEMENTED,
    message:
      `The sandbox does not imitate '${method} ${path}'. A real workspace may have this route. All ` +
      'that was asked and is not here: bin/workshop sandbox --routes --missed',
  });

/** 401 as the gateway before the API answers it: the error_code is a number there. */
export const unauthenticated = (message: string): ApiError => new ApiError({ status: 401, errorCode: 401, message });

/** 429 with Retry-After in whole seconds, the only form Databricks sends (docs/facts/databricks.md section 1). */
export const tooManyRequests = (message: string, retryAfterSeconds: number): ApiError =>
  new ApiError({ status: 429, errorCode: 'REQUEST_LIMIT_EXCEEDED', message, retryAfterSeconds });

/**
 * The standard error body: details carry RequestInfo without metadata, which trips naive clients (docs/facts/sdk.md
 * section 1.8).
 */
export function standardErrorBody(error: ApiError, requestId: string): unknown {
  const details: unknown[] = [];
  if (error.reason !== undefined) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: error.reason,
      domain: 'unity-catalog.databricks.com',
    });
  }
  details.push({ '@type': 'type.googleapis.com/google.rpc.RequestInfo', request_id: requestId, serving_data: '' });
  if (error.retryAfterSeconds !== undefined) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retry_delay: `${error.retryAfterSeconds}s` });
  }
  return { error_code: error.errorCode, message: error.message, details };
}

/** The SCIM error body (docs/facts/databricks-workspace.md section 10): no error_code, and the status is a string. */
export function scimErrorBody(error: ApiError): unknown {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.message,
    status: String(error.status),
  };
}

/** An Error of any kind as an ApiError; what was not foreseen becomes a 500 that tells nothing about the inside. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({
    status: 500,
    errorCode: 'INTERNAL_ERROR',
    message: 'The sandbox failed to answer this request: this is a fault of the sandbox, not of the request.',
  });
}
