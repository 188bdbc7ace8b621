import { CHANNELS, type Channel } from './channels.ts';
import { waiting, type Errand, type Outbox } from './outbox.ts';

/** Messages that are handed over one after another, on one channel. */
export interface Batch {
  readonly channel: Channel;
  readonly keys: readonly string[];
}

/** Batches under way. */
export type UnderWay = ReadonlySet<Batch>;

const MOST_MESSAGES = 20;
/** Characters of messages in a batch, as JSON: what Temporal takes with one call ends at 2 MB. */
const MOST_CHARACTERS = 400_000;
/** Of all outboxes of a workshop on one channel, where they are few: mail servers do not bear many connections. */
const AT_ONCE = 8;
const AT_ONCE_OF_ONE = 4;

/** So many batches of one outbox may be under way on each channel. */
export const batchesAtOnce = (outboxes: number): number =>
  Math.max(1, Math.min(AT_ONCE_OF_ONE, Math.floor(AT_ONCE / outboxes)));

/**
 * What is to be handed over now, the oldest first: no channel waits for another one, which may hang.
 * @param most see {@link batchesAtOnce}
 */
export function batchesDue(outbox: Outbox, now: number, underWay: UnderWay, most: number): Batch[] {
  const due = notUnderWay(outbox, underWay).filter(({ at }) => at <= now);
  return CHANNELS.flatMap((channel) => {
    const keys = due.filter((errand) => errand.channel === channel).map(({ key }) => key);
    const batches: Batch[] = [];
    for (let room = roomOf(channel, underWay, most); room > 0 && keys.length > 0; room -= 1)
      batches.push({ channel, keys: keys.splice(0, asManyAsGo(outbox, keys)) });
    return batches;
  });
}

/**
 * The same one by one, as an outbox does that an earlier version began.
 * @param most on all channels together
 */
export const singlesDue = (outbox: Outbox, now: number, underWay: UnderWay, most: number): Batch[] =>
  notUnderWay(outbox, underWay)
    .filter(({ at }) => at <= now)
    .slice(0, Math.max(0, most - underWay.size))
    .map(({ key, channel }) => ({ channel, keys: [key] }));

/** When the next batch can begin, epoch milliseconds; undefined when none can before one has ended. */
export function nextBatchAt(outbox: Outbox, underWay: UnderWay, most: number): number | undefined {
  const moments = notUnderWay(outbox, underWay).flatMap(({ channel, at }) =>
    roomOf(channel, underWay, most) > 0 ? [at] : [],
  );
  return moments.length > 0 ? moments.reduce((first, at) => Math.min(first, at)) : undefined;
}

function notUnderWay(outbox: Outbox, underWay: UnderWay): (Errand & { readonly at: number })[] {
  const names = new Set([...underWay].flatMap(({ channel, keys }) => keys.map((key) => nameOf({ channel, key }))));
  return waiting(outbox).filter((errand) => !names.has(nameOf(errand)));
}

const nameOf = ({ key, channel }: Errand): string => `${channel} ${key}`;

const roomOf = (channel: Channel, underWay: UnderWay, most: number): number =>
  most - [...underWay].filter((batch) => batch.channel === channel).length;

/** One at least: what is too large alone is told so by whom it is handed to. */
function asManyAsGo(outbox: Outbox, keys: readonly string[]): number {
  let characters = 0;
  const end = keys.findIndex((key, n) => {
    characters += JSON.stringify(outbox[key] ?? {}).length;
    return n > 0 && (n >= MOST_MESSAGES || characters > MOST_CHARACTERS);
  });
  return end < 0 ? keys.length : end;
}
