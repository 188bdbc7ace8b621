import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/activities/people/batch.ts';

const SOON = 1;
/** Never, for a test that fills the batch. */
const LATER = 3_600_000;

/** A batch of numbers whose outcomes are their doubles; `bad` requests spoil the call they are in. */
function doubling(gatherMs: number, most: number, bad: readonly number[] = []) {
  const calls: number[][] = [];
  const batch = new Batch<number, number>(
    async (requests) => {
      calls.push([...requests]);
      const spoiler = requests.find((request) => bad.includes(request));
      if (spoiler !== undefined) throw new Error(`no ${spoiler}`);
      return requests.map((request) => request * 2);
    },
    gatherMs,
    most,
  );
  return { batch, calls };
}

describe('a batch', () => {
  it('grants in one call what was wished at about the same time, to each their own', async () => {
    const { batch, calls } = doubling(SOON, 100);
    expect(await Promise.all([3, 1, 2].map((request) => batch.ask(request)))).toEqual([6, 2, 4]);
    expect(calls).toEqual([[3, 1, 2]]);
  });

  it('goes at once when it is full, and does not go again when its time would have come', async () => {
    const { batch, calls } = doubling(LATER, 2);
    expect(await Promise.all([1, 2, 3, 4].map((request) => batch.ask(request)))).toEqual([2, 4, 6, 8]);
    expect(calls).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('takes later requests along in another call', async () => {
    const { batch, calls } = doubling(SOON, 100);
    expect(await batch.ask(1)).toBe(2);
    expect(await batch.ask(2)).toBe(4);
    expect(calls).toEqual([[1], [2]]);
  });

  it('fails all who were in a call that failed, and nobody after them', async () => {
    const { batch } = doubling(SOON, 100, [2]);
    const outcomes = await Promise.allSettled([1, 2, 3].map((request) => batch.ask(request)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await batch.ask(4)).toBe(8);
  });
});
