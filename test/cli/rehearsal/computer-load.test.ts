import { expect, test, vi } from 'vitest';
import { ComputerLoad, measureSlowness } from '../../../src/cli/rehearsal/computer-load.ts';

test('a computer is never faster than it can be', () => {
  expect(measureSlowness()).toBeGreaterThanOrEqual(1);
});

test('one quick look does not make a busy computer idle; a minute of them does', async () => {
  const seen: number[] = [];
  const load: ComputerLoad = new ComputerLoad(
    1,
    () => {
      seen.push(load.now);
      return seen.length === 1 ? 8 : 1;
    },
    1,
  );
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(17));
  await load.stop();
  expect(seen.slice(0, 18)).toEqual([1, ...Array<number>(15).fill(8), 1, 1]);
  expect(load.worst).toBe(8);
});

test('the worst is remembered, and nothing goes on after the end', async () => {
  const load = new ComputerLoad(4);
  await load.stop();
  expect([load.now, load.worst]).toEqual([4, 4]);
});
