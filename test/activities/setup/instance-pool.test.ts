import { describe, expect, it, vi } from 'vitest';
import { POOL_TAGS } from '../../../src/domain/replayed/made/cluster-spec.ts';
import { poolCapacity } from '../../../src/domain/replayed/made/pool-spec.ts';
import { ANN, answered, detailOf, failureOf, mutations, openSetting } from '../setting.ts';

/** Long enough that only the pool itself can end the wait. */
const FOREVER = 3_600_000;
const TRIAL = { idleMinutes: 20 };
const filling = { until: Date.now() + FOREVER, pollMs: 20 };

describe('the instance pool', () => {
  it('is made once, with room for everybody and nothing idle', async () => {
    const { activities, run, plan, sandbox, admin } = await openSetting();
    const made = await activities.ensurePool(run, { plan, people: 5 });
    expect(made.ours).toBe(true);
    expect(await admin.instancePools.get(made.poolId)).toMatchObject({
      node_type_id: plan.compute.nodeType,
      min_idle_instances: 0,
      max_capacity: poolCapacity(plan, 5),
      custom_tags: {
        [POOL_TAGS.run]: run.runId,
        [POOL_TAGS.id]: plan.id,
        [POOL_TAGS.scripts]: plan.unityCatalog.scripts,
      },
    });
    const before = mutations(sandbox.books());
    expect(await activities.ensurePool(run, { plan, people: 5 })).toMatchObject({ poolId: made.poolId, ours: true });
    expect(mutations(sandbox.books())).toBe(before);
    expect(sandbox.books().pools).toHaveLength(1);
  });

  it('grows when more people come, and never shrinks', async () => {
    const { activities, run, plan, admin } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    await activities.ensurePool(run, { plan, people: 40 });
    expect((await admin.instancePools.get(poolId)).max_capacity).toBe(poolCapacity(plan, 40));
    await activities.ensurePool(run, { plan, people: 5 });
    expect((await admin.instancePools.get(poolId)).max_capacity).toBe(poolCapacity(plan, 40));
  });

  it('of an admin, by the name it must have, is used and not called ours', async () => {
    const { activities, run, plan, admin } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const { instance_pool_name, node_type_id } = await admin.instancePools.get(poolId);
    await admin.instancePools.delete(poolId);
    const { instancePoolId } = await admin.instancePools.create({
      instance_pool_name,
      node_type_id,
      max_capacity: 200,
      min_idle_instances: 0,
    });
    expect(await activities.ensurePool(run, { plan, people: 5 })).toMatchObject({
      poolId: instancePoolId,
      ours: false,
    });
  });

  it("is an admin's to make, with the exact command, when the worker may not", async () => {
    const { activities, run, plan } = await openSetting({ worker: ANN });
    const failure = await failureOf(activities.ensurePool(run, { plan, people: 5 }));
    expect(failure).toMatchObject({ type: 'FORBIDDEN', nonRetryable: true });
    const [command = ''] = detailOf(failure).handOff ?? [];
    expect(JSON.parse(/^databricks instance-pools create --json '(.*)'$/.exec(command)?.[1] ?? '')).toMatchObject({
      node_type_id: plan.compute.nodeType,
      max_capacity: poolCapacity(plan, 5),
    });
  });

  it('is set to keep as many waiting as asked, and to let go of them again', async () => {
    const { activities, run, plan, admin, sandbox } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const minimum = { plan, poolId, people: 5 };
    for (const _ of ['once', 'twice']) {
      await activities.setPoolMinimum(run, { ...minimum, minIdle: 3, gathering: true });
      expect(await admin.instancePools.get(poolId)).toMatchObject({
        min_idle_instances: 3,
        idle_instance_autotermination_minutes: 60,
        custom_tags: { [POOL_TAGS.run]: run.runId },
      });
    }
    await activities.setPoolMinimum(run, { ...minimum, minIdle: 0, gathering: false });
    expect(await admin.instancePools.get(poolId)).toMatchObject({
      min_idle_instances: 0,
      idle_instance_autotermination_minutes: 0,
      max_capacity: poolCapacity(plan, 5),
    });
    expect(sandbox.books().pools).toHaveLength(1);
  });

  it('is filled until the minimum waits, and tells what the waiting cost', async () => {
    const { activities, run, plan, sandbox } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const fill = await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4 });
    expect(fill).toMatchObject({ idle: 4, wanted: 4, errors: [] });
    const [pool] = sandbox.books().pools;
    expect(pool?.stats.idle_count).toBe(4);
    expect(fill.tookMs).toBeGreaterThan(0);
    expect(fill.idleMs).toBeLessThanOrEqual(4 * fill.tookMs);
    // Instances do not come all at once; those that came first have waited.
    expect(fill.idleMs).toBeGreaterThan(0);
    // A second time it is full at the first look.
    expect(await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4 })).toMatchObject({
      idle: 4,
      wanted: 4,
    });
  });

  it('is never filled beyond its room', async () => {
    const { activities, run, plan } = await openSetting({ plan: { testers: [] } });
    const { poolId } = await activities.ensurePool(run, { plan, people: 1 });
    const fill = await activities.fillPool(run, { ...filling, plan, poolId, people: 1, minIdle: 500 });
    expect(fill).toMatchObject({ wanted: poolCapacity(plan, 1), idle: poolCapacity(plan, 1) });
  });

  it('stops waiting when the cloud refuses, and says why', async () => {
    const message = 'The VM size is not available in this region';
    const { activities, run, plan } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        instancePools: {
          ...workspace.instancePools,
          get: async (id, options) => ({
            ...(await workspace.instancePools.get(id, options)),
            stats: { used_count: 0, idle_count: 1, pending_used_count: 0, pending_idle_count: 0 },
            status: {
              pending_instance_errors: [
                { instance_id: 'a', message },
                { instance_id: 'b', message },
              ],
            },
          }),
        },
      }),
    });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    expect(await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4 })).toMatchObject({
      idle: 1,
      wanted: 4,
      errors: [message],
    });
  });

  it('of a trial fills without a minimum, and empties by itself, even if everybody has died', async () => {
    const minimums: number[] = [];
    const { activities, run, plan, admin } = await openSetting({
      sandbox: { idleSpeed: 600 },
      change: (workspace) => ({
        ...workspace,
        instancePools: {
          ...workspace.instancePools,
          get: async (id, options) => {
            const pool = await workspace.instancePools.get(id, options);
            minimums.push(pool.min_idle_instances);
            return pool;
          },
        },
      }),
    });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const trial = { ...filling, trial: TRIAL, plan, poolId, people: 5, minIdle: 4 };
    expect(await activities.fillPool(run, trial)).toMatchObject({ idle: 4, wanted: 4, errors: [] });
    // Raised at the first look only: from then on nobody would be needed to let the machines go.
    expect(minimums.slice(0, 2)).toEqual([4, 0]);
    expect(minimums.slice(1).every((minimum) => minimum === 0)).toBe(true);
    await vi.waitFor(async () => expect((await admin.instancePools.get(poolId)).stats?.idle_count).toBe(0), {
      timeout: 10_000,
    });
  });

  it('of a trial counts what clusters took meanwhile: the cloud handed that out, too', async () => {
    const { activities, run, plan } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        instancePools: {
          ...workspace.instancePools,
          get: async (id, options) => ({
            ...(await workspace.instancePools.get(id, options)),
            stats: { used_count: 1, idle_count: 3, pending_used_count: 0, pending_idle_count: 0 },
          }),
        },
      }),
    });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const trial = { ...filling, trial: TRIAL, plan, poolId, people: 5, minIdle: 4 };
    expect(await activities.fillPool(run, trial)).toMatchObject({ idle: 3, used: 1, wanted: 4 });
  });

  it('of a trial has no minimum left when its worker is told to stop', async () => {
    const { activities, run, plan, closing, admin } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    closing.abort();
    const trial = { ...filling, trial: TRIAL, plan, poolId, people: 5, minIdle: 4 };
    expect(await failureOf(activities.fillPool(run, trial))).toMatchObject({ type: 'WORKER_STOPPING' });
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(0);
  });

  it('of a trial keeps its minimum until its time is up where the workspace drops what was under way', async () => {
    const { activities, run, plan, admin } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        instancePools: {
          ...workspace.instancePools,
          get: async (id, options) => {
            const pool = await workspace.instancePools.get(id, options);
            const none = { used_count: 0, idle_count: 0, pending_used_count: 0, pending_idle_count: 0 };
            return pool.min_idle_instances > 0 ? pool : { ...pool, stats: none };
          },
        },
      }),
    });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const trial = { ...filling, trial: TRIAL, plan, poolId, people: 5, minIdle: 4 };
    expect(await activities.fillPool(run, trial)).toMatchObject({ idle: 4, wanted: 4 });
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(4);
  });

  it.each([
    ['answers 500', () => Promise.reject(answered(500, 'INTERNAL_ERROR'))],
    ['answers nonsense', () => Promise.reject(new Error('instance_pool_id is missing'))],
  ])('that cannot be read because the workspace %s is given up in time, and keeps no minimum', async (_, get) => {
    const { activities, run, plan, admin } = await openSetting({
      change: (workspace) => ({ ...workspace, instancePools: { ...workspace.instancePools, get } }),
    });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const trial = { ...filling, trial: TRIAL, plan, poolId, people: 5, minIdle: 4, until: Date.now() + 300 };
    const fill = await activities.fillPool(run, trial);
    expect(fill).toMatchObject({ idle: 0, wanted: 4 });
    expect(fill.unread).toBeDefined();
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(0);
    // Nor is it raised by one who takes over when the time is up.
    await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4, until: trial.until });
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(0);
  });

  it('stops waiting when the time is up, and leaves the minimum to the workflow', async () => {
    const now = Date.now();
    const { activities, run, plan, admin } = await openSetting({ sandbox: { speed: 1, now: () => now } });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    expect(
      await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4, until: Date.now() + 50 }),
    ).toMatchObject({ idle: 0, wanted: 4, errors: [] });
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(4);
  });

  it('is not raised by an attempt that comes after its time', async () => {
    const { activities, run, plan, admin } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    expect(
      await activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4, until: Date.now() - 1 }),
    ).toMatchObject({ idle: 0, wanted: 4 });
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(0);
  });

  it('gives up at once when the worker stops', async () => {
    const now = Date.now();
    const { activities, run, plan, closing } = await openSetting({ sandbox: { speed: 1, now: () => now } });
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    const outcome = activities.fillPool(run, { ...filling, plan, poolId, people: 5, minIdle: 4, pollMs: FOREVER });
    closing.abort();
    expect(await failureOf(outcome)).toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
  });

  it('is active while it is there', async () => {
    const { activities, run, plan, admin } = await openSetting();
    const { poolId } = await activities.ensurePool(run, { plan, people: 5 });
    expect(await activities.poolIsActive(run, { poolId })).toBe(true);
    await admin.instancePools.delete(poolId);
    expect(await failureOf(activities.poolIsActive(run, { poolId }))).toMatchObject({ nonRetryable: true });
  });
});
