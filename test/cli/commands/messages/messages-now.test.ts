import { expect, it } from 'vitest';
import { messagesNow } from '../../../../src/cli/commands/messages/messages-now.ts';
import type { Progress } from '../../../../src/domain/replayed/checklist/progress.ts';
import type { Delivery } from '../../../../src/domain/replayed/outbox/outbox.ts';
import type { Message } from '../../../../src/reader.ts';
import { progressAt } from '../../sample-progress.ts';

const read = (...deliveries: readonly Delivery[]) => ({
  messages: async () => deliveries.map((mail) => ({ deliveries: { mail } }) as unknown as Message),
});
const sends: Progress = { ...progressAt('during'), sends: true };

it('says how many messages ask for somebody, and nothing where all is well', async () => {
  const fine: Delivery = { is: 'accepted', at: 1, receipt: '' };
  expect(await messagesNow(read(fine), 'spring', sends)).toBeUndefined();
  // One that is on its way for the first time is no trouble.
  expect(await messagesNow(read(fine, { is: 'waiting', tries: 1, words: 'busy' }), 'spring', sends)).toBeUndefined();
  const trouble = read(fine, { is: 'refused', at: 1, words: '550' }, { is: 'waiting', tries: 2, words: 'busy' });
  expect(await messagesNow(trouble, 'spring', sends)).toBe(
    'Messages: 1 refused, 1 not sent yet of 3. Whose, and why: bin/workshop messages list spring',
  );
});

it('asks no outbox of a workshop that sends nothing', async () => {
  const never = { messages: () => Promise.reject(new Error('asked')) };
  expect(await messagesNow(never, 'spring', progressAt('during'))).toBeUndefined();
  // Nobody is kept from the rest of the page.
  expect(await messagesNow(never, 'spring', sends)).toBeUndefined();
});
