import { describe, expect, it } from 'vitest';
import { alive, ANN, detailOf, failureOf, furnish, openSetting, openVolumesTo, requestFor } from '../setting.ts';

/** Long enough that only the cluster itself can end the wait. */
const FOREVER = 3_600_000;
const wait = { limitMs: FOREVER, pollMs: 20 };

describe('the canary', () => {
  it('is waited for until it runs', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    await openVolumesTo(setting, ANN);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    const { bootMs } = await activities.awaitCluster(run, { clusterId, ...wait });
    const [cluster] = sandbox.books().clusters;
    const ran = cluster?.history.find(({ state }) => state === 'RUNNING')?.at ?? Infinity;
    expect(bootMs).toBeGreaterThanOrEqual(ran - (cluster?.createdAt ?? 0));
  });

  it('tells what it died of, and what to do', async () => {
    const setting = await openSetting();
    const { activities, run } = setting;
    const { policyId } = await furnish(setting);
    // Nobody granted Ann the volume that her cluster reads the script from.
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    const failure = await failureOf(activities.awaitCluster(run, { clusterId, ...wait }));
    expect(failure).toMatchObject({ type: 'CANARY_DIED', nonRetryable: true });
    expect(failure.message).toMatch(/init script/i);
    expect(detailOf(failure).toDo).not.toBe('');
  });

  it('is not waited for for ever', async () => {
    const now = Date.now();
    const setting = await openSetting({ sandbox: { speed: 1, now: () => now } });
    const { activities, run } = setting;
    const { policyId } = await furnish(setting);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    const failure = await failureOf(activities.awaitCluster(run, { clusterId, limitMs: 0, pollMs: 5 }));
    expect(failure).toMatchObject({ type: 'CANARY_HUNG', nonRetryable: true });
    expect(failure.message).toContain(`${clusterId} is still PENDING`);
  });

  it('that somebody deleted is not waited for', async () => {
    const setting = await openSetting();
    const { activities, run, admin } = setting;
    const { policyId } = await furnish(setting);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    await admin.clusters.permanentDelete(clusterId);
    expect(await failureOf(activities.awaitCluster(run, { clusterId, ...wait }))).toMatchObject({ nonRetryable: true });
  });

  it('is removed for good, once it is down, and tells how long it was up', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    await openVolumesTo(setting, ANN);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    await activities.awaitCluster(run, { clusterId, ...wait });
    const { upMs } = await activities.removeCluster(run, { clusterId, ...wait });
    expect(upMs).toBeGreaterThan(0);
    expect(alive(sandbox.books())).toEqual([]);
    expect(sandbox.books().clusters[0]?.history.map(({ state }) => state)).toEqual([
      'PENDING',
      'RUNNING',
      'TERMINATING',
      'TERMINATED',
    ]);
    expect(await activities.removeCluster(run, { clusterId, ...wait })).toEqual({ upMs: 0 });
  });

  it('is told again to go when a delete did not take', async () => {
    const lazy = (action: string) => ({
      route: `POST /api/2.1/clusters/${action}`,
      count: 1,
      effect: { ignored: true } as const,
    });
    const setting = await openSetting({ sandbox: { faults: [lazy('delete'), lazy('permanent-delete')] } });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    await activities.removeCluster(run, { clusterId, ...wait });
    expect(alive(sandbox.books())).toEqual([]);
    expect(sandbox.books().clusters[0]?.terminationReason?.code).toBe('USER_REQUEST');
  });

  it('is removed even if it will not go down in time', async () => {
    const now = Date.now();
    const setting = await openSetting({ sandbox: { speed: 1, now: () => now } });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    await activities.removeCluster(run, { clusterId, limitMs: 0, pollMs: 5 });
    expect(alive(sandbox.books())).toEqual([]);
  });

  it('is left to another worker when this one stops', async () => {
    const now = Date.now();
    const setting = await openSetting({ sandbox: { speed: 1, now: () => now } });
    const { activities, run, closing } = setting;
    const { policyId } = await furnish(setting);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    const outcome = activities.awaitCluster(run, { clusterId, limitMs: FOREVER, pollMs: FOREVER });
    closing.abort();
    expect(await failureOf(outcome)).toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
  });
});
