import { expect, test } from 'vitest';
import { outcomesOf } from '../../../../src/cli/commands/messages/note-bounces.ts';
import type { Bounce } from '../../../../src/messages/bounce.ts';
import { mailId } from '../../../../src/messages/mail-id.ts';
import type { Message } from '../../../../src/reader.ts';

const message = (key: string, generation = 0) => ({ key, place: 3, generation, deliveries: {} }) as unknown as Message;

test('a mail that came back is noted at its message, whichever time it was sent; all else is said', async () => {
  const told: unknown[] = [];
  const client = {
    look: async () => ({ about: { runId: 'run-1' } }) as never,
    messages: async () => [message('ann-invitation', 1), message('ben-invitation')],
    bounced: async (id: string, { key }: { key: string }, words: string) => {
      told.push([id, key, words]);
      return key.startsWith('ann');
    },
  };
  const bounce = (key: string, generation: number, is: Bounce['is'] = 'failed') => ({
    file: `${key}-${generation}-${is}`,
    bounce: { ids: ['0'.repeat(32), mailId('run-1', key, generation)], is, words: '550 nobody' },
  });
  const outcomes = await outcomesOf(client, 'spring', [
    bounce('ann-invitation', 1),
    bounce('ben-invitation', 0),
    bounce('ben-invitation', 1),
    bounce('ann-invitation', 0, 'delayed'),
    bounce('ann-invitation', 0, 'no bounce'),
  ]);
  expect(told).toEqual([
    ['spring', 'ann-invitation', '550 nobody'],
    ['spring', 'ben-invitation', '550 nobody'],
  ]);
  expect(outcomes.map(({ noted, said }) => [noted, said])).toEqual([
    [true, 'ann-invitation came back: 550 nobody'],
    [false, expect.stringContaining('known as refused')],
    [false, 'is about no mail of "spring"'],
    [false, expect.stringContaining('only late')],
    [false, expect.stringContaining('no delivery report')],
  ]);
});
