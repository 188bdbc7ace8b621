import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onBehalfOf } from '../../../src/databricks/transport/asker.ts';
import { RequestRate } from '../../../src/databricks/transport/rate.ts';

describe('the rate of requests', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** How many of `count` requests have gone after each advance. */
  function start(rate: RequestRate, count: number) {
    const state = { gone: 0, order: [] as number[] };
    const go = async (i: number) => {
      await rate.take('GET /x');
      state.gone += 1;
      state.order.push(i);
    };
    for (let i = 0; i < count; i += 1) {
      void go(i);
    }
    return state;
  }

  it('lets one second of requests go at once and the others evenly, in order', async () => {
    const rate = new RequestRate({ requestsPerSecond: 10 });
    const state = start(rate, 30);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.gone).toBe(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.gone).toBeGreaterThanOrEqual(18);
    expect(state.gone).toBeLessThanOrEqual(20);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(state.order).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('lets askers take turns: a few are not kept waiting by hundreds', async () => {
    const rate = new RequestRate({ requestsPerSecond: 10 });
    onBehalfOf('big', () => start(rate, 300));
    await vi.advanceTimersByTimeAsync(1_000);
    const small = onBehalfOf('small', () => start(rate, 10));
    await vi.advanceTimersByTimeAsync(2_100);
    expect(small.gone).toBe(10);
  });

  it('stops for everyone at a 429, goes on at half the rate, and recovers', async () => {
    const rate = new RequestRate({ requestsPerSecond: 10, slowForMs: 30_000 });
    rate.slowDown(5_000);
    const state = start(rate, 20);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(state.gone).toBe(0);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(state.gone).toBeGreaterThanOrEqual(9);
    expect(state.gone).toBeLessThanOrEqual(12);
    expect(rate.current).toBe(5);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(rate.current).toBe(10);
    expect(state.gone).toBe(20);
  });

  it('counts the 429s of one burst once, and never stops for good', async () => {
    const rate = new RequestRate({ requestsPerSecond: 16, slowForMs: 1_000_000 });
    for (let i = 0; i < 50; i += 1) rate.slowDown(1_000);
    expect(rate.current).toBe(8);
    for (let i = 0; i < 20; i += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      rate.slowDown(1_000);
    }
    expect(rate.current).toBe(4);
  });

  it('refuses to hold a caller through a long pause, and says how long it is', async () => {
    const rate = new RequestRate({ requestsPerSecond: 10 });
    rate.slowDown(60_000);
    await expect(rate.take('POST /create')).rejects.toMatchObject({
      name: 'DatabricksError',
      status: 429,
      errorCode: 'PAUSED',
      retryAfterMs: 60_000,
      call: 'POST /create',
    });
  });

  it("does not take one answer's word for an hour's pause", async () => {
    const rate = new RequestRate({ requestsPerSecond: 10 });
    rate.slowDown(3_600_000);
    await expect(rate.take('GET /x')).rejects.toMatchObject({ retryAfterMs: 120_000 });
    await vi.advanceTimersByTimeAsync(120_000);
    await expect(rate.take('GET /x')).resolves.toBeUndefined();
  });

  it('lets a caller leave the queue', async () => {
    const rate = new RequestRate({ requestsPerSecond: 1 });
    await rate.take('GET /x');
    const leaving = new AbortController();
    const left = rate.take('GET /x', leaving.signal);
    const stays = rate.take('GET /x');
    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(stays).resolves.toBeUndefined();
    await expect(rate.take('GET /x', leaving.signal)).rejects.toThrow('enough');
  });

  it('refuses a rate of nothing', () => {
    expect(() => new RequestRate({ requestsPerSecond: 0 })).toThrow(RangeError);
  });
});
