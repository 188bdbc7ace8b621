import { expect, test } from 'vitest';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { Wanted } from '../../../src/workflows/cohort/wanted.ts';
import type { Raise } from '../../../src/workflows/shared/messages.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';

const timeline = timelineOf(examplePlan());
const HOUR = 3_600_000;
const moved = { ...timeline, start: timeline.start + HOUR, end: timeline.end + HOUR };
const asked: Raise = {
  target: 'ready',
  wake: false,
  testersOnly: false,
  infrastructure: { mayCreate: true, held: false },
};

const heard = (message: Raise, before: Raise = asked) =>
  new Wanted({ wanted: before, testersWanted: before, timeline }).hear(message).waits;

test('a start that was moved, of which nobody is told, waits for what is wanted next', () => {
  expect(heard({ ...asked, timeline: moved })).toBe(true);
  expect(heard({ ...asked, timeline: moved }, { ...asked, startTold: timeline.start })).toBe(false);
  expect(heard({ ...asked, timeline: moved, startTold: timeline.start }, { ...asked, startTold: timeline.start })).toBe(
    true,
  );
});

test('a start that letters are to name, and an end that was moved alone, wait for nothing', () => {
  expect(heard({ ...asked, timeline: moved, startTold: moved.start })).toBe(false);
  expect(heard({ ...asked, timeline: { ...timeline, end: moved.end } })).toBe(false);
});

test('nor does another target, whatever was moved with it', () => {
  expect(heard({ ...asked, timeline: moved }, { ...asked, target: 'prepared' })).toBe(false);
  expect(heard({ ...asked, timeline: moved, due: { save: 1 } })).toBe(false);
});
