import { expect, it } from 'vitest';
import { readChanges, type Change } from '../../../src/temporal/histories/changes.ts';
import type { HistoryEvent } from '../../../src/temporal/histories/history-events.ts';
import { TemporalReads } from '../../../src/temporal/reads.ts';
import { PayloadEncryption } from '../../../src/temporal/encryption/payload-encryption.ts';

const json = (value: unknown) => ({
  payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) }],
});
const at = (seconds: number) => ({ eventTime: { seconds } });
const input = (heading: string, more: object = {}) =>
  json({
    plan: { title: 'Spring apps', timeZone: 'Europe/Berlin' },
    timeline: { start: 1_000, end: 2_000 },
    state: { heading, seats: { a: 0 }, toEnrol: ['x'], guests: [], ...more },
  });
const started = (seconds: number, heading: string, before = '', more: object = {}): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionStartedEventAttributes: {
    input: input(heading, more),
    continuedExecutionRunId: before,
    identity: '7@laptop',
  },
});
const update = (seconds: number, name: string, args: unknown, id: string): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionUpdateAcceptedEventAttributes: {
    protocolInstanceId: id,
    acceptedRequest: { meta: { identity: '8@laptop' }, input: { name, args: json(args) } },
  },
});
const completed = (seconds: number, id: string, outcome: object): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionUpdateCompletedEventAttributes: { meta: { updateId: id }, outcome },
});
const signal = (seconds: number, signalName: string, said: unknown): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionSignaledEventAttributes: { signalName, input: json(said), identity: 'temporal-cli:bo@vm' },
});
const terminated = (seconds: number): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionTerminatedEventAttributes: { reason: 'by mistake', identity: 'temporal-cli:bo@vm' },
});

type Runs = Readonly<Record<string, readonly HistoryEvent[]>>;

/** A server that has these runs of the lifecycle, in their order, and these of a removal. */
function server(runs: Runs, removals: Runs = {}, codecs: readonly PayloadEncryption[] = []): TemporalReads {
  const call = async (method: string, request: object): Promise<unknown> => {
    const { query = '', execution } = request as { query?: string; execution?: { workflowId: string; runId: string } };
    const all = (query || execution?.workflowId || '').includes('/teardown') ? removals : runs;
    if (method === 'describeNamespace') return { config: { workflowExecutionRetentionTtl: { seconds: 7 * 86_400 } } };
    if (method === 'listWorkflowExecutions')
      return {
        executions: Object.entries(all).map(([runId, [first]]) => ({
          execution: { workflowId: 'workshop/spring', runId },
          startTime: first?.eventTime,
        })),
      };
    return { history: { events: all[execution?.runId ?? ''] } };
  };
  return new TemporalReads(
    { call: call as never, close: () => {} },
    { address: 'localhost:7233', namespace: 'default', codecs },
  );
}

const told = (changes: readonly Change[]) =>
  changes.map(({ kind, name, by, heading }) => [kind, name ?? by ?? heading]);

it('tells starts, pages, updates with their answers and signals of people, through the chain of runs', async () => {
  const { changes, forgottenBefore, keptForDays } = await readChanges(
    server({
      one: [
        started(10, 'first'),
        update(11, 'signOff', { item: 'proxy', by: 'Ann', note: 'two laptops' }, 'u1'),
        completed(11, 'u1', { success: json({ recorded: 'proxy: signed off by Ann' }) }),
        signal(12, 'cohortReport', {}),
        signal(13, 'addAttendee', { email: 'late@example.com' }),
      ],
      two: [
        started(20, 'two weeks before', 'one'),
        update(21, 'cancel', { by: 'Bo', reason: 'moved' }, 'u2'),
        completed(21, 'u2', { failure: { message: 'too late', applicationFailureInfo: { type: 'REFUSED' } } }),
      ],
      three: [started(30, 'two weeks before', 'two'), { ...at(31), workflowExecutionCompletedEventAttributes: {} }],
    }),
    'spring',
  );
  expect([forgottenBefore, keptForDays]).toEqual([undefined, 7]);
  expect(changes).toEqual([
    {
      at: 10_000,
      kind: 'start',
      heading: 'first',
      identity: '7@laptop',
      began: {
        title: 'Spring apps',
        timeZone: 'Europe/Berlin',
        start: 1_000,
        end: 2_000,
        heading: 'first',
        people: 2,
        adopted: false,
      },
    },
    {
      at: 11_000,
      kind: 'update',
      heading: 'first',
      name: 'signOff',
      by: 'Ann',
      identity: '8@laptop',
      input: { item: 'proxy', note: 'two laptops' },
      answer: 'proxy: signed off by Ann',
    },
    {
      at: 13_000,
      kind: 'signal',
      heading: 'first',
      name: 'addAttendee',
      identity: 'temporal-cli:bo@vm',
      input: { email: 'late@example.com' },
    },
    { at: 20_000, kind: 'page', heading: 'two weeks before' },
    {
      at: 21_000,
      kind: 'update',
      heading: 'two weeks before',
      name: 'cancel',
      by: 'Bo',
      identity: '8@laptop',
      input: { reason: 'moved' },
      refused: 'too late',
    },
    { at: 31_000, kind: 'end', heading: 'two weeks before', reason: 'its report is written' },
  ]);
});

