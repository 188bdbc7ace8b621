import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { Activities } from '../../../src/activities/index.ts';
import { teardownAddress } from '../../../src/domain/replayed/made/addresses.ts';
import type { TeardownReport } from '../../../src/domain/replayed/ending/teardown-report.ts';
import type { TeardownInput } from '../../../src/workflows/teardown.ts';
import { openStage, type Stage, type StageOptions } from '../stage/time-skipping.ts';
import { onOneQueue, HOUR, planOf, REAL_PACE } from '../stage/workshop-input.ts';

const RUN = 'run-to-remove';
const STRANGER = 'run-of-somebody-else';

/** A workspace in which one cluster of ours runs, one is stopped, and one is somebody else's. */
async function furnished(change?: StageOptions['change']): Promise<Stage> {
  const stage = await openStage(change ? { change } : {});
  const now = await stage.clock.now();
  const cluster = (key: string, runId: string) =>
    stage.workspace.create(now, { name: `cluster ${key}`, key, runId, userName: key });
  cluster('ann', RUN);
  stage.workspace.stop(now, cluster('ben', RUN).id);
  cluster('zoe', STRANGER);
  stage.workspace.pool = { id: 'pool-1', runId: RUN, min: 2, used: 0, idle: 2, pending: 0 };
  return stage;
}

function inputFor(stage: Stage, deletePool: boolean): TeardownInput {
  const queues = onOneQueue(stage.queue);
  return {
    v: 1,
    run: { workshopId: planOf().id, runId: RUN, workspaceId: '4242' },
    pace: REAL_PACE,
    queues,
    deletePool,
  };
}

const begin = (stage: Stage, input: TeardownInput): Promise<WorkflowHandle> =>
  stage.client.workflow.start('teardown', {
    workflowId: teardownAddress(input.run.workshopId),
    taskQueue: stage.queue,
    args: [input],
  });

async function removal(stage: Stage, { deletePool = true } = {}): Promise<TeardownReport> {
  return (await (await begin(stage, inputFor(stage, deletePool))).result()) as TeardownReport;
}

/** Writes down which of these activities were called, in order, and lets them go on. */
function recorded(
  fake: Activities,
  names: readonly (keyof Activities)[],
  log: { name: string; input: unknown }[],
): Partial<Activities> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (...input: never[]) => {
        log.push({ name, input: input.at(-1) });
        return (fake[name] as (...input: never[]) => unknown)(...input);
      },
    ]),
  );
}

test('the pool is quieted first; clusters are stopped before they are deleted, and the pool goes last', async () => {
  const log: { name: string; input: unknown }[] = [];
  const stage = await furnished((fake) =>
    recorded(
      fake,
      ['closeCohorts', 'lookForRemains', 'quietPool', 'terminateClusters', 'deleteClusters', 'deletePool'],
      log,
    ),
  );
  const report = await removal(stage);
  expect(report).toMatchObject({
    stage: 'done',
    clustersDeleted: 2,
    clustersSeen: 2,
    clustersLeft: 0,
    poolsDeleted: 1,
    poolKept: false,
    proof: { clusters: 0, pools: 0 },
  });
  expect(report.upMs).toBeGreaterThan(0);

  const names = log.map(({ name }) => name);
  expect(names.indexOf('quietPool')).toBeLessThan(names.indexOf('terminateClusters'));
  expect(names.indexOf('closeCohorts')).toBeLessThan(names.indexOf('terminateClusters'));
  expect(names.indexOf('terminateClusters')).toBeLessThan(names.indexOf('deleteClusters'));
  expect(names.lastIndexOf('deleteClusters')).toBeLessThan(names.indexOf('deletePool'));
  // Two looks in a row close the proof.
  expect(names.slice(-2)).toEqual(['lookForRemains', 'lookForRemains']);
  const { first, second } = report.proof;
  expect(Date.parse(second ?? '') - Date.parse(first ?? '')).toBeGreaterThanOrEqual(REAL_PACE.proofGap);
});

