import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { newFolder, restart } from '../state/restart.ts';
import { APPS, createApp, getApp, LONG, PEOPLE } from './app-requests.ts';

test('apps go on where they were: one comes up, one is deployed, one goes, and the books know it all', async () => {
  const state = newFolder();
  const first = await openSandbox({ state, strangersApps: 1, mostApps: 5 });
  const { admin, pass, sandbox } = first;
  const folder = `/Users/${sandbox.adminUserName}/code`;
  await admin('POST', '/api/2.0/workspace/mkdirs', { path: folder });
  await createApp(admin, 'deploys');
  await createApp(admin, 'goes');
  pass(LONG);
  await createApp(first.as(ANN), 'starts');
  await admin('POST', `${APPS}/deploys/deployments`, { source_code_path: folder });
  await admin('DELETE', `${APPS}/goes`);
  const before = { list: (await admin('GET', APPS)).json, books: sandbox.books().apps };
  expect(before.books.map(({ state: one }) => one)).toEqual(['ACTIVE', 'ACTIVE', 'DELETING', 'STARTING']);

  const again = await restart(first, state);
  expect((await again.admin('GET', APPS)).json).toEqual(before.list);
  expect(again.sandbox.books().apps).toEqual(before.books);
  again.pass(LONG);
  expect(await getApp(again.admin, 'starts')).toMatchObject({ compute_status: { state: 'ACTIVE' } });
  expect(await getApp(again.admin, 'deploys')).toMatchObject({ active_deployment: { source_code_path: folder } });
  expect((await again.admin('GET', `${APPS}/goes`)).status).toBe(404);
  expect((await again.admin('GET', PEOPLE)).json.Resources).toHaveLength(3);
  expect((await again.as(ANN)('PATCH', `${APPS}/starts`, { description: 'still mine' })).status).toBe(200);
  // The settings are kept too: the strangers' app counts, and what was made after it.
  await createApp(again.admin, 'fourth');
  await createApp(again.admin, 'fifth');
  expect((await again.admin('POST', APPS, { name: 'sixth' })).status).toBe(400);
});
