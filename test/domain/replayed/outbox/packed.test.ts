import { expect, it } from 'vitest';
import { handedOver, taken, type Outbox, type Posted } from '../../../../src/domain/replayed/outbox/outbox.ts';
import { packed, packedList, unpacked, unpackedList } from '../../../../src/domain/replayed/outbox/packed.ts';
import { OUTBOXES } from '../../../../src/domain/replayed/outbox/places.ts';
import { outboxOf } from '../../../../src/messages/outbox.ts';

const PEOPLE = 10_000;
const OWN_TEXT = 'A letter in words of their own.\n'.repeat(60);
/** Temporal's limit is 2 MB. */
const WELL_BELOW = 1_100_000;

const calendarOf = (to: string): string =>
  ['BEGIN:VCALENDAR', ...Array.from({ length: 24 }, (_, n) => `X-LINE-${n}:the same in all of them`), `UID:${to}`]
    .concat(`ATTENDEE;CN="${to}";ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:${to}`, 'END:VCALENDAR')
    .join('\r\n');

const textOf = (to: string): string =>
  [`Hello ${to},`, ...Array.from({ length: 70 }, (_, n) => `${n} A line of the letter that all of them have.`)].join(
    '\n',
  );

const posted = (to: string, letter: string): Posted => ({
  key: `${to}-${letter}`,
  to,
  subject: `[Spring apps on Databricks] ${letter}`,
  text: textOf(to),
  attachments: letter === 'invitation' ? ['check.sh', 'check.ps1'] : [],
  ...(letter === 'invitation' ? { calendar: { method: 'REQUEST', text: calendarOf(to) } } : {}),
  group: 'attendees',
  plan: {
    language: 'en',
    mail: { host: 'smtp.example.com', port: 587, security: 'starttls', from: 'workshops@example.com', perMinute: 600 },
    attendees: ['mail'],
    facilitators: [],
    admin: [],
    letters: { ready: { text: OWN_TEXT } },
  },
  title: 'Spring apps on Databricks',
});

/** One of the outboxes of ten thousand people. */
function fullOutbox(isAccepted: boolean, outboxes: number): Outbox {
  const people = Array.from({ length: PEOPLE }, (_, n) => `firstname.lastname${n}@department.example.com`);
  const here = people.filter((to) => outboxOf(to, outboxes) === 0);
  const letters = isAccepted ? ['invitation', 'not-tried', 'ready', 'save-work', 'feedback'] : ['invitation'];
  return Object.fromEntries(
    letters.flatMap((letter, day) =>
      here.map((to, n) => {
        const key = `${to}-${letter}`;
        const one = taken({}, posted(to, letter), 1_800_000_000_000 + day * 86_400_000 + n);
        const receipt = `250 2.0.0 Ok: queued as 4X${(n * 7919 + day).toString(36).padStart(9, '0')}`;
        const sent = isAccepted ? handedOver(one, { key, channel: 'mail' }, { is: 'accepted', receipt }, 1.8e12) : one;
        return [key, sent[key]!] as const;
      }),
    ),
  );
}

it.each([
  ['ten outboxes, five letters each, all accepted', true, 10],
  ['sixteen, as an earlier version began them', true, OUTBOXES],
  ['ten, and everybody still waits for the invitation', false, 10],
])('what one outbox of ten thousand people carries is small: %s', (_, isAccepted, outboxes) => {
  const outbox = fullOutbox(isAccepted, outboxes);
  expect(Object.keys(outbox).length).toBeGreaterThan(500);
  const carried = packed(outbox);
  expect(JSON.stringify(carried).length).toBeLessThan(WELL_BELOW);
  expect(JSON.stringify(outbox).length).toBeGreaterThan(3 * WELL_BELOW);
  // It went through Temporal.
  const back = unpacked(JSON.parse(JSON.stringify(carried)) as typeof carried);
  expect(back).toEqual(outbox);
  expect(Object.keys(back)).toEqual(Object.keys(outbox));
});

it('gives back what is not as the others are', () => {
  const one = (key: string, change: Partial<Posted> = {}): Posted => ({
    ...posted('ann@example.com', 'x'),
    key,
    ...change,
  });
  let outbox: Outbox = {};
  for (const post of [
    one('reaper-alarm', { to: 'the admin', group: 'admin' }),
    one('ann@example.com', { text: '' }),
    one('ann@example.com-cancelled', { calendar: { method: 'CANCEL', text: calendarOf('ann@example.com') } }),
    one('7', { subject: '7' }),
  ])
    outbox = taken(outbox, post, 5_000 - Object.keys(outbox).length);
  const mail = { channel: 'mail', key: 'ann@example.com' } as const;
  outbox = handedOver(outbox, mail, { is: 'later', words: '451', afterMs: 3 }, 6_000);
  outbox = handedOver(outbox, { ...mail, key: '7' }, { is: 'refused', words: '550 nobody' }, 7_000);
  expect(unpacked(packed(outbox))).toEqual(outbox);
  expect(unpacked(outbox)).toBe(outbox);
  expect(unpacked(packed({}))).toEqual({});
});

it('a list keeps its order, whatever its keys are, and the letters of a batch share their lines', () => {
  const kept = (key: string, to: string) => ({
    ...posted(to, 'invitation'),
    key,
    askedAt: 0,
    generation: 0,
    deliveries: {},
  });
  const list = ['9', 'b', '1', 'a'].map((key) => kept(key, `${key}@example.com`));
  expect(unpackedList(packedList(list))).toEqual(list);
  const batch = Array.from({ length: 20 }, (_, n) => kept(`k${n}`, `person${n}@example.com`));
  expect(JSON.stringify(packedList(batch)).length).toBeLessThan(JSON.stringify(batch).length / 5);
});
