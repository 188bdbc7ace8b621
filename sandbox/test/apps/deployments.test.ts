import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';
import { APPS, createApp, getApp, LONG, refusal } from './app-requests.ts';

const CODE = `/Workspace/Users/${ANN}/code`;
const DEPLOYMENTS = `${APPS}/dash/deployments`;

/** Puts a file into Ann's folder for code. */
async function write(client: Client, name: string, bytes: string | Uint8Array = 'print(1)'): Promise<void> {
  await client('POST', '/api/2.0/workspace/mkdirs', { path: `${CODE}/lib` });
  const answer = await client('POST', `/api/2.0/workspace-files/import-file/Users/${ANN}/code/${name}`, bytes);
  expect(answer.status, answer.text).toBe(200);
}

/** Ann, an app of hers that is up, and code for it. */
async function withApp() {
  const opened = await openSandbox();
  const ann = opened.as(ANN);
  await write(ann, 'app.py');
  await createApp(ann, 'dash');
  opened.pass(LONG);
  return {
    ...opened,
    ann,
    deploy: (more: Readonly<Record<string, unknown>> = {}) =>
      ann('POST', DEPLOYMENTS, { source_code_path: CODE, ...more }),
    stateOf: async (id: string) => (await ann('GET', `${DEPLOYMENTS}/${id}`)).json.status,
  };
}

test('a deployment is in progress for 10 to 60 seconds, and then the app runs it', async () => {
  const { ann, pass, deploy } = await withApp();
  const made = (await deploy({ mode: 'SNAPSHOT', command: ['python', 'app.py'] })).json;
  expect(made).toEqual({
    deployment_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    source_code_path: CODE,
    mode: 'SNAPSHOT',
    command: ['python', 'app.py'],
    deployment_artifacts: { source_code_path: expect.stringContaining(`/src/${made.deployment_id}`) },
    status: { state: 'IN_PROGRESS', message: expect.any(String) },
    creator: ANN,
    create_time: '2027-03-16T09:20:00Z',
    update_time: '2027-03-16T09:20:00Z',
  });
  expect(await getApp(ann, 'dash')).toMatchObject({
    pending_deployment: made,
    active_deployment: { status: { state: 'SUCCEEDED' } },
    app_status: { state: 'DEPLOYING' },
  });
  pass(9_000);
  expect((await getApp(ann, 'dash')).pending_deployment).toEqual(made);
  pass(52_000);
  const app = await getApp(ann, 'dash');
  expect(app).toMatchObject({
    active_deployment: { ...made, status: { state: 'SUCCEEDED' }, update_time: expect.any(String) },
    app_status: { state: 'RUNNING' },
    default_source_code_path: CODE,
  });
  expect(app.pending_deployment).toBeUndefined();
  expect((await ann('GET', `${DEPLOYMENTS}/${made.deployment_id}`)).json).toEqual(app.active_deployment);
});

test('the values of environment variables are not given back', async () => {
  const { deploy, ann } = await withApp();
  const { deployment_id } = (await deploy({ env_vars: [{ name: 'KEY', value: 's3cret' }] })).json;
  const { text, json } = await ann('GET', `${DEPLOYMENTS}/${deployment_id}`);
  expect(json.env_vars).toEqual([{ name: 'KEY' }]);
  expect(text).not.toContain('s3cret');
});

describe('a deployment fails', () => {
  test.each([
    ['whose folder is not there', { source_code_path: `${CODE}/none` }, /^Source code path .*none does not exist\.$/],
    ['that names a file', { source_code_path: `${CODE}/app.py` }, /does not exist/],
  ])('%s', async (_, asked, message) => {
    const { deploy, stateOf, pass, ann } = await withApp();
    const { deployment_id, status } = (await deploy(asked)).json;
    expect(status.state).toBe('IN_PROGRESS');
    pass(MINUTE);
    expect(await stateOf(deployment_id)).toEqual({ state: 'FAILED', message: expect.stringMatching(message) });
    // What was in it before still runs.
    expect(await getApp(ann, 'dash')).toMatchObject({ app_status: { state: 'RUNNING' } });
  });

  test('for a file of more than 10 MB, wherever below the folder', async () => {
    const { deploy, stateOf, pass, ann } = await withApp();
    await write(ann, 'lib/wheel.whl', Buffer.alloc(10_485_760));
    const fits = (await deploy()).json.deployment_id;
    pass(MINUTE);
    expect((await stateOf(fits)).state).toBe('SUCCEEDED');
    await write(ann, 'lib/data.bin', Buffer.alloc(10_485_761));
    const fails = (await deploy()).json.deployment_id;
    pass(MINUTE);
    expect(await stateOf(fails)).toEqual({
      state: 'FAILED',
      message: 'Error downloading source code: lib/data.bin. File is larger than 10485760 bytes',
    });
    expect((await getApp(ann, 'dash')).active_deployment.deployment_id).toBe(fits);
  });

  test('for a folder that whoever asks may not read', async () => {
    const { as, pass } = await withApp();
    const ben = as(BEN);
    await createApp(ben, 'of-ben');
    pass(LONG);
    const { deployment_id } = (await ben('POST', `${APPS}/of-ben/deployments`, { source_code_path: CODE })).json;
    pass(MINUTE);
    expect((await ben('GET', `${APPS}/of-ben/deployments/${deployment_id}`)).json.status.state).toBe('FAILED');
  });
});

