import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { peopleNowAndThen } from '../../../src/cli/terminal/people-now-and-then.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 0 }));
afterEach(() => void vi.useRealTimers());

const during = { status: 'running', heading: 'during', attendees: { byState: {} } } as Progress;

/** How often everybody's seat was read within a minute of looks every half second, where reading takes so long. */
async function readsInAMinute(tookMs: number): Promise<number> {
  let reads = 0;
  const reader = {
    roster: async () => {
      reads += 1;
      vi.setSystemTime(Date.now() + tookMs);
      return [];
    },
    lastLooks: async () => [],
  };
  const seen = peopleNowAndThen(reader, 'spring', undefined, undefined);
  while (Date.now() < 60_000) {
    expect(await seen(during)).toBeDefined();
    vi.setSystemTime(Date.now() + 500);
  }
  return reads;
}

it('reads a few people every three seconds', async () => expect(await readsInAMinute(10)).toBe(20));

it('reads thousands for a tenth of the time', async () => expect(await readsInAMinute(2_000)).toBe(3));