test('only a run still going is metered: what a stopped cluster ran is in its seat’s books already', async () => {
  const stage = await openStage();
  const now = await stage.clock.now();
  const cluster = (key: string) =>
    stage.workspace.create(now - 5 * HOUR, { name: `cluster ${key}`, key, runId: RUN, userName: key });
  stage.workspace.stop(now - 2 * HOUR, cluster('stopped').id);
  expect((await removal(stage)).upMs).toBe(0);
  const lately = await openStage({ workspace: { autoTerminationMs: 24 * HOUR } });
  const then = await lately.clock.now();
  lately.workspace.create(then - 5 * HOUR, { name: 'lately', key: 'lately', runId: RUN, userName: 'lately' });
  // Nobody was looking any more when it stopped.
  lately.workspace.stop(then - 90_000, 'c1');
  expect((await removal(lately)).upMs).toBeGreaterThan(4 * HOUR);
  const other = await openStage();
  other.workspace.create((await other.clock.now()) - HOUR / 2, {
    name: 'running',
    key: 'running',
    runId: RUN,
    userName: 'running',
  });
  expect((await removal(other)).upMs).toBeGreaterThan(HOUR / 2);
});

test('only what a look has shown is touched: somebody else’s cluster stays', async () => {
  const log: { name: string; input: unknown }[] = [];
  const stage = await furnished((fake) => recorded(fake, ['terminateClusters', 'deleteClusters'], log));
  await removal(stage);
  expect(log.flatMap(({ input }) => (input as { ids: string[] }).ids).every((id) => id === 'c1' || id === 'c2')).toBe(
    true,
  );
  expect([...stage.workspace.clusters.keys()]).toEqual(['c3']);
  expect(stage.workspace.removed.toSorted()).toEqual(['c1', 'c2']);
});

test('a refused token and a workspace that is down hold it up, visibly, and do not end it', async () => {
  let refusals = 3;
  let outages = 2;
  const stage = await furnished((fake) => ({
    lookForRemains: (run) => {
      if ((refusals -= 1) >= 0)
        throw ApplicationFailure.nonRetryable('GET /clusters/list: HTTP 401', 'UNAUTHENTICATED', {
          toDo: "Renew the worker's credentials.",
        });
      return fake.lookForRemains(run);
    },
    deleteClusters: (run, input) => {
      if ((outages -= 1) >= 0)
        throw ApplicationFailure.nonRetryable('POST /permanent-delete: HTTP 503', 'TEMPORARILY_UNAVAILABLE');
      return fake.deleteClusters(run, input);
    },
  }));
  const handle = await begin(stage, inputFor(stage, true));
  await stage.clock.sleep(1.5 * REAL_PACE.recheck);
  expect(await handle.query<TeardownReport>('progress')).toMatchObject({
    stage: 'removing',
    trouble: expect.stringContaining("HTTP 401 Renew the worker's credentials."),
  });
  const report = (await handle.result()) as TeardownReport;
  expect(report).toMatchObject({ stage: 'done', clustersDeleted: 2, proof: { clusters: 0, pools: 0 } });
  expect(report.trouble).toBeUndefined();
  expect([refusals, outages].every((left) => left < 0)).toBe(true);
});

test('one that is refused and one that fails keep neither the pool nor the others; both are tried again', async () => {
  let pinned = true;
  let outages = 1;
  const tries: string[][] = [];
  const stage = await furnished((fake) => ({
    deleteClusters: async (run, { ids }) => {
      tries.push([...ids]);
      await fake.deleteClusters(run, { ids: ids.filter((id) => id !== 'c2' || !pinned) });
      if (ids.includes('c2') && pinned)
        return [{ id: 'c2', why: 'it is pinned', toDo: 'databricks clusters unpin c2', refused: true }];
      return [];
    },
    terminateClusters: async (run, { ids }) => {
      if ((outages -= 1) >= 0) return ids.map((id) => ({ id, why: 'HTTP 503', toDo: '', refused: false }));
      return fake.terminateClusters(run, { ids });
    },
  }));
  const handle = await begin(stage, inputFor(stage, true));
  await stage.clock.sleep(3 * REAL_PACE.recheck);
  const held = await handle.query<TeardownReport>('progress');
  expect(held).toMatchObject({
    stage: 'removing',
    clustersDeleted: 1,
    clustersLeft: 1,
    poolsDeleted: 1,
    trouble: expect.stringContaining('cluster ben (c2): it is pinned. Type: databricks clusters unpin c2'),
    refused: [{ id: 'c2', name: 'cluster ben' }],
  });
  expect([...stage.workspace.clusters.keys()]).toEqual(['c2', 'c3']);
  expect(stage.workspace.pool).toBeUndefined();
  // What went well is not asked for again, and what is refused only once in a while.
  expect(tries.filter((ids) => ids.includes('c1'))).toHaveLength(1);
  expect(tries.length).toBeLessThan(8);
  pinned = false;
  const report = (await handle.result()) as TeardownReport;
  expect(report).toMatchObject({
    stage: 'done',
    clustersDeleted: 2,
    clustersLeft: 0,
    proof: { clusters: 0, pools: 0 },
  });
  expect(report.trouble).toBeUndefined();
  expect(report.refused).toBeUndefined();
});

