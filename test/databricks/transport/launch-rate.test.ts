import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onBehalfOf } from '../../../src/databricks/transport/asker.ts';
import { DatabricksError } from '../../../src/databricks/transport/errors.ts';
import { LaunchRate } from '../../../src/databricks/transport/launch-rate.ts';

const TURN_MS = 30_000;

describe('the line of launches', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A workspace with a bucket, which answers after 20 ms; and people who come back when they are told to. */
  async function wave(rate: LaunchRate, { people = 40, burst = 5, perSecond = 0.5 } = {}) {
    const state = { accepted: 0, refused: 0, attempts: 0, order: [] as number[], endedAt: 0 };
    let tokens = burst;
    let countedAt = performance.now();
    const launch = async (n: number): Promise<void> => {
      state.attempts += 1;
      const turn = await rate.take('POST /launch').catch((error: unknown) => error as DatabricksError);
      if (turn instanceof DatabricksError) return later(turn.retryAfterMs ?? 0, n);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const now = performance.now();
      tokens = Math.min(burst, tokens + ((now - countedAt) / 1_000) * perSecond);
      countedAt = now;
      const retryAfterMs = Math.max(1, Math.ceil((1 - tokens) / perSecond)) * 1_000;
      if (tokens < 1) {
        state.refused += 1;
        turn.over('refused', retryAfterMs);
        return later(retryAfterMs, n);
      }
      tokens -= 1;
      turn.over('accepted');
      state.accepted += 1;
      state.order.push(n);
      state.endedAt = now;
    };
    const later = async (ms: number, n: number) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await launch(n);
    };
    const all = Promise.all(Array.from({ length: people }, (_, n) => launch(n)));
    while (state.accepted < people) await vi.advanceTimersByTimeAsync(1_000);
    await all;
    return state;
  }

  it('moves as the bucket allows, with few refusals, and calls nobody back more than a few times', async () => {
    const state = await wave(new LaunchRate({ longestTurnMs: TURN_MS }), { people: 140, burst: 10 });
    expect(state.refused).toBeLessThanOrEqual(7);
    expect(state.endedAt / 1_000).toBeLessThan(1.1 * (130 / 0.5));
    // Temporal gives up after eight attempts.
    expect(state.attempts / 140).toBeLessThan(5);
  });

  it('is first come, first served for all that it holds', async () => {
    const { order } = await wave(new LaunchRate(), { people: 12 });
    // Whoever is refused comes back later.
    expect(order.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(order).toHaveLength(12);
  });

  it('calls the few of one asker back soon, although hundreds of another were called back before', async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    const ended: Record<string, number> = {};
    const of = async (asker: string, people: number) => {
      const { endedAt } = await onBehalfOf(asker, () => wave(rate, { people, burst: 1, perSecond: 0.5 }));
      ended[asker] = endedAt / 1_000;
    };
    const big = of('big', 300);
    await vi.advanceTimersByTimeAsync(60_000);
    const began = performance.now() / 1_000;
    await Promise.all([big, of('small', 10)]);
    // Two buckets of one token, each seen through one line: ten need 20 s by themselves, and twice that in turns.
    expect((ended['small'] ?? 0) - began).toBeLessThan(120);
    expect(ended['big']).toBeGreaterThan(500);
  });

  it('waits as long as a refusal says, but for what it was rounded up', async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    (await rate.take('POST /first')).over('refused', 10_000);
    const second = rate.take('POST /second').then(() => performance.now());
    const began = performance.now();
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await second) - began).toBeGreaterThanOrEqual(9_000);
    expect((await second) - began).toBeLessThan(12_000);
  });

  it('refuses whoever has no turn in time, and says when to come back', async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    (await rate.take('POST /first')).over('refused', 60_000);
    await expect(rate.take('POST /second')).rejects.toMatchObject({
      name: 'DatabricksError',
      status: 429,
      errorCode: 'PAUSED',
      call: 'POST /second',
    });
  });

  it('refuses whoever has waited for as long as is allowed', async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    const first = await rate.take('POST /first');
    const second = rate.take('POST /second').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(TURN_MS - 1_000);
    first.over('refused', 20_000);
    expect(await second).toMatchObject({ errorCode: 'PAUSED' });
  });

  it("does not take one answer's word for an hour's pause", async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    (await rate.take('POST /first')).over('refused', 3_600_000);
    await vi.advanceTimersByTimeAsync(120_000);
    const second = rate.take('POST /second');
    await vi.advanceTimersByTimeAsync(TURN_MS);
    await expect(second).resolves.toBeDefined();
  });

  it('lets a caller leave, and goes on when an answer never came', async () => {
    const rate = new LaunchRate();
    const first = await rate.take('POST /first');
    const leaving = new AbortController();
    const left = rate.take('POST /left', leaving.signal);
    const stays = rate.take('POST /stays');
    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    first.over('unknown');
    first.over('accepted');
    await expect(stays).resolves.toBeDefined();
    expect(rate.learnt).toBeUndefined();
    await expect(rate.take('POST /left', leaving.signal)).rejects.toThrow('enough');
  });

  it('begins with what was learnt elsewhere', async () => {
    const rate = new LaunchRate({ longestTurnMs: TURN_MS });
    rate.begin({ perSecond: 0.5, atOnce: 10 });
    const { refused } = await wave(rate, { people: 40, burst: 10 });
    expect(refused).toBeLessThanOrEqual(2);
    expect(rate.learnt?.perSecond).toBeCloseTo(0.5, 1);
  });
});
