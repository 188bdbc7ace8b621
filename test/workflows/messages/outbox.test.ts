import { expect, it } from 'vitest';
import { MESSAGES, WORKFLOWS } from '../../../src/domain/replayed/made/temporal-names.ts';
import type { Outbox, Outcome, Posted } from '../../../src/domain/replayed/outbox/outbox.ts';
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

it('hands each message over once, tries again what was put off, and goes on after what nobody can read', async () => {
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
  const stage = await openStage({
    change: () => ({
      handOver: async (_run, { message }) => {
        handed.push(`${message.key} ${message.generation}`);
        return answers[message.key]?.shift() ?? { is: 'accepted', receipt: 'queued' };
      },
    }),
  });
  const run = { workshopId: 'spring', runId: 'r', workspaceId: 'w' };
  const start = {
    workflowId: `outbox-${process.pid}`,
    taskQueue: stage.queue,
    args: [{ v: 1, run, queues: onOneQueue(stage.queue), pace: { ...REAL_PACE, historyEvents: 60 }, outbox: {} }],
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

  // It goes on in another run when its history grows, and knows what it had.
  for (let n = 0; n < 12; n += 1) await post(posted(`late${n}`));
  await stage.soon(async () => {
    const all = Object.values(await states());
    expect(all).toHaveLength(15);
    expect(new Set(all)).toEqual(new Set(['accepted']));
  });
  await post(posted('ann'));
  await stage.clock.sleep(60_000);
  expect(handed.filter((key) => key.startsWith('ann'))).toHaveLength(1);
  await handle.terminate('enough');
});
