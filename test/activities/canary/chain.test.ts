import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failedHops, hopsForAPerson, whyForAPerson } from '../../../src/domain/replayed/canary/hops.ts';
import { scratchFolder } from '../../../sandbox/test/harness.ts';
import { chain, states, type Env } from './chain-setting.ts';
import { isAlive } from './is-alive.ts';

/** Runs a shell script under the name of the CLI. */
function fakeCli(script: string): Env {
  const path = join(scratchFolder(), 'databricks');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: process.env['PATH'], WORKSHOP_DATABRICKS_CLI: path };
}

const NOWHERE = {
  host: 'http://127.0.0.1:9',
  cliEnvironment: async () => ({ DATABRICKS_HOST: 'http://127.0.0.1:9', DATABRICKS_TOKEN: 'dapi-very-secret' }),
};

test('without the CLI what needs it is for a person, and the proxy is tried all the same', async () => {
  const { hops } = await chain({ workspace: NOWHERE, clusterId: 'c', env: { PATH: scratchFolder() } });
  expect(states(hops)).toEqual([
    'cli not tried',
    'proxy passed',
    ...['api', 'tunnel', 'sshd', 'binary', 'token', 'endpoint', 'claude'].map((id) => `${id} not tried`),
  ]);
  expect(hops.filter((hop) => hop.state === 'not tried' && hop.forAPerson !== true)).toEqual([]);
});

describe('what is amiss with the programs of the worker says nothing of attendees', () => {
  test.each<[string, () => Env, string]>([
    [
      'a CLI that is named and not there',
      () => ({ PATH: process.env['PATH'], WORKSHOP_DATABRICKS_CLI: '/no/such/databricks' }),
      'WORKSHOP_DATABRICKS_CLI on this worker names /no/such/databricks, which is no program',
    ],
    [
      'one that is too old, like that of Python',
      () => fakeCli('echo Version 0.18.0'),
      'is 0.18.0, which knows no databricks ssh',
    ],
    [
      'another program of its name',
      () => fakeCli('echo usage: databricks >&2; exit 2'),
      'tells no version, as the databricks CLI would',
    ],
    [
      'no ssh',
      () => ({
        WORKSHOP_DATABRICKS_CLI: fakeCli('echo Databricks CLI v1.14.0')['WORKSHOP_DATABRICKS_CLI'],
        PATH: scratchFolder(),
      }),
      'this worker has no ssh',
    ],
  ])('%s', async (_, env, why) => {
    const { hops } = await chain({ workspace: NOWHERE, clusterId: 'c', env: env() });
    expect(failedHops(hops)).toEqual([]);
    expect(hopsForAPerson(hops).map(({ id }) => id)).toEqual([
      'cli',
      'api',
      'tunnel',
      'sshd',
      'binary',
      'token',
      'endpoint',
      'claude',
    ]);
    expect(whyForAPerson(hops)).toContain(why);
  });
});

test('a proxy that refuses: it is the proxy that failed, and nothing is tried through it', async () => {
  const proxy = createServer()
    .on('connect', (_, socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    .listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await new Promise((listening) => proxy.once('listening', listening));
  const { port } = proxy.address() as AddressInfo;
  const workspace = { ...NOWHERE, host: 'https://adb-1.2.azuredatabricks.net' };
  const { hops } = await chain({
    workspace,
    clusterId: 'c',
    env: { ...fakeCli('echo Databricks CLI v1.14.0'), HTTPS_PROXY: `http://somebody:hidden@127.0.0.1:${port}` },
  });
  expect(states(hops).slice(0, 3)).toEqual(['cli passed', 'proxy failed', 'api not tried']);
  expect(hops[1]).toMatchObject({
    said: `127.0.0.1:${port} does not let us through (HTTP 403)`,
    hint: expect.stringContaining('adb-1.2.azuredatabricks.net') as string,
  });
  expect(JSON.stringify(hops)).not.toContain('hidden');
});

test('what the CLI prints is told without secrets, and its home is its own and goes again', async () => {
  const { hops } = await chain({
    workspace: NOWHERE,
    clusterId: 'c',
    env: {
      ...fakeCli(
        '[ "$1" = --version ] && { echo Databricks CLI v1.14.0; exit; }\n' +
          'echo "Error: no token like $DATABRICKS_TOKEN in $HOME, nor $NOT_ITS_BUSINESS." >&2; exit 1',
      ),
      NOT_ITS_BUSINESS: 'private',
    },
  });
  const { said } = hops[2] ?? { said: '' };
  const home = /in (\S+), nor \.$/.exec(said)?.[1] ?? '';
  expect(said).toContain('no token like *** in ');
  expect(home).toContain('workshop-canary-');
  expect(existsSync(home)).toBe(false);
});

test('ends with the worker, and everything it started with it', async () => {
  const started = join(scratchFolder(), 'started');
  const stop = new AbortController();
  const ending = chain({
    workspace: NOWHERE,
    clusterId: 'c',
    closing: stop.signal,
    env: { ...fakeCli(`sleep 300 & echo $! >${started}.part; mv ${started}.part ${started}; wait`) },
  });
  ending.catch(() => {});
  while (!existsSync(started)) await wait(20);
  const pid = Number(readFileSync(started, 'utf8'));
  stop.abort();
  const failure = await ending.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
  await expect.poll(() => isAlive(pid)).toBe(false);
});
