import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { openStage } from './stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, timelineAround, workshopInput } from './stage/workshop-input.ts';

test('a start that is postponed comes later, for everybody', async () => {
  const stage = await openStage();
  const people = attendees(2);
  const start = (await stage.clock.now()) + 90 * MINUTE;
  await stage.open(workshopInput({ plan: planOf(), people, start, queue: stage.queue }));
  await stage.sleepUntil(start - 60 * MINUTE);
  const refusal = async (moment: number) => {
    const asked = stage.update('postpone', { timeline: timelineAround(moment) });
    const error: unknown = await asked.catch((reason: unknown) => reason);
    return error instanceof WorkflowUpdateFailedError ? error.cause?.message : `not refused: ${String(error)}`;
  };
  expect(await refusal(start - MINUTE)).toBe('that is not later than the start is now');
  await stage.update('postpone', { by: 'Ann', timeline: timelineAround(start + HOUR) });
  expect((await stage.progress()).start).toBe(start + HOUR);

  await stage.sleepUntil(start);
  expect((await stage.progress()).attendees.byState).toEqual({ parked: 2 });

  await stage.sleepUntil(start + HOUR);
  expect((await stage.progress()).attendees).toMatchObject({ everReady: 2, byState: { ready: 2 } });
  await stage.sleepUntil(start + HOUR + MINUTE);
  expect(await refusal(start + 2 * HOUR)).toBe('the workshop has started: its start stays as it is');
  expect((await stage.report()).attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
});
