import { expect, test } from 'vitest';
import { SlidingSum } from '../../src/serving/sliding-sum.ts';

const MINUTE = 60_000;
const AT = Date.parse('2027-03-16T09:00:00Z');

test('what was added leaves after the window, second by second', () => {
  const sum = new SlidingSum(MINUTE);
  sum.add(AT, 5);
  sum.add(AT + 30_000, 7);
  expect(sum.total(AT + 59_999)).toBe(12);
  expect(sum.total(AT + 60_000)).toBe(7);
  expect(sum.total(AT + 90_000)).toBe(0);
  expect(sum.total(AT + 100 * MINUTE)).toBe(0);
});

test('what is taken back counts no more, unless it has left already', () => {
  const sum = new SlidingSum(MINUTE);
  const first = sum.add(AT, 10);
  sum.takeBack(first, 4);
  expect(sum.total(AT + 1_000)).toBe(6);
  sum.add(AT + 60_000, 3);
  sum.takeBack(first, 6);
  expect(sum.total(AT + 60_000)).toBe(3);
});

test('how long until there is room', () => {
  const sum = new SlidingSum(MINUTE);
  sum.add(AT, 5);
  sum.add(AT + 10_500, 5);
  expect(sum.waitUntil(AT + 20_000, 10)).toBe(0);
  expect(sum.waitUntil(AT + 20_000, 5)).toBe(40_000);
  expect(sum.waitUntil(AT + 20_000, 4)).toBe(50_000);
  expect(sum.waitUntil(AT + 20_000, -1)).toBe(MINUTE);
});

test('a clock that goes backwards loses nothing', () => {
  const sum = new SlidingSum(MINUTE);
  sum.add(AT, 5);
  sum.add(AT - 30_000, 5);
  expect(sum.total(AT - 30_000)).toBe(10);
  expect(sum.total(AT + 60_000)).toBe(0);
});
