import { afterEach, beforeEach, expect, test, vi } from 'vitest';
// Loaded beforehand: what is loaded on demand takes time that no fake timer passes.
import '../../src/domain/verdict/people.ts';
import { WorkshopWatch } from '../../src/web/watch/workshop-watch.ts';
import { SampleWorkshop } from './sample-room.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const timesAsked = ({ asked }: SampleWorkshop): number => asked.filter((name) => name === 'progress').length;

test('while somebody follows, it asks again and again, and tells every time; nobody asks afterwards', async () => {
  const workshop = new SampleWorkshop();
  const watch = new WorkshopWatch(workshop.client, 'spring');
  let told = 0;
  const unfollow = watch.follow(() => (told += 1));
  await vi.advanceTimersByTimeAsync(10_500);
  expect(timesAsked(workshop)).toBeGreaterThanOrEqual(9);
  expect(told).toBe(timesAsked(workshop));
  unfollow();
  const before = timesAsked(workshop);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(timesAsked(workshop)).toBeLessThanOrEqual(before + 1);
});

test('whoever asks in turn keeps it asking for a while', async () => {
  const workshop = new SampleWorkshop();
  const watch = new WorkshopWatch(workshop.client, 'spring');
  await watch.look();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(timesAsked(workshop)).toBeGreaterThanOrEqual(9);
  await vi.advanceTimersByTimeAsync(60_000);
  const before = timesAsked(workshop);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(timesAsked(workshop)).toBe(before);
});

test('a workshop that does not answer is asked again, and is heard as soon as it does', async () => {
  const workshop = new SampleWorkshop();
  const watch = new WorkshopWatch(workshop.client, 'spring');
  workshop.silence = new Error('nobody is there');
  watch.follow(() => {});
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.silence?.why).toBe('nobody is there');
  workshop.silence = undefined;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.silence).toBeUndefined();
  expect(watch.view?.seats).toHaveLength(2);
});
