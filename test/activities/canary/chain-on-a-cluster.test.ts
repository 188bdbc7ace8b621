import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { clusterJobActivities } from '../../../src/activities/clusters/cluster-jobs.ts';
import { ClusterListings } from '../../../src/activities/clusters/listings.ts';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { withJob } from '../../../src/domain/replayed/canary/hops.ts';
import { readCheck } from '../../../src/domain/replayed/canary/words.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { ANN, BEN, clientOf, createCluster, scratchFolder } from '../../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import {
  describeWithClaudeCode,
  STAND_IN,
  standInBundle,
  wholeBundle,
  workshopSandbox,
  type Launched,
} from '../../init-scripts/workshop-node.ts';
import { realCli } from '../../real-cli.ts';
import { as, chain, hopOf, inActivity, PASSED, RUN, states, type Env } from './chain-setting.ts';

const found = realCli();
const absent = 'absent' in found ? found.absent : undefined;
const MESSAGES = 'POST /serving-endpoints/anthropic/v1/messages';

/** The worker's environment, with the real CLI where there is one. */
const withCli = (): Env =>
  'absent' in found
    ? {}
    : {
        PATH: process.env['PATH'],
        WORKSHOP_DATABRICKS_CLI: found.path,
        WORKSHOP_DATABRICKS_CLI_RELEASES: found.releases(),
      };

describeWithClaudeCode('a job on the cluster, for a worker without the CLI', () => {
  const opened = workshopSandbox(wholeBundle);

  test('sees the cluster down to an answer of Claude Code', async () => {
    const { id } = await opened().launch();
    const workspace = as(ANN, opened());
    const deps = { workspace, closing: new AbortController().signal, listingGap: 20 } as ActivityDeps;
    const jobs = clusterJobActivities(deps, new ClusterListings(workspace, deps.listingGap));
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
        said: 'endpoint: HTTP 403: you may not query databricks-claude-sonnet-4-6',
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
