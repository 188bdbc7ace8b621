import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { JOB_FILE, type JobRequest } from '../../../src/activities/clusters/cluster-jobs.ts';
import { openNodes } from '../../../sandbox/index.ts';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import {
  ANN,
  BEN,
  failureOf,
  furnish,
  mutations,
  openSetting,
  openVolumesTo,
  requestsTo,
  requestFor,
  type Setting,
  type SettingOptions,
} from '../setting.ts';

const RUNS = '/api/2.2/jobs/runs';

/** Clusters of these people, running and shared with them. */
async function running(setting: Setting, people: readonly string[] = [ANN]): Promise<string[]> {
  const { activities, run, sandbox } = setting;
  const { policyId } = await furnish(setting);
  const ids: string[] = [];
  for (const email of people) {
    await openVolumesTo(setting, email);
    const { clusterId } = await activities.createCluster(
      run,
      requestFor(setting, policyId, { key: `seat-of-${email}`, email, userName: email }),
    );
    await activities.shareCluster(run, { clusterId, userName: email });
    ids.push(clusterId);
  }
  await vi.waitFor(
    () => expect(sandbox.books().clusters.map(({ state }) => state)).toEqual(people.map(() => 'RUNNING')),
    { timeout: 30_000, interval: 20 },
  );
  return ids;
}

async function opened(options: SettingOptions = {}) {
  const setting = await openSetting(options);
  const folder = join(setting.initScripts, 'jobs');
  await mkdir(folder);
  await copyFile(join(import.meta.dirname, '..', '..', '..', 'init-scripts', JOB_FILE), join(folder, 'as-attendee.py'));
  return setting;
}

let tokens = 0;
const request = ({ plan }: Setting, clusterId: string, more: Partial<JobRequest> = {}): JobRequest => ({
  plan,
  clusterId,
  userName: ANN,
  check: true,
  save: true,
  token: `token-${(tokens += 1)}`,
  limitMs: 30_000,
  pollMs: 20,
  ...more,
});

