import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import { scratch, workshop } from './run-cli.ts';

async function running() {
  const sandbox = await startSandbox({ people: ['ann@example.com'] });
  onTestFinished(() => sandbox.close());
  return { sandbox, port: new URL(sandbox.url).port };
}

it('prints every route as a table and as JSON', async () => {
  const table = await workshop(['sandbox', '--routes']);
  expect(table.code).toBe(0);
  expect(table.stdout).toMatch(/^METHOD +PATH +DOES \(SOURCE\)$/m);
  expect(table.stdout).toMatch(
    /^POST +\/api\/2\.1\/clusters\/create +\S.* \(docs\/facts\/databricks\.md section \d+\)$/m,
  );
  const listed = JSON.parse((await workshop(['sandbox', '--routes', '--json'])).stdout) as { does: string }[];
  expect(table.stdout.trimEnd().split('\n')).toHaveLength(listed.length + 1);
});

it('lists what a running one was asked and does not have', async () => {
  const { sandbox, port } = await running();
  expect((await workshop(['sandbox', '--routes', '--missed', '--port', port])).stdout).toBe(
    'Nothing was asked that is not there.\n',
  );
  await fetch(`${sandbox.url}/api/2.0/not-there`);
  await fetch(`${sandbox.url}/api/2.0/not-there`);
  expect((await workshop(['sandbox', '--routes', '--missed'], { DATABRICKS_HOST: sandbox.url })).stdout).toMatch(
    /^2 +GET \/api\/2\.0\/not-there$/m,
  );
  expect(JSON.parse((await workshop(['sandbox', '--routes', '--missed', '--json', '--port', port])).stdout)).toEqual([
    { route: 'GET /api/2.0/not-there', count: 2 },
  ]);
});

it('lends the token of somebody who is there', async () => {
  const { sandbox, port } = await running();
  const { stdout } = await workshop(['sandbox', '--as', 'ann@example.com', '--port', port]);
  const token = /^export DATABRICKS_TOKEN=(\S+)$/m.exec(stdout)?.[1];
  const me = await fetch(`${sandbox.url}/api/2.0/preview/scim/v2/Me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await me.json()).toMatchObject({ userName: 'ann@example.com' });
  expect(await workshop(['sandbox', '--as', 'nobody@example.com', '--port', port])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'There is no user nobody@example.com in the sandbox: add them with POST /__sandbox/users.\n',
  });
});

it.each<[string[], Record<string, string>, number, RegExp]>([
  [['--missed'], {}, 2, /--missed is for --routes/],
  [['--as', 'ann@example.com'], {}, 2, /Say which sandbox is meant/],
  [
    ['--as', 'ann@example.com'],
    { DATABRICKS_HOST: 'https://adb-1.azuredatabricks.net' },
    2,
    /names no sandbox on this computer/,
  ],
  [['--as', 'ann@example.com', '--port', '1'], {}, 3, /No sandbox answers at http:\/\/127\.0\.0\.1:1\. Start one/],
])('%j with %j is refused', async (args, env, code, message) => {
  const outcome = await workshop(['sandbox', ...args], env);
  expect(outcome).toMatchObject({ code, stdout: '' });
  expect(outcome.stderr).toMatch(message);
});

it('a state that cannot be gone on with ends in one sentence', async () => {
  const folder = join(scratch(), 'state');
  const sandbox = await startSandbox({ state: folder, speed: 2 });
  expect((await workshop(['sandbox', '--state', folder])).stderr).toMatch(
    /^Another sandbox is running on the state in \S+ \(process \d+\)\. .*\n$/,
  );
  await sandbox.close();
  const other = await workshop(['sandbox', '--state', folder, '--speed', '3']);
  expect(other).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^The state in \S+ began with other settings: speed is 2 there, and 3 was asked for\. .*\n$/,
    ),
  });
  const foreign = join(scratch(), 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.txt'), 'x');
  expect((await workshop(['sandbox', '--state', foreign])).stderr).toMatch(/no state of a sandbox \(thesis\.txt\)/);
});
