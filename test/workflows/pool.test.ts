import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { POOL_WAITS, type PoolWaits } from '../../src/domain/replayed/made/pool-waits.ts';
import { openStage } from './stage/time-skipping.ts';
import { attendees, DAY, HOUR, planOf, timelineAround, workshopInput } from './stage/workshop-input.ts';

const onTheDay = () => planOf({ compute: { ...planOf().compute, preProvision: false } });

test('a failed drill waits to be asked; a pool that never fills is not filled again after the launches', async () => {
  const everybody = 4;
  let drills = 0;
  const stage = await openStage({
    change: (fake) => ({
      fillPool: async (run, input) => {
        if (input.minIdle === everybody) drills += 1;
        return { ...(await fake.fillPool(run, input)), idle: 0, errors: ['quota of the family used up'] };
      },
    }),
  });
  const start = (await stage.clock.now()) + 6 * HOUR;
  await stage.open(workshopInput({ plan: onTheDay(), people: attendees(everybody), start, queue: stage.queue }));
  await stage.sleepUntil(start - 4 * HOUR);
  expect(await stage.item('capacity')).toMatchObject({
    state: 'failed',
    evidence: expect.stringContaining('quota of the family used up'),
  });
  expect(drills).toBe(1);
  await stage.update('retry', { item: 'capacity', by: 'Ann' });
  await stage.sleepUntil(start - 3 * HOUR);
  expect(drills).toBe(2);
  await stage.sleepUntil(start);
  // While there is time, warming is tried again.
  expect(drills).toBeGreaterThan(3);
  expect((await stage.progress()).attendees.everReady).toBe(everybody);
  const report = await stage.report();
  expect(stage.workspace.poolMinimums.slice(-2)).toEqual([planOf().compute.pool.spares, 0]);
  // The cloud's own words are kept, whatever came later.
  expect(
    report.checklist
      .filter(({ id }) => id === 'capacity' || id === 'warm-pool')
      .map(({ state, evidence }) => [state, evidence?.includes('quota of the family used up')]),
  ).toEqual([
    ['failed', true],
    ['failed', true],
  ]);
});

test('a minimum that could not be lowered after a trial is red, and lowered as soon as it can be', async () => {
  let refuses = true;
  const stage = await openStage({
    change: (fake) => ({
      setPoolMinimum: async (run, input) => {
        if (input.minIdle === 0 && refuses) throw ApplicationFailure.nonRetryable('HTTP 401', 'UNAUTHENTICATED');
        return fake.setPoolMinimum(run, input);
      },
    }),
  });
  const start = (await stage.clock.now()) + 8 * HOUR;
  await stage.open(workshopInput({ plan: onTheDay(), people: attendees(4), start, queue: stage.queue }));
  await stage.sleepUntil(start - 7 * HOUR);
  const { state, evidence, toDo } = await stage.item('capacity');
  expect(state).toBe('failed');
  expect(evidence).toMatch(/pool-1 could not be lowered: up to 4 machines wait in it, for about 1\.00 USD an hour/);
  expect(toDo).toMatch(/databricks instance-pools edit --json '\{"instance_pool_id":"pool-1".*"min_idle_instances":0/);
  expect(stage.told.notices).toContain('pool-minimum');
  expect(stage.told.notices).toContain('capacity-failed');
  // Also for those whom no worker answers.
  const waits = (await stage.lifecycle.describe()).memo?.[POOL_WAITS] as PoolWaits;
  expect(waits).toMatchObject({ machines: 4, perHour: '1.00 USD', command: expect.stringContaining('pool-1') });
  // Nobody raises it meanwhile.
  expect(stage.workspace.poolMinimums.filter((minimum) => minimum > 0)).toHaveLength(1);
  refuses = false;
  await stage.sleepUntil(start - 6 * HOUR);
  // The drill itself had gone well.
  expect(await stage.item('capacity')).toMatchObject({ state: 'passed' });
  expect((await stage.lifecycle.describe()).memo?.[POOL_WAITS]).toBeFalsy();
  expect(stage.workspace.pool?.min).toBe(0);
});

test('a drill whose pool cannot be read is red when its time is up, and keeps nothing waiting', async () => {
  const stage = await openStage({
    change: (fake) => ({
      fillPool: async (run, input) => ({ ...(await fake.fillPool(run, input)), idle: 0, unread: 'HTTP 500' }),
    }),
  });
  const start = (await stage.clock.now()) + 8 * HOUR;
  await stage.open(workshopInput({ plan: onTheDay(), people: attendees(4), start, queue: stage.queue }));
  await stage.sleepUntil(start - 7 * HOUR);
  expect(await stage.item('capacity')).toMatchObject({
    state: 'failed',
    evidence: expect.stringContaining('could not be read for 20 min'),
    toDo: expect.stringContaining('databricks instance-pools get pool-1'),
  });
  expect(stage.told.notices).toContain('capacity-failed');
  expect(stage.workspace.pool?.min).toBe(0);
});

test('a drill that no worker goes on with ends by its time all the same', async () => {
  const stage = await openStage({
    change: (fake, { clock }) => ({
      fillPool: async (run, input) => {
        await fake.setPoolMinimum(run, { ...input, gathering: true });
        if (input.minIdle === 4) await clock.sleep(3 * HOUR);
        return fake.fillPool(run, input);
      },
    }),
  });
  const start = (await stage.clock.now()) + 8 * HOUR;
  await stage.open(workshopInput({ plan: onTheDay(), people: attendees(4), start, queue: stage.queue }));
  await stage.sleepUntil(start - 7 * HOUR);
  expect(await stage.item('capacity')).toMatchObject({ state: 'failed' });
  expect(stage.workspace.pool?.min).toBe(0);
});

test('once the event is over the pool keeps nothing; cancelled in the grace, the removal begins at once', async () => {
  const stage = await openStage();
  const start = (await stage.clock.now()) + HOUR;
  const plan = onTheDay();
  const around = timelineAround(start);
  const timeline = { ...around, teardown: around.end + 7 * DAY };
  await stage.open(workshopInput({ plan, people: attendees(2), start, queue: stage.queue, timeline }));
  await stage.sleepUntil(timeline.end - HOUR);
  expect(stage.workspace.pool?.min).toBe(plan.compute.pool.spares);
  await stage.sleepUntil(timeline.end + HOUR);
  expect(stage.workspace.pool?.min).toBe(0);
  expect(stage.workspace.clusters.size).toBe(2);
  await stage.update('cancel', { by: 'Ann', reason: 'everybody has gone home' });
  const report = await stage.report();
  expect(report.workshop.outcome).toBe('finished');
  expect(report.graceSkipped).toEqual({ by: 'Ann', reason: 'everybody has gone home' });
  expect(Date.parse(report.proof.second ?? '')).toBeLessThan(timeline.end + 3 * HOUR);
  expect(stage.workspace.clusters.size).toBe(0);
});
