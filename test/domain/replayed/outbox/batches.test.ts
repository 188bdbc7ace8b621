import { expect, it } from 'vitest';
import { batchesAtOnce, batchesDue, nextBatchAt, type Batch } from '../../../../src/domain/replayed/outbox/batches.ts';
import { handedOver, taken, type Outbox, type Posted } from '../../../../src/domain/replayed/outbox/outbox.ts';
import { OUTBOXES, outboxesOf, runIdFor } from '../../../../src/domain/replayed/outbox/places.ts';

const NOW = 1_000_000;
const posted = (n: number, text = 'Hello'): Posted => ({
  key: `letter-${n}`,
  to: `person${n}@example.com`,
  subject: 'Please prepare',
  text,
  attachments: [],
  group: 'attendees',
  plan: { language: 'en', attendees: ['mail', 'slack'], facilitators: [], admin: [] },
  title: 'Spring',
});
const outboxWith = (people: number, text?: string): Outbox =>
  Array.from({ length: people }, (_, n) => posted(n, text)).reduce((all, one) => taken(all, one, NOW), {} as Outbox);
const sizes = (batches: readonly Batch[], channel: string) =>
  batches.filter((batch) => batch.channel === channel).map(({ keys }) => keys.length);

it('are twenty messages at most, so many at a time, on each channel by itself', () => {
  const outbox = outboxWith(50);
  const first = batchesDue(outbox, NOW, new Set(), 2);
  expect(sizes(first, 'mail')).toEqual([20, 20]);
  expect(sizes(first, 'slack')).toEqual([20, 20]);
  // Mail hangs; Slack has taken one batch.
  const [, , ended, still] = first;
  const mails = first.slice(0, 2);
  const sent = ended!.keys.reduce(
    (all, key) => handedOver(all, { key, channel: 'slack' }, { is: 'accepted', receipt: '' }, NOW),
    outbox,
  );
  const next = batchesDue(sent, NOW, new Set([...mails, still!]), 2);
  expect(next.map(({ channel }) => channel)).toEqual(['slack']);
  expect(sizes(next, 'slack')).toEqual([10]);
  const everything = [...first, ...next].flatMap(({ channel, keys }) => keys.map((key) => `${channel} ${key}`));
  expect(new Set(everything).size).toBe(everything.length);
});

it('are fewer messages where these are large, and one at least', () => {
  expect(sizes(batchesDue(outboxWith(9, 'x'.repeat(150_000)), NOW, new Set(), 9), 'mail')).toEqual([2, 2, 2, 2, 1]);
  expect(sizes(batchesDue(outboxWith(2, 'x'.repeat(500_000)), NOW, new Set(), 9), 'mail')).toEqual([1, 1]);
});

it('begin when what was put off is due, whatever hangs on another channel', () => {
  const outbox = handedOver(outboxWith(1), { key: 'letter-0', channel: 'slack' }, { is: 'later', words: '429' }, NOW);
  const mail = batchesDue(outbox, NOW, new Set(), 1);
  expect(mail).toEqual([{ channel: 'mail', keys: ['letter-0'] }]);
  expect(nextBatchAt(outbox, new Set(mail), 1)).toBe(NOW + 15_000);
  expect(nextBatchAt(outbox, new Set([...mail, { channel: 'slack', keys: ['letter-0'] }]), 1)).toBeUndefined();
});

it('are so few in all that other channels have room at a worker', () => {
  for (let outboxes = 1; outboxes <= OUTBOXES; outboxes += 1)
    expect(batchesAtOnce(outboxes) * outboxes).toBeLessThan(20);
  expect(batchesAtOnce(1)).toBe(4);
});

it('the id of a run tells how many outboxes its people share; one of an earlier version tells nothing', () => {
  const shares = (people: number) => outboxesOf(runIdFor('c0ffee', people));
  expect([0, 1, 140, 1_000, 1_001, 10_000, 1e6].map(shares)).toEqual([1, 1, 1, 1, 2, 10, 16]);
  for (const earlier of ['3f2a4a60-6b8e-4f6c-9d5b-0a1b2c3d4e5f', 'r1', 'r-o0', 'r-o17', 'r-o'])
    expect(outboxesOf(earlier)).toBeUndefined();
});
