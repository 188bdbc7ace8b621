import { expect, it } from 'vitest';
import { whatIsMeant } from '../../../../src/cli/commands/running/retry.ts';

const reader = {
  workshops: async () => [
    { id: 'spring-apps', runId: 'r', state: 'running' as const, startedAt: 0, memo: async () => ({}) },
  ],
};

it('a single word is a workshop, a line or a person; without one everything is meant', async () => {
  const meant = (first?: string, second?: string) => whatIsMeant(reader, first, second);
  expect(await meant()).toEqual({ id: undefined, item: 'all' });
  expect(await meant('all')).toEqual({ id: undefined, item: 'all' });
  expect(await meant('spring-apps')).toEqual({ id: 'spring-apps', item: 'all' });
  expect(await meant('endpoint')).toEqual({ id: undefined, item: 'endpoint' });
  expect(await meant('ann@example.com')).toEqual({ id: undefined, item: 'ann@example.com' });
  expect(await meant('spring-apps', 'endpoint')).toEqual({ id: 'spring-apps', item: 'endpoint' });
  expect(await meant('autumn', 'all')).toEqual({ id: 'autumn', item: 'all' });
});
