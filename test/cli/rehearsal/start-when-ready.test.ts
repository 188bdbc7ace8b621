import { expect, test } from 'vitest';
import { StartWhenReady } from '../../../src/cli/rehearsal/start-when-ready.ts';
import type { RescheduleInput } from '../../../src/domain/replayed/checklist/requests.ts';
import { progressAt } from '../sample-progress.ts';

const NOW = 1_000_000_000;
const SECOND = 1_000;
const timeline = {
  twoWeeksBefore: NOW,
  oneWeekBefore: NOW,
  dayBefore: NOW,
  dayOf: NOW + 60 * SECOND,
  start: NOW + 90 * SECOND,
  end: NOW + 96 * SECOND,
  teardown: NOW + 97 * SECOND,
};

/** A rehearsal on a computer that is so many times slower than it could be. */
function rehearsal(slowness: number, lastChecks?: number) {
  const asked: RescheduleInput[] = [];
  const said: string[] = [];
  const client = { reschedule: async (_: string, input: RescheduleInput) => (asked.push(input), { recorded: '' }) };
  const load = { now: slowness };
  const late = new StartWhenReady(client, { id: 'r', timeline, load, say: (line) => said.push(line), lastChecks });
  return { late, asked, said };
}

const at = (heading: 'day before' | 'day of' | 'during', byState: Readonly<Record<string, number>> = {}) => {
  const progress = progressAt(heading);
  return { ...progress, attendees: { ...progress.attendees, byState } };
};

test('the slower the computer, the sooner it is decided, and the longer the step', async () => {
  const { late, asked } = rehearsal(8);
  await late.consider(at('day of', { starting: 2 }), NOW + 15 * SECOND);
  expect(asked[0]?.timeline.start).toBe(timeline.start + 160 * SECOND);
});

test('answers that come late show how slow the computer is, for a minute', async () => {
  const { late, asked } = rehearsal(1);
  const starting = at('day of', { starting: 2 });
  await late.consider(starting, NOW + 10 * SECOND, 30 * SECOND);
  expect(asked[0]?.timeline.start).toBe(timeline.start + 200 * SECOND);
  const { late: quick, asked: never } = rehearsal(1);
  await quick.consider(starting, NOW + 10 * SECOND, SECOND);
  await quick.consider(starting, NOW + 85 * SECOND, SECOND);
  expect(never).toEqual([]);
});

test('an answer that took minutes moves the start by minutes, and leaves time for more', async () => {
  const { late, asked } = rehearsal(1);
  await late.consider(at('day of', { starting: 2 }), NOW + 10 * SECOND, 400 * SECOND);
  expect(asked[0]?.timeline.start).toBe(timeline.start + 240 * SECOND);
});

test('the day waits for the days before it, and everything moves together', async () => {
  const { late, asked, said } = rehearsal(1);
  await late.consider(at('day before'), NOW + 10 * SECOND);
  expect(asked).toEqual([]);
  await late.consider(at('day before'), NOW + 55 * SECOND);
  expect(asked.map((input) => input.timeline)).toEqual([
    {
      ...timeline,
      dayOf: NOW + 90 * SECOND,
      start: NOW + 120 * SECOND,
      end: NOW + 126 * SECOND,
      teardown: NOW + 127 * SECOND,
    },
  ]);
  expect(said).toEqual([expect.stringContaining('needs longer than planned')]);
  expect(late.waited).toBe(30 * SECOND);
});

test('a day before on which all is done, or waits for what failed, is put off no more', async () => {
  const { late, asked } = rehearsal(1);
  const progress = at('day before');
  const checklist = progress.checklist.map((item) => ({ ...item, state: 'passed' as const }));
  await late.consider({ ...progress, checklist }, NOW + 55 * SECOND);
  const stuck = checklist.map((item) => {
    if (item.id === 'canary') return { ...item, state: 'failed' as const };
    return item.needs.includes('canary') ? { ...item, state: 'waiting' as const } : item;
  });
  await late.consider({ ...progress, checklist: stuck }, NOW + 55 * SECOND);
  expect(asked).toEqual([]);
  const running = checklist.map((item) => (item.id === 'handover' ? { ...item, state: 'running' as const } : item));
  await late.consider({ ...progress, checklist: running }, NOW + 55 * SECOND);
  expect(asked).toHaveLength(1);
});

