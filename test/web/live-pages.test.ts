import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LivePages } from '../../src/web/live/live-pages.ts';
import { WorkshopWatch } from '../../src/web/watch/workshop-watch.ts';
import { SampleWorkshop } from './sample-room.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const draws = async () => [{ id: 'a', html: '<p id="a"></p>' }];

test('a page is kept for whoever comes back after their stream was cut, and forgotten when nobody does', async () => {
  const watch = new WorkshopWatch(new SampleWorkshop().client, 'spring');
  const pages = new LivePages();
  const first = pages.of('own', watch, draws);
  const unfollow = first.follow(() => {});
  await vi.advanceTimersByTimeAsync(90_000);
  unfollow();
  await vi.advanceTimersByTimeAsync(20_000);
  pages.of('other', watch, draws);
  expect(pages.of('own', watch, draws)).toBe(first);
  await vi.advanceTimersByTimeAsync(61_000);
  pages.of('other', watch, draws);
  expect(pages.of('own', watch, draws)).not.toBe(first);
});
