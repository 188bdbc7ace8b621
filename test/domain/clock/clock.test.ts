import { expect, test } from 'vitest';
import { nextMoment } from '../../../src/domain/clock/clock.ts';

test('what is next is never the heading that the guide is open at', () => {
  const timeline = { dayBefore: 10, dayOf: 20, start: 30, end: 40, teardown: 50 };
  expect(nextMoment(timeline, 5)).toEqual({ name: 'day before', at: 10 });
  expect(nextMoment(timeline, 15, 'day before')).toEqual({ name: 'day of', at: 20 });
  expect(nextMoment(timeline, 15, 'day of')).toEqual({ name: 'the start', at: 30 });
  expect(nextMoment(timeline, 60, 'after')).toBeUndefined();
});
