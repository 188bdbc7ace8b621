import { expect, test } from 'vitest';
import { ANN, BEN, MINUTE, openSandbox } from '../harness.ts';
import { APPS, createApp, LONG, refusal } from './app-requests.ts';

test('a workspace has a hundred apps at most, those of strangers included', async () => {
  const { as, sandbox } = await openSandbox({ strangersApps: 99 });
  await createApp(as(ANN), 'ann-dash');
  expect(refusal(await as(BEN)('POST', APPS, { name: 'ben-dash' }))).toEqual([
    400,
    'QUOTA_EXCEEDED',
    `Failed to create app ben-dash. Workspace ${sandbox.workspaceId} has reached the maximum limit of 100 apps.`,
  ]);
  // A name that is taken is said first.
  expect((await as(BEN)('POST', APPS, { name: 'ann-dash' })).status).toBe(409);
});

test('one that is stopped or being deleted holds its place until it is gone', async () => {
  const { admin, pass } = await openSandbox({ mostApps: 1 });
  await createApp(admin, 'first');
  const isFull = async () => (await admin('POST', APPS, { name: 'second' })).status === 400;
  pass(LONG);
  await admin('POST', `${APPS}/first/stop`, {});
  pass(MINUTE);
  expect(await isFull()).toBe(true);
  await admin('DELETE', `${APPS}/first`);
  expect(await isFull()).toBe(true);
  pass(LONG);
  expect(await isFull()).toBe(false);
});

test('what the one too many is refused with is a setting, as nobody knows it', async () => {
  const { admin } = await openSandbox({ mostApps: 0, appsRefusal: { status: 429, errorCode: 'RESOURCE_EXHAUSTED' } });
  const answer = await admin('POST', APPS, { name: 'dash' });
  expect([answer.status, answer.json.error_code]).toEqual([429, 'RESOURCE_EXHAUSTED']);
  expect(answer.json.message).toContain('maximum limit of 0 apps');
});
