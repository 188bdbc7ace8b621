import { expect, it } from 'vitest';
import { messagesPage } from '../../../src/cli/commands/messages/messages-page.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import type { Delivery, Kept } from '../../../src/domain/replayed/outbox/outbox.ts';

const AT = Date.UTC(2027, 2, 16, 8);
const to = (name: string, mail: Delivery): Kept => ({
  key: `${name}@example.com-invitation`,
  to: `${name}@example.com`,
  subject: 'Please prepare',
  group: 'attendees',
  attachments: [],
  plan: { language: 'en', attendees: ['mail'], facilitators: [], admin: [] },
  title: 'Spring',
  askedAt: AT,
  generation: 0,
  deliveries: { mail },
});
const page = (messages: readonly Kept[], all = false) =>
  messagesPage('spring', messages, { all, style: PLAIN, columns: 80, timeZone: 'Europe/Berlin' }).join('\n');

it('names who asks for somebody first, with the words of the server, and counts the rest', () => {
  const text = page([
    to('ann', { is: 'accepted', at: AT, receipt: '250 queued' }),
    to('bo', { is: 'accepted', at: AT, receipt: '250 queued' }),
    to('cy', { is: 'in doubt', at: AT, words: 'The worker ended while it handed the message over.' }),
    to('di', { is: 'waiting', tries: 2, notBefore: AT, words: '451 come back later' }),
    to('ed', { is: 'refused', at: AT, words: '550 no mailbox here' }),
  ]);
  expect(text).toMatchInlineSnapshot(`
    "spring: 5 messages: 2 accepted · 1 waiting · 1 in doubt · 1 refused
    Times are those of Europe/Berlin.

    Refused: the server will not take these. Correct the address, then send them
    again.
      ed@example.com-invitation  mail
          Tue 16 Mar 2027, 09:00: 550 no mailbox here
      bin/workshop messages resend spring <key>

    In doubt: handed over, and no answer came. They may have arrived, so nothing
    sends them again by itself: ask, and send them again where they did not.
      cy@example.com-invitation  mail
          Tue 16 Mar 2027, 09:00: The worker ended while it handed the message over.
      bin/workshop messages resend spring <key>

    Waiting: tried again by themselves.
      di@example.com-invitation  mail
          Tried 2 times: 451 come back later. Again at Tue 16 Mar 2027, 09:00."
  `);
});

it('shows what was accepted where that is asked for', () => {
  const text = page([to('ann', { is: 'accepted', at: AT, receipt: '250 queued' })], true);
  expect(text).toContain('ann@example.com-invitation');
  expect(text).toContain('250 queued');
});

it('says where letters are that no channel is named for', () => {
  expect(page([])).toMatch(/nothing has left by any channel[^]*docs\/messages\.md/);
});
