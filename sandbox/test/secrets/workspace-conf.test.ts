import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';

const CONF = '/api/2.0/workspace-conf';

test('settings are null until an admin sets them', async () => {
  const { admin, as } = await openSandbox();
  const read = async () => (await admin('GET', `${CONF}?keys=enableIpAccessLists,maxTokenLifetimeDays`)).json;
  expect(await read()).toEqual({ enableIpAccessLists: null, maxTokenLifetimeDays: null });
  expect((await admin('PATCH', CONF, { enableIpAccessLists: 'TRUE' })).status).toBe(204);
  expect(await read()).toEqual({ enableIpAccessLists: 'true', maxTokenLifetimeDays: null });
  expect((await as(ANN)('GET', `${CONF}?keys=enableIpAccessLists`)).status).toBe(403);
  expect((await as(ANN)('PATCH', CONF, { enableIpAccessLists: 'false' })).status).toBe(403);
  expect(await read()).toMatchObject({ enableIpAccessLists: 'true' });
});

test.each([
  [undefined, 'MALFORMED_REQUEST', 'empty'],
  [{ enableIpAccessLists: true }, 'MALFORMED_REQUEST', 'enableIpAccessLists'],
  [{ enableIpAccessLists: '' }, 'BAD_REQUEST', 'Some values are not allowed: {"enableIpAccessLists":""}'],
  [{ maxTokenLifetimeDays: 'long' }, 'BAD_REQUEST', 'Some values are not allowed'],
  [{ enableFlying: 'true' }, 'BAD_REQUEST', 'Invalid keys: ["enableFlying"]'],
])('the change %j is refused', async (body, code, message) => {
  const { admin } = await openSandbox();
  const answer = await admin('PATCH', CONF, body);
  expect(answer.status).toBe(400);
  expect(answer.json.error_code).toBe(code);
  expect(answer.json.message).toContain(message);
});

test('the keys must be said, and be known', async () => {
  const { admin } = await openSandbox();
  expect((await admin('GET', CONF)).status).toBe(400);
  expect((await admin('GET', `${CONF}?keys=nothing`)).json.message).toBe('Invalid keys: ["nothing"]');
});
