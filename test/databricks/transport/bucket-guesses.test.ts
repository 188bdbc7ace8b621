import { describe, expect, it } from 'vitest';
import { BucketGuesses } from '../../../src/databricks/transport/bucket-guesses.ts';
import { simulatedWave, type WaveSetting } from './simulated-wave.ts';

const PEOPLE = 140;
const RATES = [0.2, 0.37, 1, 2.3, 5];
const SEEDS = [1, 2, 3];

/** The worst of several waves that differ by chance only. */
function worst(setting: Omit<WaveSetting, 'people'>) {
  const waves = SEEDS.map((seed) => simulatedWave({ people: PEOPLE, ...setting, seed }));
  return {
    refusedEach: Math.max(...waves.map(({ refusedEach }) => refusedEach)),
    late: Math.max(...waves.map(({ seconds, bestSeconds }) => seconds / bestSeconds)),
    learnt: waves.flatMap(({ learnt }) => learnt),
  };
}

describe('a bucket that nobody told the size of', () => {
  const settings = (['none', 'honest'] as const).flatMap((retryAfter) =>
    RATES.flatMap((perSecond) => [1, 2.5, 10, 60].map((burst) => ({ retryAfter, perSecond, burst }))),
  );

  it.each(settings)(
    'is met within a few refusals: $burst at once, $perSecond a second, Retry-After $retryAfter',
    (s) => {
      const { refusedEach, late, learnt } = worst(s);
      // One that holds a single token forgives nothing: whoever comes too early is refused, and too late, late.
      const isHard = s.burst < 3;
      expect(refusedEach).toBeLessThanOrEqual(isHard ? 0.08 : 0.05);
      expect(late).toBeLessThanOrEqual(isHard ? 1.08 : 1.05);
      for (const { perSecond = 0 } of learnt.filter((one) => one !== undefined)) {
        expect(perSecond / s.perSecond).toBeGreaterThan(0.9);
        expect(perSecond / s.perSecond).toBeLessThan(1.1);
      }
    },
  );

  it('is refused ever more rarely the more has gone', () => {
    const refused = (people: number) => people * simulatedWave({ burst: 10, perSecond: 1, people }).refusedEach;
    expect(refused(2_000)).toBeLessThan(6 * refused(PEOPLE));
    expect(refused(2_000)).toBeLessThan(0.02 * 2_000);
  });

  it('keeps what it learnt of how many go at once', () => {
    for (const one of worst({ burst: 60, perSecond: 1 }).learnt) expect([59, 60, 61]).toContain(one?.atOnce);
  });
});

describe('what is odd about a bucket', () => {
  it.each([0.2, 1, 5])('two workers that know nothing of each other share one, %d a second', (perSecond) => {
    const { refusedEach, late } = worst({ burst: 10, perSecond, workers: 2 });
    expect(late).toBeLessThan(1.05);
    expect(refusedEach).toBeLessThan(0.12);
  });

  it('somebody else takes a third of it', () => {
    const { late, refusedEach } = worst({ burst: 10, perSecond: 1, others: 0.3 });
    // Of what is left there is 0.7 a second, so that 1.43 is the best.
    expect(late).toBeLessThan(1.6);
    expect(refusedEach).toBeLessThan(0.12);
  });

  it('it is filled quicker, or more slowly, from one moment on', () => {
    const wave = (perSecond: number) =>
      simulatedWave({ burst: 10, perSecond: 1, people: 300, changes: { afterPeople: 100, perSecond } });
    expect(wave(2).seconds).toBeLessThan(250);
    expect(wave(2).learnt[0]?.perSecond).toBeCloseTo(2, 0);
    expect(wave(0.5).seconds).toBeLessThan(1.05 * (90 + 200 / 0.5));
    expect(wave(0.5).learnt[0]?.perSecond).toBeCloseTo(0.5, 1);
  });

  it.each([1, 5])('Retry-After is always %d, whatever the bucket holds', (retryAfter) => {
    const { late, refusedEach } = worst({ burst: 10, perSecond: 0.2, retryAfter });
    expect(late).toBeLessThan(1.05);
    expect(refusedEach).toBeLessThan(0.06);
  });

  it('its answers take a second', () => {
    const { late, refusedEach } = worst({ burst: 10, perSecond: 1, answerTakes: 1 });
    expect(late).toBeLessThan(1.1);
    expect(refusedEach).toBeLessThan(0.06);
  });

  it('its clock is sixty times as quick', () => {
    const { late, refusedEach, learnt } = worst({ burst: 10, perSecond: 0.5, answerTakes: 0.01, speed: 60 });
    expect(late).toBeLessThan(1.05);
    expect(refusedEach).toBeLessThan(0.06);
    expect(learnt[0]?.perSecond).toBeCloseTo(0.5, 1);
  });
});

describe('what was learnt another day', () => {
  it('spares refusals, and does little harm when it is wrong', () => {
    const begin = (perSecond: number, atOnce: number) =>
      worst({ burst: 60, perSecond: 1, begin: { perSecond, atOnce } });
    expect(begin(1, 60).refusedEach).toBeLessThan(0.03);
    const wrong = begin(4, 120);
    expect(wrong.refusedEach).toBeLessThan(0.12);
    expect(wrong.late).toBeLessThan(1.05);
  });

  it('counts for nothing once there are answers', () => {
    const guesses = new BucketGuesses();
    guesses.sent();
    guesses.refused(0, 10);
    guesses.begin({ perSecond: 5, atOnce: 100 });
    expect(guesses.learnt).toEqual({ atOnce: 1 });
  });
});

describe('what is known', () => {
  it('is nothing before a launch, then how many went at once, and no refill before anything was refused', () => {
    const guesses = new BucketGuesses();
    expect(guesses.learnt).toBeUndefined();
    for (let n = 0; n < 5; n += 1) {
      guesses.sent();
      guesses.accepted(n * 20, n * 20 + 20);
    }
    expect(guesses.learnt).toEqual({ atOnce: 5 });
  });

  it('begins to count anew after a rest: a canary of last week is not of this burst', () => {
    const guesses = new BucketGuesses();
    const go = (at: number) => {
      guesses.sent();
      guesses.accepted(at, at + 10);
    };
    go(0);
    go(3_600_000);
    go(3_600_100);
    expect(guesses.learnt).toEqual({ atOnce: 2 });
  });

  it('an answer that never came tells nothing, and frees the way', () => {
    const guesses = new BucketGuesses();
    guesses.sent();
    expect(guesses.waitMs(0)).toBe(Infinity);
    guesses.unknown();
    expect(guesses.waitMs(0)).toBe(0);
    expect(guesses.learnt).toBeUndefined();
  });
});
