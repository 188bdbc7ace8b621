import { expect, test } from 'vitest';
import { timelineTakenOver } from '../../../../src/domain/replayed/checklist/timeline-taken-over.ts';
import { HOUR } from '../../../../src/domain/replayed/time/units.ts';

const at = (start: number, length = 4 * HOUR) => ({
  twoWeeksBefore: start - 300 * HOUR,
  oneWeekBefore: start - 150 * HOUR,
  dayBefore: start - 24 * HOUR,
  dayOf: start - HOUR,
  start,
  end: start + length,
  teardown: start + length + HOUR,
});
const BEGAN = at(1_000 * HOUR);
const MOVED = at(1_024 * HOUR, 5 * HOUR);

test('a file that says what it always said changes nothing of what was moved, nor does the moved start in it', () => {
  expect(timelineTakenOver(BEGAN, MOVED, BEGAN)).toBe(MOVED);
  expect(timelineTakenOver(BEGAN, MOVED, at(MOVED.start))).toBe(MOVED);
});

test('a file that says another start or another length by now counts for more', () => {
  for (const file of [at(1_048 * HOUR), at(BEGAN.start, 6 * HOUR)])
    expect(timelineTakenOver(BEGAN, MOVED, file)).toBe(file);
});

test('what was never moved, and what nobody knows any more, is what the file says', () => {
  const file = at(1_048 * HOUR);
  expect(timelineTakenOver(BEGAN, undefined, file)).toBe(file);
  expect(timelineTakenOver(undefined, MOVED, file)).toBe(file);
});
