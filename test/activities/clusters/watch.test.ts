import { CancelledFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { newsOf } from '../../../src/activities/clusters/watch.ts';
import type { Cluster } from '../../../src/databricks/calls/clusters.ts';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import {
  ANN,
  BEN,
  answered,
  failureOf,
  furnish,
  openSetting,
  openVolumesTo,
  requestsTo,
  silentEnvironment,
  requestFor,
  type Setting,
  type SettingOptions,
} from '../setting.ts';

const LISTINGS = 'GET /api/2.1/clusters/list';

/** Long enough that only what the test does can end the wait. */
const FOREVER = 3_600_000;

/** A workspace whose listings leave out what `hidden` says, and count themselves. */
function forgetting(hidden: (listing: number, clusterId: string) => boolean) {
  const count = { listings: 0 };
  const change = (workspace: Workspace): Workspace => ({
    ...workspace,
    clusters: {
      ...workspace.clusters,
      async *list(filter, options) {
        count.listings += 1;
        const { listings } = count;
        for await (const cluster of workspace.clusters.list(filter, options))
          if (!hidden(listings, cluster.cluster_id)) yield cluster;
      },
    },
  });
  return { change, count };
}

/** Ann's and Ben's clusters, PENDING for as long as the test likes. */
async function pendingPair(options: SettingOptions = {}) {
  const now = Date.now();
  const setting = await openSetting({ ...options, sandbox: { speed: 1, now: () => now } });
  const { policyId } = await furnish(setting);
  const ann = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
  const ben = await setting.activities.createCluster(
    setting.run,
    requestFor(setting, policyId, { key: 'seat-of-ben', email: BEN, userName: BEN }),
  );
  return { ...setting, policyId, ann: ann.clusterId, ben: ben.clusterId };
}

const request = (policyId: string) => ({ policyId, known: {}, everyMs: 10, limitMs: FOREVER, staleMs: 30 });

describe('watching clusters', () => {
  it('returns what differs, and nothing else', async () => {
    const { activities, run, policyId, ann, ben } = await pendingPair();
    const news = await activities.watchClusters(run, {
      ...request(policyId),
      known: { [ann]: 'PENDING', [ben]: 'RUNNING' },
    });
    expect(news).toEqual([{ clusterId: ben, state: 'PENDING' }]);
  });

  it('tells of a cluster that was set aside and runs on', async () => {
    const { activities, run, policyId, ann, ben } = await pendingPair();
    const news = await activities.watchClusters(run, {
      ...request(policyId),
      known: { [ann]: 'PENDING' },
      passOver: [ben],
      aside: [ben],
    });
    expect(news).toEqual([{ clusterId: ben, state: 'PENDING', setAside: true }]);
  });

  it('sees clusters come up while it watches', async () => {
    const setting = await openSetting();
    const { policyId } = await furnish(setting);
    await openVolumesTo(setting, ANN);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const news = await setting.activities.watchClusters(setting.run, {
      ...request(policyId),
      known: { [clusterId]: 'PENDING' },
    });
    expect(news).toEqual([{ clusterId, state: 'RUNNING' }]);
  });

  it('tells why a cluster ended', async () => {
    const setting = await openSetting();
    const { policyId } = await furnish(setting);
    // Without a grant on the volume, her init script cannot be read.
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const ended = (known: 'PENDING' | 'TERMINATING') =>
      setting.activities.watchClusters(setting.run, { ...request(policyId), known: { [clusterId]: known } });
    const [first] = await ended('PENDING');
    const [news] = first?.state === 'TERMINATED' ? [first] : await ended('TERMINATING');
    expect(news).toMatchObject({
      clusterId,
      state: 'TERMINATED',
      terminationCode: 'INIT_SCRIPT_FAILURE',
      terminationType: 'CLIENT_ERROR',
    });
    expect(news?.terminationDetail).toContain('USE CATALOG');
    expect(news?.terminatedAt).toBeGreaterThan(0);
  });

  it('comes back empty-handed when its time is up, after having looked', async () => {
    const { activities, run, policyId, ann, sandbox } = await pendingPair();
    const before = requestsTo(sandbox.books(), LISTINGS);
    expect(
      await activities.watchClusters(run, { ...request(policyId), known: { [ann]: 'PENDING' }, limitMs: 0 }),
    ).toEqual([]);
    expect(requestsTo(sandbox.books(), LISTINGS)).toBe(before + 1);
  });

  it('calls a cluster gone only when listings go on leaving it out and the workspace does not know it', async () => {
    const { activities, run, policyId, ann, ben, admin, sandbox } = await pendingPair();
    await admin.clusters.permanentDelete(ann);
    const before = requestsTo(sandbox.books(), LISTINGS);
    const news = await activities.watchClusters(run, {
      ...request(policyId),
      known: { [ann]: 'PENDING', [ben]: 'PENDING' },
    });
    expect(news).toEqual([{ clusterId: ann, state: 'GONE' }]);
    expect(requestsTo(sandbox.books(), LISTINGS) - before).toBeGreaterThanOrEqual(2);
  });

  it('goes on looking for one that is missing, also when one look was asked for', async () => {
    const { activities, run, policyId, ann, admin, sandbox } = await pendingPair();
    await admin.clusters.permanentDelete(ann);
    const before = requestsTo(sandbox.books(), LISTINGS);
    const wish = { ...request(policyId), known: { [ann]: 'RUNNING' as const }, limitMs: 0 };
    expect(await activities.watchClusters(run, wish)).toEqual([{ clusterId: ann, state: 'GONE' }]);
    expect(requestsTo(sandbox.books(), LISTINGS) - before).toBeGreaterThanOrEqual(2);
  });

  it('tells nobody that it is alive for the sake of one look', async () => {
    const { activitiesIn, run, policyId, ann } = await pendingPair();
    const env = silentEnvironment();
    let beats = 0;
    env.on('heartbeat', () => (beats += 1));
    await activitiesIn(env).watchClusters(run, { ...request(policyId), known: { [ann]: 'PENDING' }, limitMs: 0 });
    expect(beats).toBe(0);
  });

  it('does not say it again of a cluster that is known to be gone', async () => {
    const { activities, run, policyId, ann, admin } = await pendingPair();
    await admin.clusters.permanentDelete(ann);
    expect(
      await activities.watchClusters(run, { ...request(policyId), known: { [ann]: 'GONE' }, limitMs: 100 }),
    ).toEqual([]);
  });

  it('does not believe listings that forget a living cluster', async () => {
    const { change } = forgetting(() => true);
    const { activities, run, policyId, ann, sandbox } = await pendingPair({ change });
    const news = await activities.watchClusters(run, {
      ...request(policyId),
      known: { [ann]: 'PENDING' },
      limitMs: 100,
      staleMs: 0,
    });
    expect(news).toEqual([]);
    expect(requestsTo(sandbox.books(), 'GET /api/2.1/clusters/get')).toBeGreaterThan(0);
  });

  it('begins to count anew when a cluster shows up again', async () => {
    const watched = { id: '', from: Infinity };
    // Every other listing leaves it out, so that it is never missing for long.
    const { change, count } = forgetting(
      (listing, id) => id === watched.id && listing >= watched.from && (listing - watched.from) % 2 === 0,
    );
    const { activities, run, policyId, ann, admin, sandbox, closing } = await pendingPair({ change });
    Object.assign(watched, { id: ann, from: count.listings + 1 });
    const outcome = failureOf(
      activities.watchClusters(run, { ...request(policyId), known: { [ann]: 'PENDING' }, staleMs: 1 }),
    );
    await vi.waitFor(() => expect(count.listings - watched.from).toBeGreaterThanOrEqual(6), { timeout: 30_000 });
    closing.abort();
    // It watched to the end and said nothing; never missing twice running, the cluster had not even to be asked for.
    expect(await outcome).toMatchObject({ type: 'WORKER_STOPPING' });
    expect(requestsTo(sandbox.books(), 'GET /api/2.1/clusters/get')).toBe(0);
    expect((await admin.clusters.get(ann)).state).toBe('PENDING');
  });

  it('says once what Databricks and the cloud say in the same words', () => {
    const parameters = {
      databricks_error_message: 'no such machine',
      azure_error_code: 'SkuNotAvailable',
      azure_error_message: 'no such machine',
    };
    const news = newsOf({
      cluster_id: 'c',
      state: 'TERMINATED',
      termination_reason: { code: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT', parameters },
    } as unknown as Cluster);
    expect(news.terminationDetail).toBe('no such machine; SkuNotAvailable');
  });

  it('sees nothing of another run', async () => {
    const { activities, run, policyId, ann } = await pendingPair();
    const news = await activities.watchClusters(
      { ...run, runId: 'another-run' },
      { ...request(policyId), known: { [ann]: 'RUNNING' }, limitMs: 60 },
    );
    expect(news).toEqual([]);
  });

  it('shares listings between cohorts that watch at the same time', async () => {
    const { activities, run, policyId, ann, sandbox } = await pendingPair();
    const before = requestsTo(sandbox.books(), LISTINGS);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        activities.watchClusters(run, { ...request(policyId), known: { [ann]: 'PENDING' }, limitMs: 0 }),
      ),
    );
    expect(requestsTo(sandbox.books(), LISTINGS) - before).toBeLessThanOrEqual(3);
  });

  it('is tried again when a listing fails', async () => {
    let trouble = false;
    const { activities, run, policyId } = await pendingPair({
      change: (workspace) => ({
        ...workspace,
        clusters: {
          ...workspace.clusters,
          async *list(filter, options) {
            if (trouble) throw answered(503, 'TEMPORARILY_UNAVAILABLE');
            yield* workspace.clusters.list(filter, options);
          },
        },
      }),
    });
    trouble = true;
    expect(await failureOf(activities.watchClusters(run, request(policyId)))).toMatchObject({
      type: 'TEMPORARILY_UNAVAILABLE',
      nonRetryable: false,
    });
  });
});

