import { describe, expect, it, vi } from 'vitest';
import { NAME_PREFIX } from '../../../src/domain/replayed/made/cluster-spec.ts';
import {
  alive,
  ANN,
  answered,
  BEN,
  failureOf,
  furnish,
  openSetting,
  requestFor,
  requestsTo,
  type Setting,
  type SettingOptions,
} from '../setting.ts';

/** Two clusters of this run, one of another run and one of nobody's, all named alike. */
async function fourClusters(options: SettingOptions = {}) {
  const setting = await openSetting(options);
  const { activities, run, plan, admin } = setting;
  const { policyId, poolId } = await furnish(setting);
  const ours = [
    (await activities.createCluster(run, requestFor(setting, policyId))).clusterId,
    (
      await activities.createCluster(
        run,
        requestFor(setting, policyId, { key: 'seat-of-ben', email: BEN, userName: BEN, poolId }),
      )
    ).clusterId,
  ];
  const strangers = [
    (await activities.createCluster({ ...run, runId: 'another-run' }, requestFor(setting, policyId))).clusterId,
    (
      await admin.clusters.create({
        cluster_name: `${NAME_PREFIX}${plan.id}-ann`,
        kind: 'CLASSIC_PREVIEW',
        is_single_node: true,
        data_security_mode: 'SINGLE_USER',
        single_user_name: ANN,
        spark_version: plan.compute.sparkVersion,
        node_type_id: plan.compute.nodeType,
        policy_id: policyId,
        autotermination_minutes: 60,
      })
    ).clusterId,
  ];
  return { ...setting, policyId, poolId, ours, strangers };
}

const wasStopped = ({ sandbox }: Setting, id: string) => {
  const cluster = sandbox.books().clusters.find((one) => one.id === id);
  // Its own init script may end it; a request may not have.
  return cluster?.alive === false || cluster?.terminationReason?.code === 'USER_REQUEST';
};

