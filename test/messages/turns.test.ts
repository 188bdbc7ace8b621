import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Turns } from '../../src/messages/turns.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('come evenly, and nobody waits long for one: each is told another moment to come again', async () => {
  const turns = new Turns();
  const answers: (number | undefined)[] = [];
  for (let n = 0; n < 30; n += 1) void turns.take(60).then((answer) => answers.push(answer));
  await vi.advanceTimersByTimeAsync(5_500);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(11);
  const sentAway = answers.filter((answer) => answer !== undefined);
  expect(sentAway).toEqual(Array.from({ length: 19 }, (_, n) => (12 + n) * 1_000));
});
