import { describe, expect, it } from 'vitest';
import {
  due,
  handedOver,
  nextAt,
  sentAgain,
  taken,
  type Outbox,
  type Outcome,
  type Posted,
} from '../../../../src/domain/replayed/outbox/outbox.ts';

const NOW = 1_000_000;
const posted: Posted = {
  key: 'ann@example.com-invitation',
  to: 'ann@example.com',
  subject: 'Please prepare',
  text: 'Dear Ann',
  attachments: ['check.sh'],
  group: 'attendees',
  plan: { language: 'en', attendees: ['mail', 'webhook'], facilitators: ['teams', 'mail'], admin: [] },
  title: 'Spring',
};
const mail = { key: posted.key, channel: 'mail' } as const;
const one = taken({}, posted, NOW);
const after = (outbox: Outbox, outcome: Outcome, now = NOW) => handedOver(outbox, mail, outcome, now);
const mailOf = (outbox: Outbox) => outbox[posted.key]?.deliveries.mail;

describe('a message', () => {
  it('is to leave once by each channel of its group', () => {
    expect(due(one, NOW)).toEqual([mail, { key: posted.key, channel: 'webhook' }]);
  });

  it('under a key that is known is the same message, whatever has become of it', () => {
    const sent = after(one, { is: 'accepted', receipt: 'queued' });
    expect(taken(sent, { ...posted, text: 'Dear Bob' }, NOW + 1)).toBe(sent);
  });

  it('goes nowhere but to the one address of a trial', () => {
    const trial = { ...posted, group: 'facilitators', plan: { ...posted.plan, onlyTo: 'me@example.com' } } as const;
    expect(due(taken({}, trial, NOW), NOW)).toEqual([mail]);
  });

  it('of the group that no channel is named for stays where it is', () => {
    expect(due(taken({}, { ...posted, group: 'admin' }, NOW), NOW)).toEqual([]);
  });
});

describe('what has been handed over', () => {
  it.each([
    [{ is: 'accepted', receipt: 'queued' }],
    [{ is: 'refused', words: '550 no such mailbox' }],
    [{ is: 'in doubt', words: 'no answer' }],
  ] as const)('%j is over, and is not sent again by itself', (outcome) => {
    const outbox = after(one, outcome);
    expect(mailOf(outbox)).toEqual({ ...outcome, at: NOW });
    expect(due(outbox, NOW + 1e9)).toEqual([{ key: posted.key, channel: 'webhook' }]);
    // An answer that comes twice changes nothing.
    expect(after(outbox, { is: 'later', words: 'busy' })).toBe(outbox);
  });

  it('is carried without its text once every channel has accepted it', () => {
    const half = after(one, { is: 'accepted', receipt: '' });
    expect(half[posted.key]?.text).toBe('Dear Ann');
    const whole = handedOver(half, { key: posted.key, channel: 'webhook' }, { is: 'accepted', receipt: '' }, NOW);
    expect(whole[posted.key]).not.toHaveProperty('text');
  });
});

describe('what may leave later', () => {
  it('waits twice as long each time, a quarter of an hour at most, and says why', () => {
    let outbox = one;
    const pauses: number[] = [];
    for (let now = NOW, n = 0; n < 9; n += 1) {
      outbox = after(outbox, { is: 'later', words: '451 busy' }, now);
      const { notBefore = 0, words } = mailOf(outbox) as { notBefore?: number; words?: string };
      expect(words).toBe('451 busy');
      pauses.push((notBefore - now) / 1_000);
      now = notBefore;
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('waits as long as the server asks for; waiting for a turn is no try', () => {
    const asked = after(one, { is: 'later', words: '429', afterMs: 7_000 });
    expect(mailOf(asked)).toEqual({ is: 'waiting', tries: 1, notBefore: NOW + 7_000, words: '429' });
    expect(mailOf(after(one, { is: 'later', afterMs: 20 }))).toEqual({ is: 'waiting', tries: 0, notBefore: NOW + 20 });
    expect(nextAt(handedOver(asked, { key: posted.key, channel: 'webhook' }, { is: 'refused', words: '' }, NOW))).toBe(
      NOW + 7_000,
    );
  });
});

it('asked for again, it is another mail, to every channel', () => {
  const again = sentAgain(after(one, { is: 'refused', words: '' }), posted.key);
  expect(again[posted.key]).toMatchObject({ generation: 1, deliveries: { mail: { is: 'waiting', tries: 0 } } });
  expect(due(again, NOW)).toHaveLength(2);
  expect(sentAgain(again, 'nobody')).toBe(again);
});