test('on the day, clusters on their way are waited for where the computer is slow, not the sandbox', async () => {
  for (const [slowness, waits] of [
    [8, 1],
    [1, 0],
  ] as const) {
    const { late, asked } = rehearsal(slowness);
    await late.consider(at('day of', { ready: 3, starting: 1 }), NOW + 85 * SECOND);
    expect(asked).toHaveLength(waits);
  }
});

test('on the day, a pool that a slow computer still warms is waited for, and the page stays open', async () => {
  const warming = at('day of', { parked: 4 });
  const checklist = warming.checklist.map((item) =>
    item.id === 'warm-pool' ? { ...item, state: 'running' as const } : item,
  );
  for (const [slowness, waits] of [
    [3, 1],
    [1, 0],
  ] as const) {
    const { late, asked } = rehearsal(slowness);
    await late.consider({ ...warming, checklist }, NOW + 61 * SECOND);
    expect(asked.map((input) => input.timeline)).toEqual(
      waits === 0
        ? []
        : [{ ...timeline, start: asked[0]?.timeline.start, end: expect.any(Number), teardown: expect.any(Number) }],
    );
    expect(late.waited).toBe(waits * 60 * SECOND);
  }
});

test('nobody is waited for who has failed, is ready, or when the workshop has begun', async () => {
  const { late, asked } = rehearsal(8);
  await late.consider(at('day of', { ready: 3, failed: 1 }), NOW + 85 * SECOND);
  await late.consider(at('during', { starting: 4 }), NOW + 95 * SECOND);
  expect(asked).toEqual([]);
});

test('it ends: what has not happened after half an hour does not come of the computer alone', async () => {
  const { late, asked, said } = rehearsal(1);
  for (let n = 0; n < 100; n += 1) await late.consider(at('day before'), NOW + 3_600 * SECOND);
  expect(asked).toHaveLength(60);
  expect(said).toHaveLength(1);
});

const done = (
  heading: 'day before' | 'day of',
  byState: Readonly<Record<string, number>>,
  checks: 'passed' | 'waiting',
) => {
  const progress = at(heading, byState);
  const checklist = progress.checklist.map((item) => ({
    ...item,
    state: item.id === 'checks' ? checks : ('passed' as const),
  }));
  return { ...progress, checklist };
};

test('with thousands, what all is done for comes at once; with a few, at its time', async () => {
  const { late, asked } = rehearsal(1, 20 * SECOND);
  await late.consider(done('day before', { parked: 140 }, 'waiting'), NOW + 20 * SECOND);
  expect(asked.map((input) => input.timeline)).toEqual([
    {
      ...timeline,
      dayOf: NOW + 25 * SECOND,
      start: NOW + 55 * SECOND,
      end: NOW + 61 * SECOND,
      teardown: NOW + 62 * SECOND,
    },
  ]);
  expect(late.waited).toBe(0);
  const { late: few, asked: never } = rehearsal(1);
  await few.consider(done('day before', { parked: 140 }, 'waiting'), NOW + 20 * SECOND);
  expect(never).toEqual([]);
});

test('with thousands, the start comes once all are ready, and leaves the last checks their time', async () => {
  for (const [byState, checks, left] of [
    [{ ready: 139, failed: 1 }, 'waiting', 25],
    [{ ready: 140 }, 'passed', 5],
    [{ ready: 139, starting: 1 }, 'waiting', undefined],
  ] as const) {
    const { late, asked } = rehearsal(1, 20 * SECOND);
    await late.consider(done('day of', byState, checks), NOW + 40 * SECOND);
    expect(asked.map((input) => input.timeline?.start)).toEqual(left === undefined ? [] : [NOW + (40 + left) * SECOND]);
  }
});

test('what is still worked on is no reason to hurry', async () => {
  const { late, asked } = rehearsal(1, 20 * SECOND);
  const progress = done('day before', { parked: 140 }, 'waiting');
  const checklist = progress.checklist.map((item) =>
    item.id === 'handover' ? { ...item, state: 'running' as const } : item,
  );
  await late.consider({ ...progress, checklist }, NOW + 20 * SECOND);
  expect(asked).toEqual([]);
});
