import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { asFailure, isForbidden, lasting } from '../../src/activities/retryable-failures.ts';
import { giveMissingRight } from '../../src/activities/missing-right.ts';
import { ConnectError, UnreachableError } from '../../src/databricks/workspace.ts';
import { answered, detailOf } from './setting.ts';

const COMMANDS = ['GRANT EVERYTHING;'];

/** The failure that an error becomes. */
function become(error: unknown, handOff?: readonly string[]): ApplicationFailure {
  const failure = asFailure(error, handOff);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  return failure as ApplicationFailure;
}

describe('what Temporal is told', () => {
  it('is to wait as long as the workspace asks', () => {
    expect(become(answered(429, 'REQUEST_LIMIT_EXCEEDED', { retryAfterMs: 7_000 }))).toMatchObject({
      type: 'REQUEST_LIMIT_EXCEEDED',
      nonRetryable: false,
      nextRetryDelay: 7_000,
    });
    expect(become(answered(503, 'TEMPORARILY_UNAVAILABLE', { retryAfterMs: 0 }))).toMatchObject({ nextRetryDelay: 0 });
    expect(become(answered(429, 'REQUEST_LIMIT_EXCEEDED')).nextRetryDelay ?? undefined).toBeUndefined();
  });

  it.each([400, 401, 403, 404, 409, 413, 501, 301, 302, 307, 308])('is not to repeat what got %i', (status) => {
    expect(become(answered(status, 'SOME_CODE'))).toMatchObject({ type: 'SOME_CODE', nonRetryable: true });
  });

  it.each([429, 500, 502, 503, 504, 408])('is to repeat what got %i', (status) => {
    expect(become(answered(status, 'SOME_CODE'))).toMatchObject({ type: 'SOME_CODE', nonRetryable: false });
  });

  it('is to repeat what lost a race or came too early, although the status says otherwise', () => {
    expect(become(answered(400, 'INVALID_STATE')).nonRetryable).toBe(false);
    expect(become(answered(409, 'ABORTED')).nonRetryable).toBe(false);
  });

  it('is to repeat what nobody answered', () => {
    const failure = become(
      new UnreachableError('GET /api/2.1/clusters/list', 'ECONNREFUSED', false, 'nobody listens', undefined),
    );
    expect(failure).toMatchObject({ type: 'UNREACHABLE', nonRetryable: false });
    expect(detailOf(failure).toDo).toContain('HTTPS_PROXY');
  });

  it("is not to repeat what the worker's own settings prevent", () => {
    const failure = become(new ConnectError('There are no credentials for the workspace.'));
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toContain('no credentials');
    expect(detailOf(failure).toDo).toContain('settings');
  });

  it('is to repeat what nobody foresaw', () => {
    expect(asFailure(new TypeError('oops'))).toBeInstanceOf(TypeError);
    expect(asFailure('a word')).toMatchObject({ message: 'a word' });
  });

  it('is left as it is when it was decided already', () => {
    const decided = lasting('INACTIVE', 'She is deactivated.', 'Activate her.');
    expect(asFailure(decided)).toBe(decided);
    const cancelled = new CancelledFailure('not wanted any more');
    expect(asFailure(cancelled)).toBe(cancelled);
  });
});

describe('what a person is told', () => {
  it("is the workspace's own words and what to do about them", () => {
    const failure = become(answered(401, 'UNAUTHENTICATED', { detail: 'token expired' }));
    expect(failure.message).toContain('token expired');
    expect(failure.message).toContain('GET /api/2.0/something');
    expect(detailOf(failure).toDo).toContain('DATABRICKS_TOKEN');
    for (const status of [400, 403, 404, 429, 503])
      expect(detailOf(become(answered(status, 'SOME_CODE'))).toDo).toMatch(/\w+ \w+/);
  });

  it('carries commands for an admin only where a right is missing', () => {
    expect(detailOf(become(answered(403, 'PERMISSION_DENIED'), COMMANDS)).handOff).toEqual(COMMANDS);
    expect(detailOf(become(answered(403, 'PERMISSION_DENIED'))).handOff).toBeUndefined();
    expect(detailOf(become(answered(404, 'NOT_FOUND'), COMMANDS)).handOff).toBeUndefined();
    expect(detailOf(lasting('FORBIDDEN', 'It may not.', 'Ask.', COMMANDS))).toEqual({
      toDo: 'Ask.',
      handOff: COMMANDS,
    });
  });

  it.each([
    ['POST /api/2.0/instance-pools/edit', /CAN_MANAGE on the instance pool/],
    ['POST /api/2.1/clusters/start', /CAN_RESTART on the cluster/],
    ['PUT /api/2.0/fs/files/Volumes/a/b/c/x', /WRITE VOLUME/],
    ['GET /api/2.0/something', /right that is missing/],
  ])('names the right that %s needs', (call, right) => {
    expect(giveMissingRight(call)).toMatch(right);
  });

  it('tells "you may not" from everything else', () => {
    expect(isForbidden(answered(403, 'PERMISSION_DENIED'))).toBe(true);
    expect(isForbidden(answered(401, 'UNAUTHENTICATED'))).toBe(false);
    expect(isForbidden(new Error('403'))).toBe(false);
  });
});
