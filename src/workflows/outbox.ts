import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { z } from 'zod';
import type { Run } from '../activities/run.ts';
import type { Queues } from '../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';
import { batchesAtOnce, batchesDue, nextBatchAt, singlesDue, type Batch } from '../domain/replayed/outbox/batches.ts';
import {
  cameBack,
  handedOver,
  nextAt,
  sentAgain,
  taken,
  type Kept,
  type Outcome,
  type Outbox,
  type Posted,
} from '../domain/replayed/outbox/outbox.ts';
import { packed, packedList, unpacked, unpackedList, type Packed } from '../domain/replayed/outbox/packed.ts';
import { OUTBOXES, outboxesOf } from '../domain/replayed/outbox/places.ts';
import { postedSchema } from '../domain/replayed/outbox/posted.ts';
import { DAY } from '../domain/replayed/time/units.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import { callsFor } from './shared/calls.ts';
import { historyIsLong } from './shared/history-is-long.ts';

export interface OutboxInput {
  readonly v: 1;
  readonly run: Run;
  readonly queues: Queues;
  readonly pace: Pace;
  readonly outbox: Outbox | Packed;
  /** One timer until it closes, and not another after each message; absent where an earlier version began it. */
  readonly oneTimer?: boolean;
  /** Several messages are handed over by one activity; absent where an earlier version began it. */
  readonly inBatches?: boolean;
}

/** So many are handed over at once: a channel that hangs must not stop the others. */
const AT_ONCE = 4;
/** Of what a server said, in characters. */
const LONGEST_WORDS = 300;
/** Whoever asks after letters asks within that time; what has not left by then will not. */
const CLOSES_AFTER = 45 * DAY;

const post = defineSignal<[Posted]>(MESSAGES.post);
const postSome = defineSignal<[Packed]>(MESSAGES.postSome);
const resend = defineUpdate<boolean, [{ key: string }]>(MESSAGES.resend);
const bounced = defineUpdate<boolean, [{ key: string; words: string }]>(MESSAGES.bounced);
const outboxQuery = defineQuery<Outbox>(MESSAGES.outbox);
const packedQuery = defineQuery<Packed>(MESSAGES.packedOutbox);

/**
 * Messages on their way, each once on each channel of its group, in a worker's absence too. A part of a workshop's
 * people has one. It ends by itself when nothing has been asked of it for long.
 */
export async function outbox(input: OutboxInput): Promise<void> {
  const { run, queues, pace, oneTimer = false, inBatches = false } = input;
  const calls = callsFor(queues, pace);
  let now = unpacked(input.outbox);
  let asked = 0;
  const underWay = new Set<Batch>();

  const take = (posted: unknown) => {
    const read = z.safeParse(postedSchema, posted);
    if (!read.success) return;
    now = taken(now, read.data, Date.now());
    asked += 1;
  };
  setHandler(post, take);
  setHandler(postSome, (some) => {
    try {
      unpackedList(some).forEach(take);
    } catch {
      // Sent by hand: a handler that throws would stop the rest.
    }
  });
  setHandler(
    resend,
    ({ key }) => {
      now = sentAgain(now, key);
      asked += 1;
      return true;
    },
    {
      validator: ({ key }) => {
        const kept = Object.hasOwn(now, key) ? now[key] : undefined;
        if (kept === undefined) throw new Error(`there is no message "${key}"`);
        if (Object.values(kept.deliveries).some(({ is }) => is === 'waiting'))
          throw new Error('it is on its way already');
      },
    },
  );
  setHandler(
    bounced,
    ({ key, words }) => {
      const before = now;
      now = cameBack(now, key, words.slice(0, LONGEST_WORDS), Date.now());
      return now !== before;
    },
    {
      validator: ({ key, words }) => {
        if (typeof words !== 'string' || !Object.hasOwn(now, key)) throw new Error(`there is no message "${key}"`);
      },
    },
  );
  setHandler(outboxQuery, () => now);
  setHandler(packedQuery, () => packed(now));

  const bare = (kept: Kept) => {
    const { deliveries: _, askedAt: __, ...message } = kept;
    return message;
  };
  const handOver = async ({ channel, keys }: Batch): Promise<readonly Outcome[]> => {
    const messages = keys.flatMap((key) => now[key] ?? []);
    const [message] = messages;
    // What became of it on other channels is no business of this one.
    const some = messages.map((kept) => ({ ...kept, deliveries: {} }));
    if (inBatches) return calls.handOverSome(run, { channel, messages: packedList(some) });
    return message === undefined ? [] : [await calls.handOver(run, { channel, message: bare(message) })];
  };
  const notTried: Outcome = { is: 'later', words: 'The worker could not try it.' };
  const leave = async (batch: Batch): Promise<void> => {
    const { channel, keys } = batch;
    try {
      const outcomes = await handOver(batch);
      for (const [n, key] of keys.entries())
        now = handedOver(now, { key, channel }, outcomes[n] ?? notTried, Date.now());
    } catch (error) {
      // Who called this off ends the workflow as well.
      if (!isCancellation(error)) for (const key of keys) now = handedOver(now, { key, channel }, notTried, Date.now());
    } finally {
      underWay.delete(batch);
    }
  };
  const most = batchesAtOnce(outboxesOf(run.runId) ?? OUTBOXES);
  const batches = (): Batch[] =>
    inBatches ? batchesDue(now, Date.now(), underWay, most) : singlesDue(now, Date.now(), underWay, AT_ONCE);

  let isIdle = false;
  /** Until nothing has been asked for long. */
  const countDown = async (): Promise<void> => {
    for (let seen = -1; seen < asked;) {
      seen = asked;
      await sleep(CLOSES_AFTER, { summary: 'closes when nothing is asked until then' });
    }
    isIdle = true;
  };
  if (oneTimer) void countDown();

  while (!historyIsLong(pace)) {
    for (const batch of batches()) {
      underWay.add(batch);
      void leave(batch);
    }
    const [seen, busy] = [asked, underWay.size];
    // What an earlier version began waits for what is under way before it looks at the time again.
    const next = inBatches ? nextBatchAt(now, underWay, most) : busy > 0 ? undefined : nextAt(now);
    const restMs = next === undefined ? CLOSES_AFTER : Math.max(1_000, next - Date.now());
    const isChanged = () => asked > seen || underWay.size < busy;
    if (oneTimer && next === undefined) {
      await condition(() => isChanged() || (isIdle && busy === 0));
      if (!isChanged()) return;
      continue;
    }
    const changed = await condition(isChanged, restMs);
    if (!changed && busy === 0 && next === undefined) return;
  }
  await condition(() => underWay.size === 0);
  await continueAsNew<typeof outbox>({ ...input, oneTimer: true, inBatches: true, outbox: packed(now) });
}
