import { expect, it } from 'vitest';
import { MESSAGES, WORKFLOWS } from '../../../src/domain/replayed/made/temporal-names.ts';
import type { Outbox, Outcome, Posted } from '../../../src/domain/replayed/outbox/outbox.ts';
import { packedList, unpacked, unpackedList, type Packed } from '../../../src/domain/replayed/outbox/packed.ts';
import { openStage } from '../stage/time-skipping.ts';
import { onOneQueue, REAL_PACE } from '../stage/workshop-input.ts';

const posted = (name: string): Posted => ({
  key: `${name}-invitation`,
  to: `${name}@example.com`,
  subject: 'Please prepare',
  text: 'Hello',
  attachments: [],
  group: 'attendees',
  plan: { language: 'en', attendees: ['mail'], facilitators: [], admin: [] },
  title: 'Spring',
});

it.each([
  ['several by one activity', { oneTimer: true, inBatches: true }],
  ['one timer until it closes', { oneTimer: true }],
  ['a timer after each message, as those have that an earlier version began', {}],
])('hands each message over once, tries again what was put off, and goes on after junk: %s', async (_, way) => {
  const handed: string[] = [];
  const answers: Record<string, Outcome[]> = {
    'bo-invitation': [
      { is: 'later', words: '451 busy' },
      { is: 'accepted', receipt: '' },
    ],
    'cy-invitation': [
      { is: 'refused', words: '550 nobody' },
      { is: 'accepted', receipt: '' },
    ],
  };
  const hand = ({ key, generation }: { readonly key: string; readonly generation: number }): Outcome => {
    handed.push(`${key} ${generation}`);
    return answers[key]?.shift() ?? { is: 'accepted', receipt: 'queued' };
  };
  const stage = await openStage({
    change: () => ({
      handOver: async (_run, { message }) => hand(message),
      handOverSome: async (_run, { messages }) => unpackedList(messages).map(hand),
    }),
  });
  const run = { workshopId: 'spring', runId: 'r', workspaceId: 'w' };
  const start = {
    workflowId: `outbox-${process.pid}`,
    taskQueue: stage.queue,
    args: [
      { v: 1, run, queues: onOneQueue(stage.queue), pace: { ...REAL_PACE, historyEvents: 60 }, outbox: {}, ...way },
    ],
    signal: MESSAGES.post,
  };
  const post = (message: unknown) =>
    stage.client.workflow.signalWithStart(WORKFLOWS.outbox, { ...start, signalArgs: [message] });
  const handle = await post(posted('ann'));
  for (const message of [posted('bo'), posted('cy'), posted('ann'), undefined, { key: 1 }]) await post(message);
  const states = async () => {
    const outbox = await handle.query<Outbox>(MESSAGES.outbox);
    return Object.fromEntries(Object.values(outbox).map(({ key, deliveries }) => [key, deliveries.mail?.is]));
  };
  await stage.soon(async () => {
    expect(await states()).toMatchObject({ 'ann-invitation': 'accepted', 'cy-invitation': 'refused' });
  });
  await stage.clock.sleep(20_000);
  await stage.soon(async () => expect((await states())['bo-invitation']).toBe('accepted'));
  expect(handed.toSorted()).toEqual(['ann-invitation 0', 'bo-invitation 0', 'bo-invitation 0', 'cy-invitation 0']);

  // What was refused is sent again when somebody says so, as a mail of its own.
  await handle.executeUpdate(MESSAGES.resend, { args: [{ key: 'cy-invitation' }] });
  await stage.soon(async () => expect((await states())['cy-invitation']).toBe('accepted'));
  expect(handed.at(-1)).toBe('cy-invitation 1');
  await expect(handle.executeUpdate(MESSAGES.resend, { args: [{ key: 'nobody' }] })).rejects.toThrow();

  // A mail that comes back later is refused, in the words of the report, until somebody sends it again.
  const comesBack = (key: string) =>
    handle.executeUpdate(MESSAGES.bounced, { args: [{ key, words: '550 no such user' }] });
  expect(await comesBack('ann-invitation')).toBe(true);
  expect(await states()).toMatchObject({ 'ann-invitation': 'refused' });
  expect(await comesBack('ann-invitation')).toBe(false);
  await expect(comesBack('nobody')).rejects.toThrow();
  await handle.executeUpdate(MESSAGES.resend, { args: [{ key: 'ann-invitation' }] });
  await stage.soon(async () => expect((await states())['ann-invitation']).toBe('accepted'));

  // It goes on in another run when its history grows, and knows what it had.
  for (let n = 0; n < 12; n += 1) await post(posted(`late${n}`));
  await stage.soon(async () => {
    const all = Object.values(await states());
    expect(all).toHaveLength(15);
    expect(new Set(all)).toEqual(new Set(['accepted']));
  });
  await post(posted('ann'));
  await stage.clock.sleep(60_000);
  expect(handed.filter((key) => key.startsWith('ann'))).toEqual(['ann-invitation 0', 'ann-invitation 1']);
  await handle.terminate('enough');
});

it('what came with one signal is handed over by one activity a channel, and junk among it harms nothing', async () => {
  const batches: { channel: string; keys: string[] }[] = [];
  const stage = await openStage({
    change: () => ({
      handOverSome: async (_run, { channel, messages }) => {
        batches.push({ channel, keys: unpackedList(messages).map(({ key }) => key) });
        return messages.rows.map(() => ({ is: 'accepted', receipt: 'queued' }));
      },
    }),
  });
  const plan: Posted['plan'] = { ...posted('ann').plan, attendees: ['mail', 'webhook'] };
  const some = ['ann', 'bo', 'cy', 'di'].map((name) => ({ ...posted(name), plan }));
  const handle = await stage.client.workflow.signalWithStart(WORKFLOWS.outbox, {
    workflowId: `outbox-some-${process.pid}`,
    taskQueue: stage.queue,
    args: [
      {
        v: 1,
        run: { workshopId: 'spring', runId: 'r-o1', workspaceId: 'w' },
        queues: onOneQueue(stage.queue),
        pace: REAL_PACE,
        outbox: {},
        oneTimer: true,
        inBatches: true,
      },
    ],
    signal: MESSAGES.postSome,
    signalArgs: [packedList(some.map((one) => ({ ...one, askedAt: 0, generation: 0, deliveries: {} })))],
  });
  const junk = packedList([{ ...posted('ed'), to: '', askedAt: 0, generation: 0, deliveries: {} }]);
  for (const one of ['junk', undefined, { packed: 1, rows: [7] }, junk]) await handle.signal(MESSAGES.postSome, one);
  const isOf = async (channel: 'mail' | 'webhook') => {
    const all = Object.values(await handle.query<Outbox>(MESSAGES.outbox));
    return all.map(({ deliveries }) => deliveries[channel]?.is);
  };
  const each = (is: string) => some.map(() => is);
  await stage.soon(async () => {
    expect(await isOf('webhook')).toEqual(each('accepted'));
    expect(await isOf('mail')).toEqual(each('accepted'));
  });
  const keys = some.map(({ key }) => key);
  expect(batches.toSorted((a, b) => a.channel.localeCompare(b.channel))).toEqual([
    { channel: 'mail', keys },
    { channel: 'webhook', keys },
  ]);
  expect(unpacked(await handle.query<Packed>(MESSAGES.packedOutbox))).toEqual(await handle.query(MESSAGES.outbox));
  await handle.terminate('enough');
});
