import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, timelineAround, workshopInput } from '../stage/workshop-input.ts';

async function opened(people: number, before: number): Promise<{ stage: Stage; start: number }> {
  const stage = await openStage();
  const start = (await stage.clock.now()) + before;
  await stage.open(workshopInput({ plan: planOf(), people: attendees(people), start, queue: stage.queue }));
  return { stage, start };
}

async function refusal(stage: Stage, moment: number): Promise<string> {
  const error: unknown = await stage
    .update('reschedule', { timeline: timelineAround(moment) })
    .catch((reason: unknown) => reason);
  return error instanceof WorkflowUpdateFailedError
    ? (error.cause?.message ?? '')
    : `not refused: ${JSON.stringify(error)}`;
}

const move = (stage: Stage, moment: number) =>
  stage.update<{ recorded: string }>('reschedule', { by: 'Ann', timeline: timelineAround(moment) });

const states = async (stage: Stage) => (await stage.progress()).attendees.byState;

test('an hour later: everybody waits, what is done stays done, and each person is told once', async () => {
  const { stage, start } = await opened(2, 90 * MINUTE);
  await stage.sleepUntil(start - 60 * MINUTE);
  expect(await refusal(stage, start - 2 * HOUR)).toBe('that moment has passed already');
  expect(await refusal(stage, start)).toBe('that is when it starts already');
  expect(await move(stage, start + HOUR)).toEqual({
    recorded: 'the start was moved by Ann; what is done stays done',
  });
  expect((await stage.progress()).start).toBe(start + HOUR);

  await stage.sleepUntil(start);
  expect(await states(stage)).toEqual({ parked: 2 });
  await stage.sleepUntil(start + HOUR);
  expect((await stage.progress()).attendees).toMatchObject({ everReady: 2, byState: { ready: 2 } });
  expect(
    stage.told.letters
      .filter(({ about }) => about === 'moved')
      .map(({ email }) => email)
      .toSorted(),
  ).toEqual(attendees(2));
  expect((await stage.report()).attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
});

test('from the morning of the day to ten days later: parked until then, the canary again, sign-offs kept', async () => {
  const { stage, start } = await opened(2, 3 * HOUR);
  await stage.sleepUntil(start - 2 * MINUTE);
  expect(await states(stage)).toEqual({ ready: 2 });
  await stage.update('signOff', { item: 'proxy', by: 'Ann' });
  const later = start + 10 * DAY;
  expect((await move(stage, later)).recorded).toMatch(
    /^the start was moved by Ann; done again: pool, endpoint, canary, access, unchanged, .*clusters/,
  );

  await stage.sleepUntil(start + HOUR);
  expect(await states(stage)).toEqual({ parked: 2 });
  const { heading, checklist } = await stage.progress();
  expect(heading).toBe('two weeks before');
  const line = (id: string) => checklist.find((item) => item.id === id);
  expect(line('proxy')).toMatchObject({ state: 'signed off', by: 'Ann' });
  expect(line('canary')).toMatchObject({ state: 'passed' });
  expect(line('canary')?.at).toBeGreaterThan(start - 2 * MINUTE);
  expect(line('clusters')).toMatchObject({ state: 'waiting' });
  const clusters = (await stage.roster()).map(({ cluster }) => cluster?.id);

  await stage.sleepUntil(later);
  expect((await stage.progress()).attendees).toMatchObject({ everReady: 2, byState: { ready: 2 } });
  expect((await stage.roster()).map(({ cluster }) => cluster?.id)).toEqual(clusters);
  expect(stage.told.letters.filter(({ about }) => about === 'moved')).toHaveLength(2);
  expect((await stage.report()).attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
});

test('to tomorrow instead of in three weeks: the pages follow each other at once', async () => {
  const { stage, start } = await opened(2, 21 * DAY);
  await stage.sleepUntil(start - 20 * DAY);
  const soon = (await stage.clock.now()) + 20 * HOUR;
  await move(stage, soon);
  await stage.sleepUntil(soon);
  expect((await stage.progress()).attendees).toMatchObject({ everReady: 2, byState: { ready: 2 } });
  expect((await stage.report()).attendees).toEqual({ total: 2, ready: 2, failed: 0, removed: 2 });
});
