import { expect, test } from 'vitest';
import { ComputerLoad, measureSlowness } from '../../../src/cli/rehearsal/computer-load.ts';

test('a computer is never faster than it can be', () => {
  expect(measureSlowness()).toBeGreaterThanOrEqual(1);
});

test('the worst is remembered, and nothing goes on after the end', async () => {
  const load = new ComputerLoad(4);
  await load.stop();
  expect([load.now, load.worst]).toEqual([4, 4]);
});
