import { describe, expect, it } from 'vitest';
import { errorFromAnswer, readRetryAfter } from '../../../src/databricks/transport/error-answers.ts';
import { meansAlreadyExists, meansClusterIsGone, meansNotFound } from '../../../src/databricks/workspace.ts';

const CALL = 'POST /api/2.1/clusters/create';
const from = (status: number, body: unknown, headers: Record<string, string> = {}, secrets: string[] = []) =>
  errorFromAnswer(
    CALL,
    status,
    (name) => headers[name],
    typeof body === 'string' ? body : JSON.stringify(body),
    secrets,
  );

describe('an error answer', () => {
  it('is read from the standard body, details without metadata included', () => {
    const error = from(400, {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: 'Cluster 1 does not exist',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RequestInfo', request_id: 'r-1', serving_data: '' }],
    });
    expect(error).toMatchObject({
      status: 400,
      errorCode: 'INVALID_PARAMETER_VALUE',
      detail: 'Cluster 1 does not exist',
      requestId: 'r-1',
      call: CALL,
    });
    expect(error.message).toBe(
      'POST /api/2.1/clusters/create: HTTP 400 INVALID_PARAMETER_VALUE: Cluster 1 does not exist. [request r-1]',
    );
    expect(meansClusterIsGone(error)).toBe(true);
  });

  it.each([
    [
      'SCIM',
      404,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail: 'no such user', status: '404' },
      'SCIM_404',
      'no such user',
    ],
    [
      'SCIM with a type',
      409,
      { schemas: ['x'], detail: 'taken', status: '409', scimType: 'uniqueness' },
      'SCIM_uniqueness',
      'taken',
    ],
    ['API 1.2', 400, { error: 'ContextNotFound' }, 'ContextNotFound', 'ContextNotFound'],
    ['API 1.2 with a sentence', 500, { error: 'it broke down' }, 'HTTP_500', 'it broke down'],
    [
      'OAuth',
      401,
      { error: 'invalid_client', error_description: 'unknown client' },
      'invalid_client',
      'unknown client',
    ],
    [
      'Anthropic',
      429,
      { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
      'rate_limit_error',
      'slow down',
    ],
    ['a numeric code', 500, { error_code: 500, message: 'oh' }, 'HTTP_500', 'oh'],
    [
      'an empty message',
      503,
      { error_code: 'TEMPORARILY_UNAVAILABLE', message: '' },
      'TEMPORARILY_UNAVAILABLE',
      'the answer carried no explanation',
    ],
    ['a plain string', 400, 'MALFORMED_REQUEST: no such field', 'MALFORMED_REQUEST', 'no such field'],
    ['a JSON string', 400, '"MALFORMED_REQUEST: no such field"', 'MALFORMED_REQUEST', 'no such field'],
    ['an array', 400, [1], 'HTTP_400', '[1]'],
    ['null', 502, 'null', 'HTTP_502', 'null'],
    [
      'HTML',
      500,
      '<html><head><title>Oops</title></head><body><pre> java.lang.\nError </pre></body></html>',
      'HTTP_500',
      'java.lang. Error',
    ],
    ['nothing', 502, '', 'HTTP_502', 'the answer carried no explanation'],
  ])('is read from %s', (_kind, status, body, errorCode, detail) => {
    expect(from(status, body)).toMatchObject({ status, errorCode, detail });
  });

  it('tells how long to wait, by header or by RetryInfo', () => {
    expect(from(429, {}, { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(
      from(429, { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retry_delay: '1.5s' }] })
        .retryAfterMs,
    ).toBe(1_500);
    expect(from(429, {}).retryAfterMs).toBeUndefined();
    const now = Date.parse('2027-03-16T09:00:00Z');
    expect(readRetryAfter('Tue, 16 Mar 2027 09:00:05 GMT', now)).toBe(5_000);
    expect(readRetryAfter('Tue, 16 Mar 2027 08:00:00 GMT', now)).toBe(0);
    expect(readRetryAfter('soon', now)).toBeUndefined();
  });

  it('names a redirect without its query, and private link for what it is', () => {
    const login = from(302, '', { location: 'https://login.example.com/sign?token=geheim' });
    expect(login).toMatchObject({ status: 302, errorCode: 'REDIRECTED' });
    expect(login.message).toContain('https://login.example.com/sign');
    expect(login.message).not.toContain('geheim');
    expect(from(302, '', { location: '/login.html?error=private-link-validation-error:1' }).errorCode).toBe(
      'PRIVATE_LINK_REQUIRED',
    );
  });

  it('holds no secret, known or recognisable', () => {
    const text = from(
      400,
      { message: 'bad my-secret, Bearer abcdefghijkl, dapi0123456789abcdef0123, {"access_token":"xyz"}' },
      {},
      ['my-secret'],
    ).message;
    for (const secret of ['my-secret', 'abcdefghijkl', '0123456789', 'xyz']) expect(text).not.toContain(secret);
  });

  it('is sorted by status and code together', () => {
    expect(meansNotFound(from(404, { error_code: 'CATALOG_DOES_NOT_EXIST' }))).toBe(true);
    expect(meansNotFound(from(400, { error_code: 'RESOURCE_DOES_NOT_EXIST' }))).toBe(true);
    expect(meansNotFound(from(403, { error_code: 'PERMISSION_DENIED' }))).toBe(false);
    expect(meansAlreadyExists(from(400, { error_code: 'RESOURCE_ALREADY_EXISTS' }))).toBe(true);
    expect(meansAlreadyExists(from(409, { error_code: 'ABORTED' }))).toBe(false);
    expect(
      meansClusterIsGone(
        from(400, {
          error_code: 'INVALID_STATE',
          message: 'Cannot access cluster 1 that was terminated or unpinned more than 30 days ago.',
        }),
      ),
    ).toBe(true);
    expect(
      meansClusterIsGone(
        from(400, { error_code: 'INVALID_PARAMETER_VALUE', message: 'instance pool p does not exist' }),
      ),
    ).toBe(false);
    expect(meansClusterIsGone(from(404, { error_code: 'ENDPOINT_NOT_FOUND' }))).toBe(false);
  });
});