describe('removing what a workshop made', () => {
  it('sees all of this run and nothing else', async () => {
    const { activities, run, ours, poolId } = await fourClusters();
    const before = Date.now();
    const remains = await activities.lookForRemains(run);
    expect(remains.began).toBeGreaterThanOrEqual(before);
    expect(remains.clusters.map(({ id }) => id).sort()).toEqual([...ours].sort());
    expect(remains.pools).toMatchObject([{ id: poolId, min: 0 }]);
    for (const { upMs } of remains.clusters) expect(upMs).toBeGreaterThanOrEqual(0);
  });

  it('terminates, sees them down, and deletes for good; strangers are not touched', async () => {
    const setting = await fourClusters();
    const { activities, run, ours, strangers, sandbox } = setting;
    await activities.terminateClusters(run, { ids: ours });
    await activities.terminateClusters(run, { ids: ours });
    await vi.waitFor(
      async () => expect((await activities.lookForRemains(run)).clusters.map(({ down }) => down)).toEqual([true, true]),
      { timeout: 30_000 },
    );
    await activities.deleteClusters(run, { ids: ours });
    expect((await activities.lookForRemains(run)).clusters).toEqual([]);
    // Whoever takes over from a worker that died does it all again.
    await activities.terminateClusters(run, { ids: ours });
    await activities.deleteClusters(run, { ids: ours });
    expect(alive(sandbox.books()).sort()).toEqual([...strangers].sort());
    for (const id of strangers) expect(wasStopped(setting, id)).toBe(false);
    const history = sandbox
      .books()
      .clusters.find(({ id }) => id === ours[0])
      ?.history.map(({ state }) => state);
    expect(history?.at(-1)).toBe('TERMINATED');
  });

  it('goes on with the others when one is refused, and names it with the command that helps', async () => {
    let stubborn = '';
    const setting = await fourClusters({
      change: (workspace) => ({
        ...workspace,
        clusters: {
          ...workspace.clusters,
          permanentDelete: async (id, options) => {
            if (id === stubborn)
              throw answered(400, 'INVALID_PARAMETER_VALUE', {
                detail: `Cluster ${id} is pinned: unpin the cluster first`,
              });
            return workspace.clusters.permanentDelete(id, options);
          },
        },
      }),
    });
    const { activities, run, ours, strangers, sandbox } = setting;
    stubborn = ours[0] ?? '';
    expect(await activities.deleteClusters(run, { ids: ours })).toEqual([
      {
        id: stubborn,
        why: expect.stringContaining('unpin the cluster first'),
        toDo: `databricks clusters unpin ${stubborn}`,
        refused: true,
      },
    ]);
    expect(alive(sandbox.books()).sort()).toEqual([stubborn, ...strangers].sort());
  });

  it('tries every one, however many are refused, and tells what may yet succeed from what will not', async () => {
    const tried: string[] = [];
    const refuse = async (id: string) => {
      tried.push(id);
      if (id.endsWith('9')) throw answered(503, 'TEMPORARILY_UNAVAILABLE');
      if (Number(id.slice(1)) < 20) throw answered(400, 'INVALID_PARAMETER_VALUE', { detail: 'unpin first' });
    };
    const { activities, run } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        clusters: { ...workspace.clusters, permanentDelete: refuse, delete: refuse },
      }),
    });
    const ids = Array.from({ length: 40 }, (_, n) => `c${n}`);
    for (const name of ['deleteClusters', 'terminateClusters'] as const) {
      tried.length = 0;
      const notDone = await activities[name](run, { ids });
      expect(tried.toSorted()).toEqual(ids.toSorted());
      expect(notDone.filter(({ refused }) => refused)).toHaveLength(18);
      expect(
        notDone
          .filter(({ refused }) => !refused)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(['c19', 'c29', 'c39', 'c9']);
    }
  });

  it('fails as a whole when the workspace does not know the credentials', async () => {
    const setting = await fourClusters({
      change: (workspace) => ({
        ...workspace,
        clusters: {
          ...workspace.clusters,
          permanentDelete: async () => {
            throw answered(401, 'UNAUTHENTICATED');
          },
        },
      }),
    });
    const { activities, run, ours } = setting;
    expect(await failureOf(activities.deleteClusters(run, { ids: ours }))).toMatchObject({ nonRetryable: true });
  });

  it('gives up at once when the worker stops', async () => {
    const { activities, run, ours, sandbox, closing } = await fourClusters();
    closing.abort();
    expect(await failureOf(activities.deleteClusters(run, { ids: ours }))).toMatchObject({
      type: 'WORKER_STOPPING',
      nonRetryable: false,
    });
    expect(alive(sandbox.books())).toHaveLength(4);
  });

  it('does not call a listing that failed an empty one', async () => {
    const failing = new Set(['clusters']);
    // oxlint-disable-next-line require-yield -- the answer is a refusal
    async function* unavailable() {
      throw answered(503, 'TEMPORARILY_UNAVAILABLE');
    }
    const setting = await openSetting({
      change: (workspace) => ({
        ...workspace,
        clusters: {
          ...workspace.clusters,
          list: (...given) => (failing.has('clusters') ? unavailable() : workspace.clusters.list(...given)),
        },
        instancePools: {
          ...workspace.instancePools,
          list: (...given) => (failing.has('pools') ? unavailable() : workspace.instancePools.list(...given)),
        },
      }),
    });
    const { activities, run } = setting;
    const { poolId } = await furnish(setting);
    // What could be read is known all the same.
    expect(await activities.lookForRemains(run)).toMatchObject({
      clusters: [],
      pools: [{ id: poolId }],
      unread: [{ what: 'clusters', why: expect.stringContaining('503') }],
    });
    failing.add('pools');
    expect(await failureOf(activities.lookForRemains(run))).toMatchObject({ nonRetryable: false });
    failing.delete('clusters');
    expect(await activities.lookForRemains(run)).toMatchObject({ unread: [{ what: 'pools' }] });
  });

  it('deletes its pool once', async () => {
    const { activities, run, poolId, admin, sandbox } = await fourClusters();
    const { instancePoolId } = await admin.instancePools.create({
      instance_pool_name: `${NAME_PREFIX}spring-apps-pool-other`,
      node_type_id: 'Standard_D4ds_v5',
    });
    await activities.deletePool(run, { poolId });
    await activities.deletePool(run, { poolId });
    expect((await activities.lookForRemains(run)).pools).toEqual([]);
    expect(
      sandbox
        .books()
        .pools.filter((pool) => pool.alive)
        .map(({ id }) => id),
    ).toEqual([instancePoolId]);
  });

  it('says with which command a pool is told to keep nothing waiting, when it may not', async () => {
    const setting = await openSetting({
      change: (workspace) => ({
        ...workspace,
        instancePools: {
          ...workspace.instancePools,
          edit: async () => {
            throw answered(403, 'PERMISSION_DENIED');
          },
        },
      }),
    });
    const { activities, run } = setting;
    const { poolId } = await furnish(setting);
    const [found] = await activities.lookAtPools(run);
    const notDone = await activities.quietPool(run, { pool: found ?? expect.fail('no pool') });
    expect(notDone).toMatchObject({ id: poolId, refused: true });
    const json = /^databricks instance-pools edit --json '(.*)'$/.exec(notDone?.toDo ?? '')?.[1] ?? '';
    expect(JSON.parse(json)).toMatchObject({
      instance_pool_id: poolId,
      min_idle_instances: 0,
      custom_tags: found?.edit.custom_tags,
    });
  });

  it('can keep the pool, with nothing waiting in it', async () => {
    const setting = await openSetting();
    const { activities, run, plan, sandbox } = setting;
    const { poolId } = await furnish(setting);
    await activities.fillPool(run, {
      plan,
      poolId,
      people: 2,
      minIdle: 2,
      until: Date.now() + 3_600_000,
      pollMs: 20,
    });
    const before = await setting.admin.instancePools.get(poolId);
    const reads = requestsTo(sandbox.books(), 'GET /api/2.0/instance-pools/get');
    const [found] = await activities.lookAtPools(run);
    const pool = found ?? expect.fail('no pool');
    expect(await activities.quietPool(run, { pool })).toBeUndefined();
    expect(await activities.quietPool(run, { pool })).toBeUndefined();
    expect(requestsTo(sandbox.books(), 'GET /api/2.0/instance-pools/get')).toBe(reads);
    await vi.waitFor(
      async () =>
        expect((await activities.lookForRemains(run)).pools).toMatchObject([
          { id: poolId, min: 0, used: 0, idle: 0, pending: 0 },
        ]),
      { timeout: 30_000 },
    );
    expect(await setting.admin.instancePools.get(poolId)).toMatchObject({
      instance_pool_name: before.instance_pool_name,
      max_capacity: before.max_capacity,
      custom_tags: before.custom_tags,
    });
    expect(sandbox.books().pools.map((pool) => pool.alive)).toEqual([true]);
  });
});
