import { expect, test } from 'vitest';
import { Schedule } from '../../src/time/schedule.ts';

test('acts happen in order of their moments, and each is told its own', () => {
  const schedule = new Schedule();
  const seen: number[] = [];
  const plan = schedule.plans('see', (_: undefined, now) => void seen.push(now));
  for (const at of [50, 10, 40, 10, 30, 20]) plan(at, undefined);
  expect(schedule.advance(5)).toBe(false);
  expect(schedule.advance(35)).toBe(true);
  expect(seen).toEqual([10, 10, 20, 30]);
  schedule.advance(100);
  expect(seen).toEqual([10, 10, 20, 30, 40, 50]);
});

test('what an act plans for before now happens in the same look', () => {
  const schedule = new Schedule();
  const seen: string[] = [];
  const plan = schedule.plans('see', (what: string, now) => {
    seen.push(what);
    if (what !== 'first') return;
    plan(now + 5, 'second');
    plan(now, 'at once');
  });
  plan(10, 'first');
  plan(12, 'between');
  schedule.advance(20);
  expect(seen).toEqual(['first', 'at once', 'between', 'second']);
});

test('ten thousand plans stay in order', () => {
  const schedule = new Schedule();
  const seen: number[] = [];
  const plan = schedule.plans('see', (_: undefined, now) => void seen.push(now));
  for (let index = 0; index < 10_000; index += 1) plan((index * 7_919) % 10_007, undefined);
  schedule.advance(20_000);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toHaveLength(10_000);
});

test('what is planned outlives a restart, in its order, when somebody knows what it is', () => {
  const before = new Schedule();
  const plan = before.plans<string>('see', () => {});
  for (const what of ['a', 'b', 'c']) plan(10, what);
  const seen: string[] = [];
  const after = new Schedule();
  expect(() => after.restore(before.state())).toThrow("by 'see'");
  after.plans('see', (what: string) => void seen.push(what));
  after.restore(before.state());
  after.advance(10);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(() => after.plans('see', () => {})).toThrow('Two acts');
});