describe('a deployment is refused', () => {
  test('while another one is in progress', async () => {
    const { deploy } = await withApp();
    await deploy();
    expect(refusal(await deploy())).toEqual([
      400,
      'BAD_REQUEST',
      'Cannot deploy app dash as there is an active deployment in progress',
    ]);
  });

  test('unless the app is up', async () => {
    const { ann, deploy, pass } = await withApp();
    await ann('POST', `${APPS}/dash/stop`, {});
    pass(MINUTE);
    expect(refusal(await deploy())).toEqual([
      400,
      'BAD_REQUEST',
      'Cannot deploy app dash as it is not in RUNNING state: its compute is STOPPED. Please start the app first.',
    ]);
    await ann('POST', `${APPS}/dash/start`, {});
    expect((await deploy()).status).toBe(400);
  });

  test('to whoever does not manage the app, without a folder, for a path that is none, and from Git', async () => {
    const { as, ann, deploy, sandbox } = await withApp();
    expect((await as(BEN)('POST', DEPLOYMENTS, { source_code_path: CODE })).status).toBe(403);
    expect(refusal(await deploy({ source_code_path: 'code' }))).toEqual([
      400,
      'INVALID_PARAMETER_VALUE',
      "Path (code) doesn't start with '/'",
    ]);
    expect((await deploy({ git_source: { branch: 'main' } })).status).toBe(501);
    expect(sandbox.books().unknownRoutes).toHaveLength(1);
    await ann('POST', `${APPS}?no_compute=true`, { name: 'empty' });
    expect((await ann('POST', `${APPS}/empty/deployments`, {})).json.message).toContain('source_code_path');
    expect((await ann('GET', `${DEPLOYMENTS}/none`)).json.error_code).toBe('NOT_FOUND');
  });
});

test('deployments are listed from the newest on, in pages that a new one does not move', async () => {
  const { ann, deploy, pass } = await withApp();
  const ids: string[] = [];
  const next = async () => {
    ids.unshift((await deploy()).json.deployment_id);
    pass(MINUTE);
  };
  for (let count = 0; count < 3; count += 1) await next();
  const list = async (query: string) => (await ann('GET', `${DEPLOYMENTS}?${query}`)).json;
  const idsOf = (json: { app_deployments: { deployment_id: string }[] }) =>
    json.app_deployments.map((one) => one.deployment_id);
  // The oldest is the platform's own.
  expect(idsOf(await list(''))).toEqual([...ids, expect.any(String)]);
  const first = await list('page_size=2');
  const seen = ids.slice(0, 2);
  expect(idsOf(first)).toEqual(seen);
  await next();
  const second = await list(`page_size=2&page_token=${first.next_page_token}`);
  expect(idsOf(second)).toEqual([ids[3], expect.any(String)]);
  expect(second.next_page_token).toBeUndefined();
});

describe('when an app stops and starts', () => {
  test('what was deployed last is deployed again, by whoever starts it', async () => {
    const { admin, ann, deploy, pass } = await withApp();
    const first = (await deploy()).json.deployment_id;
    pass(MINUTE);
    await ann('POST', `${APPS}/dash/stop`, {});
    pass(MINUTE);
    expect((await getApp(ann, 'dash')).active_deployment).toBeUndefined();
    await admin('POST', `${APPS}/dash/start`, {});
    pass(LONG);
    const { active_deployment } = await getApp(ann, 'dash');
    expect(active_deployment).toMatchObject({ source_code_path: CODE, creator: 'workshop-admin@example.com' });
    expect(active_deployment.deployment_id).not.toBe(first);
  });

  test('and the code is no longer there, that fails, and the app has nothing in it', async () => {
    const { ann, deploy, pass } = await withApp();
    await deploy();
    pass(MINUTE);
    await ann('POST', `${APPS}/dash/stop`, {});
    await ann('POST', '/api/2.0/workspace/delete', { path: CODE, recursive: true });
    pass(MINUTE);
    await ann('POST', `${APPS}/dash/start`, {});
    pass(LONG);
    expect(await getApp(ann, 'dash')).toMatchObject({
      compute_status: { state: 'ACTIVE' },
      app_status: { state: 'UNAVAILABLE' },
    });
  });

  test.each(['stop', 'delete'])('a %s cancels a deployment in progress', async (act) => {
    const { ann, deploy, stateOf, pass } = await withApp();
    const { deployment_id } = (await deploy()).json;
    await (act === 'stop' ? ann('POST', `${APPS}/dash/stop`, {}) : ann('DELETE', `${APPS}/dash`));
    expect((await stateOf(deployment_id)).state).toBe('CANCELLED');
    pass(5_000);
    expect((await getApp(ann, 'dash')).pending_deployment).toBeUndefined();
  });
});

test('the books tell of every deployment', async () => {
  const { deploy, pass, sandbox } = await withApp();
  await deploy();
  expect(sandbox.books().apps[0]?.appState).toBe('DEPLOYING');
  pass(MINUTE);
  expect(sandbox.books().apps[0]?.deployments).toMatchObject([
    { creator: ANN, sourceCodePath: `/Workspace/Users/${ANN}/dash`, state: 'SUCCEEDED' },
    { creator: ANN, sourceCodePath: CODE, state: 'SUCCEEDED' },
  ]);
});
