import { expect, test } from 'vitest';
import { Schedule } from '../../src/time/schedule.ts';

test('acts happen in order of their moments, and each is told its own', () => {
  const schedule = new Schedule();
  const seen: number[] = [];
  for (const at of [50, 10, 40, 10, 30, 20]) schedule.at(at, (now) => seen.push(now));
  schedule.advance(35);
  expect(seen).toEqual([10, 10, 20, 30]);
  schedule.advance(100);
  expect(seen).toEqual([10, 10, 20, 30, 40, 50]);
});

test('what an act plans for before now happens in the same look', () => {
  const schedule = new Schedule();
  const seen: string[] = [];
  schedule.at(10, (now) => {
    seen.push('first');
    schedule.at(now + 5, () => seen.push('second'));
    schedule.at(now, () => seen.push('at once'));
  });
  schedule.at(12, () => seen.push('between'));
  schedule.advance(20);
  expect(seen).toEqual(['first', 'at once', 'between', 'second']);
});

test('ten thousand plans stay in order', () => {
  const schedule = new Schedule();
  const seen: number[] = [];
  for (let index = 0; index < 10_000; index += 1) schedule.at((index * 7_919) % 10_007, (now) => seen.push(now));
  schedule.advance(20_000);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toHaveLength(10_000);
});