describe('the end of a watch', () => {
  /** A watch that nothing but the test will end, with its heartbeats so far. */
  async function watching(setting: Setting & { policyId: string; ann: string }) {
    const env = silentEnvironment();
    const beats = { count: 0 };
    env.on('heartbeat', () => {
      beats.count += 1;
    });
    const before = requestsTo(setting.sandbox.books(), LISTINGS);
    const outcome = setting.activitiesIn(env).watchClusters(setting.run, {
      ...request(setting.policyId),
      known: { [setting.ann]: 'PENDING' },
      everyMs: FOREVER,
    });
    // Not to be called unhandled before the test looks at it.
    outcome.catch(() => undefined);
    await vi.waitFor(() => expect(requestsTo(setting.sandbox.books(), LISTINGS)).toBeGreaterThan(before), {
      timeout: 30_000,
    });
    return { env, beats, outcome };
  }

  it('heartbeats while it waits', async () => {
    const setting = await pendingPair();
    const { beats, outcome } = await watching(setting);
    await vi.waitFor(() => expect(beats.count).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
    setting.closing.abort();
    await failureOf(outcome);
  });

  it('comes at once, and for another worker to go on, when this one stops', async () => {
    const setting = await pendingPair();
    const { outcome } = await watching(setting);
    setting.closing.abort();
    expect(await failureOf(outcome)).toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
    const before = requestsTo(setting.sandbox.books(), LISTINGS);
    expect(await failureOf(setting.activities.watchClusters(setting.run, request(setting.policyId)))).toMatchObject({
      type: 'WORKER_STOPPING',
    });
    expect(requestsTo(setting.sandbox.books(), LISTINGS)).toBe(before);
  });

  it('comes at once when the cohort does not want it any more', async () => {
    const setting = await pendingPair();
    const { env, outcome } = await watching(setting);
    env.cancel();
    await expect(outcome).rejects.toBeInstanceOf(CancelledFailure);
  });
});
