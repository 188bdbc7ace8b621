import { expect, it } from 'vitest';
import { patiently } from '../../../src/cli/input/patiently.ts';
import { DatabricksError, UnreachableError } from '../../../src/databricks/workspace.ts';

const answered = (status: number) =>
  new DatabricksError({ call: 'GET /x', status, errorCode: 'X', detail: 'a moment' });
const silent = (code: string) => new UnreachableError('GET /x', code, true, 'why', undefined);
const PAUSES = [1, 1, 1];

/** Throws these one after the other, then answers. */
function reading(...troubles: readonly Error[]) {
  const left = [...troubles];
  const calls = { made: 0 };
  return {
    calls,
    read: async () => {
      calls.made += 1;
      const trouble = left.shift();
      if (trouble) throw trouble;
      return 'read';
    },
  };
}

it.each([
  ['429', answered(429)],
  ['503', answered(503)],
  ['a reset', silent('ECONNRESET')],
])('%s is a moment that passes', async (_name, trouble) => {
  const { read, calls } = reading(trouble, trouble);
  expect(await patiently(read, PAUSES)).toBe('read');
  expect(calls.made).toBe(3);
});

it.each([
  ['refused credentials', answered(401)],
  ['a missing right', answered(403)],
  ['nobody there', silent('ECONNREFUSED')],
  ['an unknown name', silent('ENOTFOUND')],
  ['an untrusted certificate', silent('SELF_SIGNED_CERT_IN_CHAIN')],
  ['a mistake of ours', new TypeError('x is undefined')],
])('%s does not pass by waiting', async (_name, trouble) => {
  const { read, calls } = reading(trouble);
  await expect(patiently(read, PAUSES)).rejects.toBe(trouble);
  expect(calls.made).toBe(1);
});

it('ends with what the last try said', async () => {
  const last = answered(502);
  const { read } = reading(answered(503), answered(503), answered(503), last);
  await expect(patiently(read, PAUSES)).rejects.toBe(last);
});
