import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { Run } from '../activities/run.ts';
import type { Queues } from '../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';
import {
  due,
  handedOver,
  nextAt,
  sentAgain,
  taken,
  type Errand,
  type Kept,
  type Outbox,
  type Posted,
} from '../domain/replayed/outbox/outbox.ts';
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
  readonly outbox: Outbox;
}

/** So many are handed over at once: a channel that hangs must not stop the others. */
const AT_ONCE = 4;
/** Whoever asks after letters asks within that time; what has not left by then will not. */
const CLOSES_AFTER = 45 * DAY;

const post = defineSignal<[Posted]>(MESSAGES.post);
const resend = defineUpdate<boolean, [{ key: string }]>(MESSAGES.resend);
const outboxQuery = defineQuery<Outbox>(MESSAGES.outbox);

/**
 * Messages on their way, each once on each channel of its group, in a worker's absence too. A part of a workshop's
 * people has one. It ends by itself when nothing has been asked of it for long.
 */
export async function outbox(input: OutboxInput): Promise<void> {
  const { run, queues, pace } = input;
  const calls = callsFor(queues, pace);
  let now = input.outbox;
  let asked = 0;
  const underWay = new Set<string>();

  setHandler(post, (posted) => {
    const read = postedSchema.safeParse(posted);
    if (!read.success) return;
    now = taken(now, read.data, Date.now());
    asked += 1;
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
  setHandler(outboxQuery, () => now);

  const nameOf = ({ key, channel }: Errand) => `${channel} ${key}`;
  const handOver = async (errand: Errand, kept: Kept): Promise<void> => {
    const { deliveries: _, askedAt: __, ...message } = kept;
    try {
      const outcome = await calls.handOver(run, { channel: errand.channel, message });
      now = handedOver(now, errand, outcome, Date.now());
    } catch (error) {
      // Who called this off ends the workflow as well.
      if (!isCancellation(error))
        now = handedOver(now, errand, { is: 'later', words: 'The worker could not try it.' }, Date.now());
    } finally {
      underWay.delete(nameOf(errand));
    }
  };
  const begin = (errand: Errand) => {
    const kept = now[errand.key];
    if (kept === undefined) return;
    underWay.add(nameOf(errand));
    void handOver(errand, kept);
  };

  while (!historyIsLong(pace)) {
    const waiting = due(now, Date.now()).filter((errand) => !underWay.has(nameOf(errand)));
    for (const errand of waiting.slice(0, Math.max(0, AT_ONCE - underWay.size))) begin(errand);
    const [seen, busy] = [asked, underWay.size];
    const next = nextAt(now);
    const restMs = busy > 0 || next === undefined ? CLOSES_AFTER : Math.max(1_000, next - Date.now());
    const changed = await condition(() => asked > seen || underWay.size < busy, restMs);
    if (!changed && busy === 0 && next === undefined) return;
  }
  await condition(() => underWay.size === 0);
  await continueAsNew<typeof outbox>({ ...input, outbox: now });
}
