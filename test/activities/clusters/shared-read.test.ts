import { describe, expect, it } from 'vitest';
import { SharedRead } from '../../../src/activities/clusters/shared-read.ts';

/** Reads that end when the test says so. */
function reads(gapMs = 0) {
  const begun: PromiseWithResolvers<string>[] = [];
  const shared = new SharedRead(() => {
    const read = Promise.withResolvers<string>();
    begun.push(read);
    return read.promise;
  }, gapMs);
  return { shared, begun };
}

/** Long enough for everything that is ready to happen to have happened. */
const breath = () => new Promise((done) => setTimeout(done, 5));

describe('a shared read', () => {
  it('is one for all who ask at the same time', async () => {
    const { shared, begun } = reads();
    const askers = [shared.read(), shared.read(), shared.read()];
    await breath();
    expect(begun).toHaveLength(1);
    begun[0]?.resolve('one');
    expect(await Promise.all(askers)).toEqual(['one', 'one', 'one']);
  });

  it('began after the question: who asks while one is under way gets the next', async () => {
    const { shared, begun } = reads();
    const early = shared.read();
    await breath();
    const late = [shared.read(), shared.read()];
    await breath();
    // The next one waits for the first, however long that takes.
    expect(begun).toHaveLength(1);
    begun[0]?.resolve('old');
    expect(await early).toBe('old');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('new');
    expect(await Promise.all(late)).toEqual(['new', 'new']);
  });

  it('takes a fifth of the time at most, however long one takes', async () => {
    const moments: number[] = [];
    const shared = new SharedRead(async () => {
      moments.push(performance.now());
      await new Promise((done) => setTimeout(done, 60));
      moments.push(performance.now());
    }, 0);
    await shared.read();
    await shared.read();
    const [began = 0, ended = 0, next = 0] = moments;
    // Timers may be a millisecond early.
    expect(next - ended).toBeGreaterThanOrEqual(4 * (ended - began) - 3);
  });

  it('shows what the asker has just done', async () => {
    let made = 0;
    const shared = new SharedRead(async () => {
      const seen = made;
      await breath();
      return seen;
    }, 0);
    const askers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await new Promise((done) => setTimeout(done, i));
        made += 1;
        const mine = made;
        return { mine, seen: await shared.read() };
      }),
    );
    for (const { mine, seen } of askers) expect(seen).toBeGreaterThanOrEqual(mine);
  });

  it('fails those who shared it, and nobody after them', async () => {
    const { shared, begun } = reads();
    const unlucky = [shared.read(), shared.read()];
    await breath();
    const next = shared.read();
    begun[0]?.reject(new Error('the workspace is not well'));
    expect((await Promise.allSettled(unlucky)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('well again');
    expect(await next).toBe('well again');
  });

  it('begins again no sooner than the gap allows', async () => {
    const gapMs = 40;
    const began: number[] = [];
    const shared = new SharedRead(async () => {
      began.push(performance.now());
    }, gapMs);
    for (let i = 0; i < 3; i += 1) await shared.read();
    // Timers may fire a millisecond early.
    for (const [i, at] of began.slice(1).entries()) expect(at - (began[i] ?? 0)).toBeGreaterThanOrEqual(gapMs - 2);
  });
});
