import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { canaryChainActivities, type ChainOutcome } from '../../../src/activities/canary/chain.ts';
import { clusterJobActivities } from '../../../src/activities/clusters/cluster-jobs.ts';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { connectWorkspace } from '../../../src/databricks/workspace.ts';
import {
  failedHops,
  hopsForAPerson,
  whyForAPerson,
  withJob,
  type Hop,
} from '../../../src/domain/replayed/canary/hops.ts';
import { readCheck } from '../../../src/domain/replayed/canary/words.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import {
  describeWithClaudeCode,
  STAND_IN,
  standInBundle,
  wholeBundle,
  workshopSandbox,
  type Launched,
  type WorkshopSandbox,
} from '../../init-scripts/workshop-node.ts';
import { realCli } from '../../real-cli.ts';
import { ANN, BEN, clientOf, createCluster, scratchFolder } from '../../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';

const found = realCli();
const absent = 'absent' in found ? found.absent : undefined;
const LIMITS = { whole: 90_000, tunnel: 60_000, hop: 30_000 };
const MESSAGES = 'POST /serving-endpoints/anthropic/v1/messages';

type Env = Readonly<Record<string, string | undefined>>;

/** The worker's environment, with the real CLI where there is one. */
const withCli = (): Env =>
  'absent' in found
    ? {}
    : {
        PATH: process.env['PATH'],
        WORKSHOP_DATABRICKS_CLI: found.path,
        WORKSHOP_DATABRICKS_CLI_RELEASES: found.releases(),
      };

interface Ask {
  readonly workspace: Pick<ActivityDeps['workspace'], 'host' | 'cliEnvironment'>;
  readonly clusterId: string;
  readonly env: Env;
  readonly closing?: AbortSignal;
}

const RUN = { workshopId: 'w', runId: 'r', workspaceId: '1' };

function inActivity<T>(act: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(act);
}

function chain({ workspace, clusterId, env, closing = new AbortController().signal }: Ask): Promise<ChainOutcome> {
  const activities = canaryChainActivities({ workspace, closing, env } as ActivityDeps);
  return inActivity(() => activities.tryChain(RUN, { clusterId, userName: ANN, limits: LIMITS }));
}

/** As a worker that signs in as this person. */
function as(person: string, { sandbox }: Pick<WorkshopSandbox, 'sandbox'>) {
  const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.tokenFor(person), env: {} });
  onTestFinished(() => workspace.close());
  return workspace;
}

const states = (hops: readonly Hop[]) => hops.map(({ id, state }) => `${id} ${state}`);
const hopOf = ({ hops }: ChainOutcome, id: Hop['id']) => hops.find((hop) => hop.id === id);
const PASSED = [
  'cli passed',
  'proxy passed',
  'api passed',
  'tunnel passed',
  'sshd passed',
  'binary passed',
  'token passed',
  'endpoint passed',
  'claude passed',
];

/** Runs a shell script under the name of the CLI. */
function fakeCli(script: string): Env {
  const path = join(scratchFolder(), 'databricks');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: process.env['PATH'], WORKSHOP_DATABRICKS_CLI: path };
}

describeWithClaudeCode('a job on the cluster, for a worker without the CLI', () => {
  const opened = workshopSandbox(wholeBundle);

  test('sees the cluster down to an answer of Claude Code', async () => {
    const { id } = await opened().launch();
    const workspace = as(ANN, opened());
    const jobs = clusterJobActivities({
      workspace,
      closing: new AbortController().signal,
      listingGap: 20,
    } as ActivityDeps);
    const outcome = await inActivity(() =>
      jobs.runOnCluster(RUN, {
        plan: examplePlan(),
        clusterId: id,
        check: true,
        deep: true,
        save: false,
        token: 'once',
        limitMs: 60_000,
        pollMs: 100,
      }),
    );
    if (!outcome.ran || !outcome.report.check) throw new Error(JSON.stringify(outcome));
    const { hops } = await chain({ workspace, clusterId: id, env: { PATH: scratchFolder() } });
    const all = withJob(hops, false, { ran: true, hops: readCheck(outcome.report.check, ANN) });
    expect(states(all)).toEqual([
      'cli not tried',
      'proxy passed',
      'api not tried',
      'tunnel not tried',
      'sshd not tried',
      ...PASSED.slice(5),
    ]);
    expect(all.at(-1)?.said).toBe('Claude Code answers (seen by a job)');
  });
});