describe("a job on somebody's cluster", () => {
  it('that only a simulated node made up is no evidence, and says so', async () => {
    const setting = await opened();
    const [id = ''] = await running(setting);
    const outcome = await setting.activities.runOnCluster(setting.run, request(setting, id));
    expect(outcome).toEqual({ ran: false, why: expect.stringContaining('Simulated'), silent: true });
  });

  it('runs once, however often it is asked for', async () => {
    const setting = await opened();
    const [id = ''] = await running(setting);
    const once = request(setting, id);
    await setting.activities.runOnCluster(setting.run, once);
    const before = mutations(setting.sandbox.books());
    await setting.activities.runOnCluster(setting.run, once);
    expect(setting.sandbox.books().runs.length).toBe(1);
    expect(mutations(setting.sandbox.books()) - before).toBe(1);
  });

  it('costs four requests at most when many wait for theirs', async () => {
    const people = Array.from({ length: 12 }, (_, n) => `person${n}@example.com`);
    const setting = await opened({ people });
    const ids = await running(setting, people);
    const asked = () =>
      requestsTo(setting.sandbox.books(), `GET ${RUNS}`) + requestsTo(setting.sandbox.books(), `POST ${RUNS}`);
    const before = asked();
    await Promise.all(
      ids.map((id, n) =>
        setting.activities.runOnCluster(setting.run, request(setting, id, { userName: people[n], pollMs: 200 })),
      ),
    );
    expect((asked() - before) / people.length).toBeLessThanOrEqual(4);
  });

  it("whose identity nobody but they may take is left out, with the workspace's words", async () => {
    const setting = await opened({ worker: BEN });
    const outcome = await setting.activities.runOnCluster(setting.run, request(setting, '0101-010101-abcdefgh'));
    expect(outcome).toEqual({ ran: false, why: expect.stringContaining('is not authorized to set run_as') });
  });

  it("that is another's is a failure: they could not connect either", async () => {
    const setting = await opened();
    const [id = ''] = await running(setting);
    const failure = await failureOf(
      setting.activities.runOnCluster(setting.run, request(setting, id, { userName: BEN })),
    );
    expect(failure).toMatchObject({ type: 'NOT_THEIR_CLUSTER', nonRetryable: true });
    expect(failure.message).toContain('Single-user check failed');
  });

  it('whose file is not there is no evidence', async () => {
    const setting = await openSetting();
    const [id = ''] = await running(setting);
    expect(await setting.activities.runOnCluster(setting.run, request(setting, id))).toEqual({
      ran: false,
      why: expect.stringContaining('Unable to access the Python file'),
    });
  });

  it('that came to nothing on a cluster is a cluster that does not serve', async () => {
    let stopped: number | undefined;
    const setting = await opened({ sandbox: { now: () => stopped ?? Date.now() } });
    const [id = ''] = await running(setting);
    // The run must not end before its cluster does.
    stopped = Date.now();
    const asked = setting.activities.runOnCluster(setting.run, request(setting, id));
    await vi.waitFor(() => expect(setting.sandbox.books().runs).toHaveLength(1), { interval: 5 });
    await setting.activities.stopCluster(setting.run, { clusterId: id });
    stopped = undefined;
    const failure = await failureOf(asked);
    expect(failure).toMatchObject({ type: 'JOB_FAILED', nonRetryable: true });
    expect(failure.message).toContain('was terminated while the run was on it');
  });

  it('brings what the events say, asked once, where they are asked first or the job tells nothing', async () => {
    const setting = await opened();
    const [id = ''] = await running(setting);
    const asked = () => requestsTo(setting.sandbox.books(), 'POST /api/2.1/clusters/events');
    for (const evidence of ['first', 'if needed'] as const) {
      const before = asked();
      expect(await setting.activities.runOnCluster(setting.run, request(setting, id, { evidence }))).toEqual({
        ran: false,
        why: expect.stringContaining('Simulated'),
        silent: true,
        evidence: { scripts: 1, seen: 'events' },
      });
      expect(asked() - before).toBe(1);
    }
  });

  it('does not begin where the events say that the init script failed', async () => {
    const setting = await opened();
    const { policyId } = await furnish(setting);
    // Nobody granted Ann the volume that her cluster reads the script from.
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const state = () => setting.sandbox.books().clusters[0]?.state;
    await vi.waitFor(() => expect(state()).toBe('TERMINATED'), { timeout: 30_000, interval: 20 });
    const failure = await failureOf(
      setting.activities.runOnCluster(setting.run, request(setting, clusterId, { evidence: 'first' })),
    );
    expect(failure).toMatchObject({ type: 'INIT_SCRIPT', nonRetryable: true });
    expect(setting.sandbox.books().runs).toEqual([]);
  });

  it('wakes nobody only to save', async () => {
    const setting = await opened();
    const [id = ''] = await running(setting);
    await setting.activities.stopCluster(setting.run, { clusterId: id });
    expect(await setting.activities.runOnCluster(setting.run, request(setting, id, { check: false }))).toEqual({
      ran: false,
      why: 'the cluster was asleep already',
      asleep: true,
    });
    expect(setting.sandbox.books().runs).toEqual([]);
  });

  it('that saves asks no cluster alone when a listing shows that it runs', async () => {
    const people = [ANN, BEN];
    const setting = await opened();
    const ids = await running(setting, people);
    const alone = () => requestsTo(setting.sandbox.books(), 'GET /api/2.1/clusters/get');
    const before = alone();
    await Promise.all(
      ids.map((id, n) =>
        setting.activities.runOnCluster(setting.run, request(setting, id, { userName: people[n], check: false })),
      ),
    );
    expect(setting.sandbox.books().runs).toHaveLength(people.length);
    expect(alone()).toBe(before);
  });

  it('that saves takes nobody for asleep by a listing alone', async () => {
    let isOld = false;
    const setting = await opened({
      change: (workspace) => ({
        ...workspace,
        clusters: {
          ...workspace.clusters,
          async *list(filter) {
            for await (const cluster of workspace.clusters.list(filter))
              yield isOld ? { ...cluster, state: 'TERMINATED' as const } : cluster;
          },
        },
      }),
    });
    const [id = ''] = await running(setting);
    isOld = true;
    const outcome = await setting.activities.runOnCluster(setting.run, request(setting, id, { check: false }));
    expect(outcome).not.toMatchObject({ asleep: true });
    expect(setting.sandbox.books().runs).toHaveLength(1);
  });

  it('that does not end is given up', async () => {
    const setting = await opened({ sandbox: { speed: 1, now: () => 1_800_000_000_000 } });
    const { policyId } = await furnish(setting);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    await setting.activities.shareCluster(setting.run, { clusterId, userName: ANN });
    const failure = await failureOf(
      setting.activities.runOnCluster(setting.run, request(setting, clusterId, { limitMs: 300 })),
    );
    expect(failure).toMatchObject({ type: 'JOB_HUNG', nonRetryable: true });
  });
});

describeOnRealNodes('a job on a real node', () => {
  it("looks with the attendee's eyes and saves what they made", async () => {
    const { nodes } = await openNodes('real');
    const setting = await opened({ sandbox: { nodes } });
    const [id = ''] = await running(setting);
    const outcome = await setting.activities.runOnCluster(setting.run, request(setting, id, { limitMs: 60_000 }));
    // The script of these tests installs nothing.
    expect(outcome).toMatchObject({
      ran: true,
      report: {
        check: { ok: false, checks: [{ id: 'check-claude', state: 'failed' }] },
        saved: { state: expect.stringMatching(/nothing|saved|failed/) },
      },
    });
  });
});