test('a list that cannot be read keeps nothing of the other one, and is no proof', async () => {
  let unreadable = true;
  const stage = await furnished((fake) => ({
    lookForRemains: async (run) => {
      const remains = await fake.lookForRemains(run);
      return unreadable ? { ...remains, pools: [], unread: [{ what: 'pools', why: 'HTTP 500' }] } : remains;
    },
  }));
  const handle = await begin(stage, inputFor(stage, true));
  await stage.clock.sleep(3 * REAL_PACE.recheck);
  expect(await handle.query<TeardownReport>('progress')).toMatchObject({
    stage: 'removing',
    clustersDeleted: 2,
    trouble: expect.stringContaining("the list of the workspace's pools"),
  });
  unreadable = false;
  expect((await handle.result()) as TeardownReport).toMatchObject({ stage: 'done', poolsDeleted: 1 });
});

test('a cluster that shows up between the two listings is removed too, and the proof begins anew', async () => {
  let emptyLooks = 0;
  const stage = await furnished((fake, { workspace, clock }) => ({
    lookForRemains: async (run) => {
      const remains = await fake.lookForRemains(run);
      // The first empty look after the pool has gone is the first of the proof: a create whose answer was lost comes to
      // light after it.
      if (remains.clusters.length + remains.pools.length === 0 && (emptyLooks += 1) === 2) {
        workspace.create(await clock.now(), { name: 'lost', key: 'lost', runId: RUN, userName: 'ann' });
      }
      return remains;
    },
  }));
  const report = await removal(stage);
  expect(report).toMatchObject({
    stage: 'done',
    clustersDeleted: 3,
    clustersSeen: 3,
    clustersLeft: 0,
    proof: { clusters: 0 },
  });
  expect(stage.workspace.removed).toContain('c4');
});

test('a pool that stays must be quiet, however often it has to be told', async () => {
  let asked = 0;
  const stage = await furnished((fake) => ({
    quietPool: async (run, input) => {
      asked += 1;
      // Instances that are let go are still there for a while.
      if (asked >= 3) await fake.quietPool(run, input);
      return undefined;
    },
    deletePool: () => {
      throw ApplicationFailure.nonRetryable('nobody asked for that', 'TEST');
    },
  }));
  const report = await removal(stage, { deletePool: false });
  expect(asked).toBe(3);
  expect(report).toMatchObject({ stage: 'done', poolsDeleted: 0, poolKept: true, proof: { clusters: 0, pools: 0 } });
  expect(stage.workspace.pool).toMatchObject({ min: 0, used: 0, idle: 0, pending: 0 });
});

test('a second one does not start beside the first', async () => {
  const stage = await furnished();
  const input = inputFor(stage, true);
  const first = await begin(stage, input);
  await expect(begin(stage, input)).rejects.toThrow(/already started/i);
  expect((await first.result()) as TeardownReport).toMatchObject({ stage: 'done' });
});

test('what another server works with, which has taken over this very run, stays as it is', async () => {
  const released: unknown[] = [];
  const stage = await furnished(() => ({
    takenOver: async (run) => ({
      v: 1,
      workshopId: run.workshopId,
      runId: run.runId,
      server: { id: 'b', address: 'temporal.example.com:7233', namespace: 'default', host: 'worker-7' },
      since: 0,
      seen: 0,
      goodForMs: HOUR,
    }),
    releaseClaim: async (run) => {
      released.push(run);
    },
  }));
  const clusters = stage.workspace.all(await stage.clock.now()).map(({ id }) => id);
  const input = { ...inputFor(stage, true), claimVolume: 'main.default.init_scripts' };
  const report = (await (await begin(stage, input)).result()) as TeardownReport;
  expect(report).toMatchObject({ stage: 'done', clustersDeleted: 0, proof: { first: null, second: null } });
  expect(report.left).toContain('temporal.example.com:7233');
  expect(stage.workspace.all(await stage.clock.now()).map(({ id }) => id)).toEqual(clusters);
  expect(stage.workspace.pool).toMatchObject({ min: 2 });
  expect(released).toEqual([]);
});