describe.skipIf(absent !== undefined)(`the chain with the real CLI${absent ? ` (left out: ${absent})` : ''}`, () => {
  describeWithClaudeCode('and Claude Code', () => {
    const opened = workshopSandbox(wholeBundle);

    test('every hop passes, and what was needed for it is removed', async () => {
      const { launch, sandbox, admin } = opened();
      const { id } = await launch();
      const outcome = await chain({ workspace: as(ANN, opened()), clusterId: id, env: withCli() });
      expect(outcome.hops.filter(({ state }) => state !== 'passed')).toEqual([]);
      expect(states(outcome.hops)).toEqual(PASSED);
      expect(hopOf(outcome, 'tunnel')?.ms).toBeGreaterThan(0);
      expect(hopOf(outcome, 'binary')?.said).toBe('2.1.197 (Claude Code)');
      const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
      expect((await ann('GET', '/api/2.0/secrets/scopes/list')).json.scopes ?? []).toEqual([]);
      const left = await admin(
        'GET',
        `/api/2.0/workspace/list?path=${encodeURIComponent(`/Users/${ANN}/.databricks/ssh-tunnel`)}`,
      );
      expect(JSON.stringify(left.json)).not.toContain(id);
    });
  });

  describeOnRealNodes('and a cluster on which something is broken', () => {
    const opened = workshopSandbox(() =>
      standInBundle(`case "$1" in -p) echo 42 ;; *) echo '${STAND_IN} (Claude Code)' ;; esac`),
    );
    let node: Launched;
    beforeAll(async () => {
      node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    });
    const tried = () => chain({ workspace: as(ANN, opened()), clusterId: node.id, env: withCli() });

    test('the endpoint refuses: what needs it is not tried, everything else is', async () => {
      await opened().faults([
        { route: MESSAGES, effect: { status: 403, error_code: 'PERMISSION_DENIED', message: 'no' } },
      ]);
      const outcome = await tried();
      await opened().faults([]);
      expect(states(outcome.hops)).toEqual([...PASSED.slice(0, 7), 'endpoint failed', 'claude not tried']);
      expect(hopOf(outcome, 'endpoint')).toMatchObject({
        said: 'endpoint: HTTP 403: you may not query databricks-claude-sonnet-4-5',
        hint: 'ask your facilitator for CAN_QUERY on this endpoint',
      });
      expect(hopOf(outcome, 'claude')).toEqual({ id: 'claude', ms: 0, state: 'not tried', said: 'it needs endpoint' });
    });

    test('no init script: nothing is installed, and only that is told', async () => {
      await opened().stage('nothing.sh', 'true\n');
      const { id } = await opened().launch({}, 'nothing.sh');
      const outcome = await chain({ workspace: as(ANN, opened()), clusterId: id, env: withCli() });
      expect(states(outcome.hops)).toEqual([
        ...PASSED.slice(0, 5),
        'binary failed',
        'token not tried',
        'endpoint not tried',
        'claude not tried',
      ]);
      expect(hopOf(outcome, 'binary')).toMatchObject({
        said: expect.stringMatching(/^check-claude did not answer: .*check-claude.*not found/) as string,
        hint: expect.stringContaining('init-script-claude.log') as string,
      });
    });

    test('the workspace refuses the job that starts the SSH server', async () => {
      const { id } = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
      await opened().faults([
        {
          route: 'POST /api/2.2/jobs/runs/submit',
          effect: { status: 403, error_code: 'PERMISSION_DENIED', message: 'no jobs on this cluster' },
        },
      ]);
      const outcome = await chain({ workspace: as(ANN, opened()), clusterId: id, env: withCli() });
      await opened().faults([]);
      expect(states(outcome.hops).slice(2, 5)).toEqual(['api passed', 'tunnel failed', 'sshd not tried']);
      expect(outcome.bootstrapFailed).toBeUndefined();
      expect(hopOf(outcome, 'tunnel')).toMatchObject({
        said: expect.stringContaining('no jobs on this cluster') as string,
        hint: expect.stringContaining('policy') as string,
      });
    });

    test('the worker signs in as somebody whom the cluster is not dedicated to', async () => {
      const outcome = await chain({ workspace: as(BEN, opened()), clusterId: node.id, env: withCli() });
      expect(states(outcome.hops).slice(0, 4)).toEqual([
        'cli passed',
        'proxy passed',
        'api failed',
        'tunnel not tried',
      ]);
      expect(hopOf(outcome, 'api')?.said).toBe(`the CLI signs in as ${BEN}, and the cluster is dedicated to ${ANN}`);
    });
  });

  test('a node on which nothing can run is no failure yet: its job ended', async () => {
    const sandbox = await startSandbox({ people: [ANN], speed: 1_000 });
    onTestFinished(() => sandbox.close());
    const admin = clientOf(sandbox, sandbox.adminToken);
    const id = await createCluster(admin, {});
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
    });
    await expect
      .poll(async () => (await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json.state as string, {
        timeout: 20_000,
      })
      .toBe('RUNNING');
    const outcome = await chain({ workspace: as(ANN, { sandbox }), clusterId: id, env: withCli() });
    expect(states(outcome.hops)).toEqual([
      'cli passed',
      'proxy passed',
      'api passed',
      'tunnel failed',
      ...['sshd', 'binary', 'token', 'endpoint', 'claude'].map((hop) => `${hop} not tried`),
    ]);
    expect(outcome.bootstrapFailed).toBe(true);
  });
});

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
        '[ "$1" = --version ] && { echo Databricks CLI v1.14.0; exit; }\necho "Error: no token like $DATABRICKS_TOKEN in $HOME, nor $NOT_ITS_BUSINESS." >&2; exit 1',
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead, and not yet waited for by whoever inherited it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
