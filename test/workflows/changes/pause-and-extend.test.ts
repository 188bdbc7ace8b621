import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, DAY, EVENT, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

async function opened(people: number, before: number): Promise<{ stage: Stage; start: number }> {
  const stage = await openStage({ workspace: { autoTerminationMs: 12 * HOUR } });
  const start = (await stage.clock.now()) + before;
  await stage.open(workshopInput({ plan: planOf(), people: attendees(people), start, queue: stage.queue }));
  return { stage, start };
}

const refusal = async (stage: Stage, name: string, input: unknown): Promise<string> => {
  const error: unknown = await stage.update(name, input).catch((reason: unknown) => reason);
  return error instanceof WorkflowUpdateFailedError ? (error.cause?.message ?? '') : `not refused: ${String(error)}`;
};

test('paused, nothing is made or started and no page turns; resumed, everybody catches up', async () => {
  const { stage, start } = await opened(2, 8 * DAY);
  await stage.sleepUntil(start - 8 * DAY + MINUTE);
  await stage.update('pause', { by: 'Ann', reason: 'the budget is being discussed' });
  expect(await refusal(stage, 'pause', { by: 'Bo' })).toBe('it was paused already, by Ann');

  await stage.sleepUntil(start - 2 * DAY);

  expect(stage.workspace.all(await stage.clock.now())).toEqual([]);
  const { heading, paused, attendees: people } = await stage.progress();
  expect({ heading, paused: paused?.reason }).toEqual({
    heading: 'two weeks before',
    paused: 'the budget is being discussed',
  });
  expect(people.byState).toEqual({ enrolled: 2 });

  await stage.update('resume', { by: 'Bo' });
  expect(await refusal(stage, 'resume', { by: 'Bo' })).toBe('it is not paused');
  await stage.sleepUntil(start);
  expect((await stage.progress()).attendees).toMatchObject({ everReady: 2, byState: { ready: 2 } });
  expect((await stage.report()).attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
});

test('a pause does not hold up the end: what was made before it is removed, and the report written', async () => {
  const { stage, start } = await opened(2, 8 * DAY);
  await stage.sleepUntil(start - 2 * DAY);

  expect((await stage.progress()).attendees.byState).toEqual({ parked: 2 });
  await stage.update('pause', { by: 'Ann' });
  const report = await stage.report();
  expect(report).toMatchObject({ attendees: { total: 2, ready: 0 }, proof: { clusters: 0, pools: 0 } });
});

test('an hour more, asked for in the event, and once more when it was over already', async () => {
  const { stage, start } = await opened(2, HOUR);
  const end = start + EVENT;
  await stage.sleepUntil(start + EVENT - HOUR);
  const looks = stage.told.jobs.length;
  const extend = (hours: number) =>
    stage.update<{ recorded: string }>('extend', {
      by: 'Ann',
      end: end + hours * HOUR,
      teardown: end + (hours + 1) * HOUR,
    });
  expect(await extend(1)).toEqual({ recorded: 'the end was moved by Ann' });
  await stage.sleepUntil(end + 30 * MINUTE);
  expect(await stage.progress()).toMatchObject({ heading: 'during', end: end + HOUR });
  expect(stage.told.jobs.length).toBeGreaterThan(looks);

  await stage.sleepUntil(end + 90 * MINUTE);
  expect((await stage.progress()).heading).toBe('after');
  expect(await extend(2)).toEqual({ recorded: 'the end was moved by Ann; the workshop goes on' });
  await stage.sleepUntil(end + 110 * MINUTE);
  expect(await stage.progress()).toMatchObject({ heading: 'during', end: end + 2 * HOUR });
  expect(await refusal(stage, 'extend', { end: end + HOUR, teardown: end + 2 * HOUR })).toBe(
    'that is not later than the end is now',
  );
  const { byState } = (await stage.progress()).attendees;
  expect((byState.ready ?? 0) + (byState.asleep ?? 0)).toBe(2);

  const report = await stage.report();
  expect(report.attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
  expect(await refusal(stage, 'extend', { end: end + 9 * HOUR, teardown: end + 9 * HOUR })).not.toBe('');
});
