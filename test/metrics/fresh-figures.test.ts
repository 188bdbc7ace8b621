import { expect, it } from 'vitest';
import type { Figures } from '../../src/metrics/figures.ts';
import { FreshFigures } from '../../src/metrics/fresh-figures.ts';

const NEVER = new Promise<never>(() => {});
const at = (at: number): Figures => ({ at, tookMs: 0, workshops: new Map() });

/** Figures that are read off a clock which stands still until it is told. */
function onAClock() {
  let now = 1_000_000;
  let reads = 0;
  const figures = new FreshFigures(
    async () => {
      reads += 1;
      return at(now);
    },
    { now: () => now },
  );
  return { figures, reads: () => reads, pass: (ms: number) => void (now += ms) };
}

it('reads nothing while nobody asks, and once for all who ask within fifteen seconds', async () => {
  const { figures, reads, pass } = onAClock();
  expect(reads()).toBe(0);
  await Promise.all([figures.latest(), figures.latest(), figures.latest()]);
  pass(14_999);
  await figures.latest();
  expect(reads()).toBe(1);
  pass(1);
  expect((await figures.latest())?.at).toBe(1_015_000);
  expect(reads()).toBe(2);
});

it('tells the same again where Temporal does not answer any more', async () => {
  let now = 0;
  const answers = [Promise.resolve(at(1)), Promise.reject(new Error('nobody answers')), NEVER];
  const figures = new FreshFigures(() => answers.shift() ?? NEVER, { now: () => now, patienceMs: 10 });
  expect((await figures.latest())?.at).toBe(1);
  for (const later of [20_000, 40_000, 60_000]) {
    now = later;
    expect((await figures.latest())?.at).toBe(1);
  }
  // The last one is not over, and nothing is asked beside it.
  expect(answers).toEqual([]);
});

it('has nothing to tell where Temporal never answered', async () => {
  const figures = new FreshFigures(() => Promise.reject(new Error('nobody answers')));
  expect(await figures.latest()).toBeUndefined();
});
