import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { reaperAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { poolNeeded } from '../../../src/domain/replayed/ending/reaping.ts';
import type { ReaperInput } from '../../../src/workflows/reaper.ts';
import { openStage, type Stage, type StageOptions } from '../stage/time-skipping.ts';
import { onOneQueue, HOUR, planOf, REAL_PACE } from '../stage/workshop-input.ts';

const RUN = 'run-of-nobody';

/** One visit to a workshop of which a cluster runs and a pool keeps machines waiting. */
async function visit({
  endsIn,
  startsIn = endsIn - 4 * HOUR,
  options = {},
  appsSince,
}: {
  endsIn: number;
  startsIn?: number;
  options?: StageOptions;
  appsSince?: number;
}): Promise<{ stage: Stage; because: string }> {
  const stage = await openStage(options);
  const now = await stage.clock.now();
  stage.workspace.create(now, { name: 'cluster of ann', key: 'ann', runId: RUN, userName: 'ann' });
  stage.workspace.pool = { id: 'pool-1', runId: RUN, min: 140, used: 0, idle: 140, pending: 0 };
  const plan = planOf();
  const queues = onOneQueue(stage.queue);
  const input: ReaperInput = {
    v: 1,
    run: { workshopId: plan.id, runId: RUN, workspaceId: '4242' },
    pace: REAL_PACE,
    queues,
    plan,
    teardownAt: now + endsIn,
    needed: poolNeeded({ dayOf: now + startsIn, end: now + endsIn }, 5, 1),
    ...(appsSince === undefined ? {} : { appsSince }),
  };
  const handle = await stage.client.workflow.start('reaper', {
    workflowId: reaperAddress(plan.id),
    taskQueue: stage.queue,
    args: [input],
  });
  return { stage, because: (await handle.result()) as string };
}

test('a lifecycle gone before its end is an alarm: no cluster is touched, no machine waits in the pool', async () => {
  const { stage, because } = await visit({ endsIn: HOUR });
  expect(because).toMatch(/gone before its end/);
  expect(stage.told.notices).toEqual(['reaper-alarm-gone']);
  expect(stage.workspace.clusters.get('c1')?.state).toBe('PENDING');
  expect(stage.workspace.pool).toMatchObject({ min: 0, idle: 0 });
});

test('the alarm goes out even when the pool cannot be told', async () => {
  const { stage } = await visit({
    endsIn: HOUR,
    options: {
      change: () => ({
        quietPool: async () => {
          throw ApplicationFailure.nonRetryable('HTTP 403', 'PERMISSION_DENIED');
        },
      }),
    },
  });
  expect(stage.told.notices).toEqual(['reaper-alarm-gone']);
});

test('a pool that may not be told is named to the admin with the command', async () => {
  const { stage } = await visit({
    endsIn: HOUR,
    options: {
      change: () => ({
        quietPool: async (_run, { pool }) => ({ id: pool.id, why: 'HTTP 403', toDo: 'databricks …', refused: true }),
      }),
    },
  });
  expect(stage.told.notices).toEqual(['reaper-alarm-gone', 'reaper-alarm-pool']);
});

test('what is left after the end is removed, unless somebody has taken the workshop up since', async () => {
  const started: string[] = [];
  const noted: StageOptions['change'] = () => ({ startTeardown: async ({ run }) => void started.push(run.runId) });
  await visit({ endsIn: -HOUR, options: { change: noted } });
  expect(started).toEqual([RUN]);

  let asked = 0;
  await visit({
    endsIn: -HOUR,
    options: {
      change: (fake, stage) => ({
        ...noted(fake, stage),
        // Of its people's workflows none was ever there.
        standingOf: async ({ workflowId }) => {
          if (workflowId.includes('/cohort/')) return 'none';
          return (asked += 1) === 1 ? 'none' : 'running';
        },
      }),
    },
  });
  expect(asked).toBe(2);
  expect(started).toEqual([RUN]);
});

test.each([
  ['STOPPED', []],
  ['ACTIVE', ['reaper-apps']],
])('with nobody left to do it, people’s apps are told to end: %s', async (state, told) => {
  const asked: { cohorts: number; dayOf: number }[] = [];
  const { stage } = await visit({
    endsIn: -HOUR,
    appsSince: 42,
    options: {
      change: () => ({
        startTeardown: async () => {},
        standingOf: async ({ workflowId }) => (/cohort\/[01]$/.test(workflowId) ? 'closed' : 'none'),
        endApps: async (_run, { plan, timeline, cohorts }) => {
          asked.push({ cohorts, dayOf: timeline.dayOf });
          const there = [{ name: 'ann-app', creator: 'ann@example.com', state }];
          return { afterwards: plan.apps.afterwards, names: ['ann-app'], there, refused: [] };
        },
      }),
    },
  });
  expect(asked).toEqual([{ cohorts: 2, dayOf: 42 }]);
  expect(stage.told.notices).toEqual(told);
});

test('what could not be read after the end is no reason to retire', async () => {
  const started: string[] = [];
  const { because } = await visit({
    endsIn: -HOUR,
    options: {
      change: (fake) => ({
        lookForRemains: async (run) => ({
          ...(await fake.lookForRemains(run)),
          clusters: [],
          pools: [],
          unread: [{ what: 'clusters', why: 'HTTP 500' }],
        }),
        startTeardown: async ({ run }) => void started.push(run.runId),
      }),
    },
  });
  expect(because).toMatch(/1 of its things/);
  expect(started).toEqual([RUN]);
});

test('while the lifecycle runs nothing is done; long after the end it is not waited for', async () => {
  const running: StageOptions['change'] = () => ({ standingOf: async () => 'running' });
  const { stage } = await visit({ endsIn: HOUR, options: { change: running } });
  expect(stage.told.notices).toEqual([]);
  expect(stage.workspace.pool).toMatchObject({ min: 140 });

  const late = await visit({ endsIn: -3 * HOUR, options: { change: running } });
  expect(late.stage.told.notices).toEqual(['reaper-alarm-late', 'reaper-alarm-pool']);

  const started: string[] = [];
  await visit({
    endsIn: -7 * HOUR,
    options: {
      change: () => ({
        standingOf: async () => 'running',
        startTeardown: async ({ run }) => void started.push(run.runId),
      }),
    },
  });
  expect(started).toEqual([RUN]);
});

test('beside a lifecycle that is there, machines that nobody needs soon do not wait', async () => {
  const days = { endsIn: 100 * HOUR };
  const running = await visit({ ...days, options: { change: () => ({ standingOf: async () => 'running' }) } });
  expect(running.stage.workspace.pool).toMatchObject({ min: 0 });
  expect(running.stage.told.notices).toEqual(['reaper-alarm-pool']);

  // Gone at the second look: it was a trial of the lifecycle's own.
  let looks = 0;
  const trial = await visit({
    ...days,
    options: {
      change: (fake) => ({
        standingOf: async () => 'running',
        lookAtPools: async (run) => ((looks += 1) === 1 ? fake.lookAtPools(run) : []),
      }),
    },
  });
  expect(looks).toBe(2);
  expect(trial.stage.told.notices).toEqual([]);

  const idle: (number | undefined)[] = [];
  const stuck = await visit({
    endsIn: 5 * HOUR,
    options: {
      change: (fake) => ({
        standingOf: async () => 'stuck',
        quietPool: async (run, input) => {
          idle.push(input.idleMinutes);
          return fake.quietPool(run, input);
        },
      }),
    },
  });
  expect(stuck.stage.workspace.pool).toMatchObject({ min: 0 });
  expect(idle).toEqual([60]);
  expect(stuck.stage.told.notices).toEqual(['reaper-alarm-stuck', 'reaper-alarm-pool']);
});
