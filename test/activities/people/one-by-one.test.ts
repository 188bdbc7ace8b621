import { describe, expect, it } from 'vitest';
import { refusedAmong } from '../../../src/activities/people/one-by-one.ts';

const everybody = Array.from({ length: 200 }, (_, i) => i);

/** Refuses each call with one of these in it, in words of its own or in the same for all. */
function refusing(bad: readonly number[], words: (one: number) => string = (one) => `no ${one}`) {
  const calls: (readonly number[])[] = [];
  const granted = new Set<number>();
  const ask = async (some: readonly number[]) => {
    calls.push(some);
    const spoiler = some.find((one) => bad.includes(one));
    if (spoiler !== undefined) throw new Error(words(spoiler));
    for (const one of some) granted.add(one);
  };
  return { calls, granted, ask };
}

describe('a call for many', () => {
  it('is one call when nobody is refused', async () => {
    const { calls, ask } = refusing([]);
    expect((await refusedAmong(everybody, ask, () => true)).size).toBe(0);
    expect(calls).toEqual([everybody]);
  });

  it('fails the one who is at fault alone, with their own error', async () => {
    for (const bad of [[0], [3], [199], [0, 1, 2, 3, 4, 5, 6, 7], [33, 66, 99, 133, 166]]) {
      const { calls, granted, ask } = refusing(bad, () => 'no such principal');
      const refused = await refusedAmong(everybody, ask, () => true);
      expect([...refused.keys()].sort((a, b) => a - b)).toEqual(bad);
      expect(granted.size).toBe(200 - bad.length);
      expect(calls.length).toBeLessThan(100);
    }
  });

  it('finds every one of many who are refused for reasons of their own', async () => {
    const bad = everybody.filter((one) => one % 2 === 0 || one % 33 === 0);
    const refused = await refusedAmong(everybody, refusing(bad).ask, () => true);
    expect(refused.size).toBe(bad.length);
    expect(String(refused.get(66))).toBe('Error: no 66');
  });

  it('is not tried two hundred times when everybody is refused in the same words', async () => {
    const { calls, ask } = refusing(everybody, () => 'you may not grant here');
    expect((await refusedAmong(everybody, ask, () => true)).size).toBe(200);
    expect(calls.length).toBeLessThan(10);
  });

  it('is not split for an error that is about nobody', async () => {
    const { calls, ask } = refusing([5], () => 'temporarily unavailable');
    await expect(refusedAmong(everybody, ask, () => false)).rejects.toThrow('temporarily unavailable');
    expect(calls).toHaveLength(1);
  });
});
