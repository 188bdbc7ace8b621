import { expect, test } from 'vitest';
import { ANN, MINUTE, openSandbox } from '../harness.ts';
import { APPS, createApp, LONG } from './app-requests.ts';

test('the books tell which apps there ever were, by whom, in which states, and for how long they ran', async () => {
  const { admin, as, pass, now, sandbox } = await openSandbox({ strangersApps: 1 });
  const began = now();
  await createApp(as(ANN), 'dash');
  const entries = () => sandbox.books().apps;
  const ofAnn = () => entries().find(({ creator }) => creator === ANN);
  expect(ofAnn()).toMatchObject({ name: 'dash', createdAt: began, state: 'STARTING', running: true, computeMs: 0 });
  pass(LONG);
  const upAt = ofAnn()?.history.find(({ state }) => state === 'ACTIVE')?.at ?? 0;
  expect(ofAnn()).toMatchObject({ state: 'ACTIVE', appState: 'RUNNING', alive: true, computeMs: now() - upAt });
  await admin('POST', `${APPS}/dash/stop`, {});
  expect(ofAnn()).toMatchObject({ state: 'STOPPING', running: true });
  pass(MINUTE);
  const stoppedAt = ofAnn()?.history.find(({ state }) => state === 'STOPPED')?.at ?? 0;
  const ran = stoppedAt - upAt;
  expect(ofAnn()).toMatchObject({ state: 'STOPPED', running: false, alive: true, computeMs: ran });
  await admin('DELETE', `${APPS}/dash`);
  const deletedBy = sandbox.adminUserName;
  expect(ofAnn()).toMatchObject({ state: 'DELETING', running: false, alive: true, deletedBy, goneAt: undefined });
  pass(LONG);
  expect(ofAnn()).toMatchObject({ running: false, alive: false, goneAt: expect.any(Number), computeMs: ran });
  expect(ofAnn()?.history.map(({ state }) => state)).toEqual(['STARTING', 'ACTIVE', 'STOPPING', 'STOPPED', 'DELETING']);
  // The stranger's has run all the time.
  expect(entries().filter(({ running }) => running)).toMatchObject([
    { name: 'strangers-app-1', creator: 'stranger@example.com', computeMs: now() - began },
  ]);
});

test('an app that is deleted while it runs runs no longer', async () => {
  const { admin, pass, sandbox } = await openSandbox();
  await createApp(admin, 'dash');
  pass(LONG);
  await admin('DELETE', `${APPS}/dash`);
  const [before] = sandbox.books().apps;
  expect(before?.running).toBe(false);
  pass(LONG);
  expect(sandbox.books().apps).toMatchObject([{ computeMs: before?.computeMs, alive: false }]);
});
