import { setTimeout as wait } from 'node:timers/promises';

/** Repeats the assertion until it holds; fails with its last complaint. Generous, because the machine is shared. */
export async function eventually<T>(assertion: () => Promise<T> | T, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(50);
  }
}
