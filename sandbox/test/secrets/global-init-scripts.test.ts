import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';

const PATH = '/api/2.0/global-init-scripts';
const SCRIPT = Buffer.from('echo hi').toString('base64');

test('scripts are kept in the order they are to run', async () => {
  const { admin, sandbox, now } = await openSandbox();
  expect((await admin('GET', PATH)).json).toEqual({});
  const first = (await admin('POST', PATH, { name: 'first', script: SCRIPT, enabled: true })).json.script_id;
  const second = (await admin('POST', PATH, { name: 'second', script: SCRIPT, position: 0 })).json.script_id;
  const list = async () =>
    (await admin('GET', PATH)).json.scripts.map((one: { name: string; position: number }) => [one.name, one.position]);
  expect(await list()).toEqual([
    ['second', 0],
    ['first', 1],
  ]);
  const one = (await admin('GET', `${PATH}/${first}`)).json;
  expect(one).toEqual({
    script_id: first,
    name: 'first',
    position: 1,
    enabled: true,
    script: SCRIPT,
    created_by: sandbox.adminUserName,
    created_at: now(),
    updated_by: sandbox.adminUserName,
    updated_at: now(),
  });
  expect((await admin('GET', PATH)).json.scripts[0].script).toBeUndefined();
  expect((await admin('PATCH', `${PATH}/${second}`, { name: 'renamed', script: SCRIPT, position: 9 })).status).toBe(
    200,
  );
  expect(await list()).toEqual([
    ['first', 0],
    ['renamed', 1],
  ]);
  expect((await admin('DELETE', `${PATH}/${first}`)).status).toBe(200);
  expect(await list()).toEqual([['renamed', 0]]);
});

test('is for admins', async () => {
  const { as } = await openSandbox();
  for (const [method, path, body] of [
    ['GET', PATH],
    ['POST', PATH, { name: 'a', script: SCRIPT }],
    ['GET', `${PATH}/x`],
    ['PATCH', `${PATH}/x`, { name: 'a', script: SCRIPT }],
    ['DELETE', `${PATH}/x`],
  ] as const) {
    expect((await as(ANN)(method, path, body)).status).toBe(403);
  }
});

test.each([
  ['no script', { name: 'a' }],
  ['what is not Base64', { name: 'a', script: 'echo hi!' }],
  ['more than 64 KB', { name: 'a', script: Buffer.alloc(65 * 1_024).toString('base64') }],
])('%s is refused', async (_, body) => {
  const { admin } = await openSandbox();
  expect((await admin('POST', PATH, body)).status).toBe(400);
});

test('an unknown one is 404, an empty PATCH is refused', async () => {
  const { admin } = await openSandbox();
  expect((await admin('GET', `${PATH}/x`)).json.error_code).toBe('RESOURCE_DOES_NOT_EXIST');
  expect((await admin('DELETE', `${PATH}/x`)).status).toBe(404);
  const { script_id } = (await admin('POST', PATH, { name: 'a', script: SCRIPT })).json;
  expect((await admin('PATCH', `${PATH}/${script_id}`)).json.error_code).toBe('MALFORMED_REQUEST');
});
