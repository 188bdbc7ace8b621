import { MockActivityEnvironment } from '@temporalio/testing';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { expect, it, onTestFinished } from 'vitest';
import type { HandOverRequest } from '../../../src/activities/messages/hand-over.ts';
import type { Outcome } from '../../../src/domain/replayed/outbox/outbox.ts';
import { packedList } from '../../../src/domain/replayed/outbox/packed.ts';
import { MailServer, type Treats } from '../../messages/mail-server.ts';
import { openSetting } from '../setting.ts';

const asKept = (message: HandOverRequest['message']) => ({ ...message, askedAt: 0, deliveries: {} });

interface Progress {
  readonly cameTo: readonly Outcome[];
  readonly begun?: true;
}

/** Temporal as far as it takes down what an attempt tells; from the n-th on it is gone, as once it was given up. */
function notebook(goneFrom = Infinity) {
  const notes: Progress[] = [];
  const temporal = {
    options: {
      namespace: 'default',
      loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] },
    },
    workflowService: {
      recordActivityTaskHeartbeat: async ({ details }: { details: { payloads: never[] } }) => {
        if (notes.length + 1 >= goneFrom) throw new Error('NOT_FOUND');
        notes.push(defaultPayloadConverter.fromPayload<Progress>(details.payloads[0]!));
      },
    },
  } as unknown as Client;
  return { notes, temporal };
}

async function mails(treats: Treats = () => 'take') {
  const mail = await MailServer.start(treats);
  onTestFinished(() => mail.stop());
  const message = (name: string): HandOverRequest['message'] => ({
    key: `${name}-invitation`,
    to: `${name}@example.com`,
    subject: 'Please prepare',
    text: `Dear ${name}`,
    attachments: [],
    group: 'attendees',
    plan: mail.plan(),
    title: 'Spring',
    generation: 0,
  });
  return { mail, message, arrived: () => mail.books.map(({ to }) => to[0]?.split('@')[0]) };
}

async function attempt(
  temporal: Client,
  messages: readonly HandOverRequest['message'][],
  info: { heartbeatDetails?: Progress; startToCloseTimeoutMs?: number } = {},
) {
  const { activitiesIn, run, closing } = await openSetting({ temporal });
  const inOne = activitiesIn(new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000, ...info }));
  return {
    closing,
    outcomes: () => inOne.handOverSome(run, { channel: 'mail', messages: packedList(messages.map(asKept)) }),
  };
}

const is = (outcomes: readonly Outcome[]) => outcomes.map((outcome) => outcome.is);

it('hands over one after another, and each refusal is that message’s own', async () => {
  const { message, arrived } = await mails((n) => (n === 2 ? 'refuse' : n === 3 ? 'busy' : 'take'));
  const { notes, temporal } = notebook();
  const { outcomes } = await attempt(temporal, ['ann', 'bo', 'cy', 'di'].map(message));
  expect(is(await outcomes())).toEqual(['accepted', 'refused', 'later', 'accepted']);
  expect(arrived()).toEqual(['ann', 'di']);
  // The server has in writing which one is begun before it leaves, and what those before came to.
  expect(notes.filter(({ begun }) => begun).map(({ cameTo }) => is(cameTo).join(' '))).toEqual([
    '',
    'accepted',
    'accepted refused',
    'accepted refused later',
  ]);
});

it('what a message came to is in writing before the next one is begun, where that one has to wait', async () => {
  const { message } = await mails();
  const { notes, temporal } = notebook();
  const slowly = (name: string): HandOverRequest['message'] => {
    const { plan, ...rest } = message(name);
    return { ...rest, plan: { ...plan, ...(plan.mail ? { mail: { ...plan.mail, perMinute: 40 } } : {}) } };
  };
  const { outcomes } = await attempt(temporal, ['ann', 'bo'].map(slowly));
  expect(is(await outcomes())).toEqual(['accepted', 'accepted']);
  expect(notes.map(({ cameTo, begun }) => [is(cameTo).join(' '), begun])).toEqual([
    ['', true],
    ['accepted', undefined],
    ['accepted', true],
  ]);
});

it('after a worker died: accepted ones are known, the begun one is in doubt, the others are sent', async () => {
  const { message, arrived } = await mails();
  const { notes, temporal } = notebook();
  const ann: Outcome = { is: 'accepted', receipt: 'queued before' };
  const { outcomes } = await attempt(temporal, ['ann', 'bo', 'cy'].map(message), {
    heartbeatDetails: { cameTo: [ann], begun: true },
  });
  const [first, second, third] = await outcomes();
  expect(first).toEqual(ann);
  expect(second).toMatchObject({ is: 'in doubt', words: expect.stringContaining('worker ended') as string });
  expect(third).toMatchObject({ is: 'accepted' });
  expect(arrived()).toEqual(['cy']);
  // If that one dies, too, the doubt is known as well.
  expect(is(notes.at(-1)?.cameTo ?? [])).toEqual(['accepted', 'in doubt']);
});

it('after a worker died between two messages, nothing is in doubt', async () => {
  const { message, arrived } = await mails();
  const { outcomes } = await attempt(notebook().temporal, ['ann', 'bo'].map(message), {
    heartbeatDetails: { cameTo: [{ is: 'accepted', receipt: 'queued before' }] },
  });
  expect(is(await outcomes())).toEqual(['accepted', 'accepted']);
  expect(arrived()).toEqual(['bo']);
});

it('an attempt that was given up meanwhile sends nothing more', async () => {
  const { mail, message, arrived } = await mails();
  // It may tell of the first; by then another attempt has its place.
  const { outcomes } = await attempt(notebook(2).temporal, ['ann', 'bo', 'cy'].map(message));
  expect(is(await outcomes())).toEqual(['accepted', 'later', 'later']);
  expect(arrived()).toEqual(['ann']);
  expect(mail.handed).toBe(1);
});

it('begins none when time runs out or the worker stops: they leave later, which is no failure of theirs', async () => {
  const { message, arrived } = await mails();
  const late = await attempt(notebook().temporal, ['ann', 'bo', 'cy'].map(message), { startToCloseTimeoutMs: 0.001 });
  expect((await late.outcomes()).slice(1)).toEqual([
    { is: 'later', afterMs: 0 },
    { is: 'later', afterMs: 0 },
  ]);
  const before = arrived().length;
  const stopping = await attempt(notebook().temporal, ['di', 'ed'].map(message));
  stopping.closing.abort();
  expect(await stopping.outcomes()).toEqual([
    { is: 'later', afterMs: 0 },
    { is: 'later', afterMs: 0 },
  ]);
  expect(arrived()).toHaveLength(before);
});