it('tells who terminated it and why, who took it over, who cancelled it, and who removed it by hand', async () => {
  const { changes } = await readChanges(
    server(
      {
        one: [started(10, 'during'), terminated(11)],
        two: [
          started(20, 'first', '', { adopted: true }),
          { ...at(21), workflowExecutionCancelRequestedEventAttributes: { identity: 'temporal-cli:cy@vm' } },
        ],
      },
      { byHand: [started(15, 'first')], own: [withParent(started(22, 'first'))] },
    ),
    'spring',
  );
  expect(changes.map(({ kind, identity, reason }) => [kind, identity, reason])).toEqual([
    ['start', '7@laptop', undefined],
    ['terminate', 'temporal-cli:bo@vm', 'by mistake'],
    ['removal', '7@laptop', undefined],
    ['start', '7@laptop', undefined],
    ['cancel', 'temporal-cli:cy@vm', ''],
  ]);
  expect(changes[3]?.began?.adopted).toBe(true);
});

const withParent = (event: HistoryEvent): HistoryEvent => ({
  ...event,
  workflowExecutionStartedEventAttributes: {
    ...event.workflowExecutionStartedEventAttributes,
    parentWorkflowExecution: { workflowId: 'workshop/spring' },
  },
});

it('says from when on it knows, where runs are forgotten', async () => {
  const { changes, forgottenBefore } = await readChanges(
    server({ two: [started(20, 'day before', 'one'), update(21, 'waive', { item: 'x', by: 'Ann' }, 'u')] }),
    'spring',
  );
  expect(forgottenBefore).toBe(20_000);
  expect(told(changes)).toEqual([
    ['page', 'day before'],
    ['update', 'waive'],
  ]);
});

it('a reset begins with a copy of what went before, which is told once', async () => {
  const before = [started(10, 'first'), update(11, 'signOff', { item: 'proxy', by: 'Ann' }, 'u1')];
  const reset: HistoryEvent = {
    ...at(15),
    workflowTaskFailedEventAttributes: { cause: 20, failure: { message: 'stuck' }, identity: 'temporal-cli:bo@vm' },
  };
  const { changes } = await readChanges(server({ one: before, two: [...before, reset] }), 'spring');
  expect(told(changes)).toEqual([
    ['start', 'first'],
    ['update', 'signOff'],
    ['reset', 'first'],
  ]);
});

it('what is encrypted with a key that is not here hides neither when it was nor who asked', async () => {
  const key = PayloadEncryption.from({ WORKSHOP_PAYLOAD_KEY: Buffer.alloc(32, 1).toString('base64') });
  const hidden = await key.encode(json({ item: 'proxy', by: 'Ann' }).payloads);
  const accepted: HistoryEvent = {
    ...at(11),
    workflowExecutionUpdateAcceptedEventAttributes: {
      protocolInstanceId: 'u',
      acceptedRequest: { meta: { identity: '8@laptop' }, input: { name: 'signOff', args: { payloads: hidden } } },
    },
  };
  const runs = { one: [started(10, 'first'), accepted] };
  const blind = await readChanges(server(runs, {}, [PayloadEncryption.from({})]), 'spring');
  expect(blind.changes[1]).toEqual({
    at: 11_000,
    kind: 'update',
    heading: 'first',
    name: 'signOff',
    identity: '8@laptop',
    unreadable: expect.stringContaining('WORKSHOP_PAYLOAD_KEY is not set here'),
  });
  expect((await readChanges(server(runs, {}, [key]), 'spring')).changes[1]).toMatchObject({ by: 'Ann' });
});
