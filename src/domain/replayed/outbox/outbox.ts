import type { MessagePlan } from '../../plan/fields/messages.ts';
import type { Channel, Group } from './channels.ts';

/** An entry in the reader's calendar that goes with a message (RFC 5546). */
export interface Calendar {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly text: string;
}

/** A message as it waits to leave. No secret is ever in it. */
export interface Posted {
  /** The person or role, the reason and what makes it another message: the same key is the same message. */
  readonly key: string;
  /** An email address, or what the plan's contacts have in its place. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Names of what goes along, which every worker has. */
  readonly attachments: readonly string[];
  readonly calendar?: Calendar;
  readonly group: Group;
  /** As the plan said when it was written. */
  readonly plan: MessagePlan;
  /** The workshop's title: what mails are sent as when the plan names no sender. */
  readonly title: string;
}

/** What has become of a message on one channel. Instants in epoch milliseconds. */
export type Delivery =
  | {
      readonly is: 'waiting';
      readonly tries: number;
      /** Not tried before then. */
      readonly notBefore?: number;
      /** Why it has not left yet, in the server's words where it gave any. */
      readonly words?: string;
    }
  /** The channel's server has taken it: that somebody read it is another matter. */
  | { readonly is: 'accepted'; readonly at: number; readonly receipt: string }
  | { readonly is: 'refused'; readonly at: number; readonly words: string }
  /** It was handed over, and no answer came: it may have arrived, and is not sent again by itself. */
  | { readonly is: 'in doubt'; readonly at: number; readonly words: string };

/** What an attempt to hand a message over came to. */
export type Outcome =
  | { readonly is: 'accepted'; readonly receipt: string }
  | { readonly is: 'refused'; readonly words: string }
  | { readonly is: 'in doubt'; readonly words: string }
  /** It has not left, and may later. */
  | { readonly is: 'later'; readonly words?: string; readonly afterMs?: number };

/** A message that the outbox knows, and what has become of it. */
export interface Kept {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly group: Group;
  readonly attachments: readonly string[];
  readonly calendar?: Calendar;
  readonly plan: MessagePlan;
  readonly title: string;
  /** Gone once it has been accepted everywhere: the copy in the worker's folder stays. */
  readonly text?: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
  /** Raised each time somebody asks for it to be sent again: each is a mail of its own. */
  readonly generation: number;
  readonly deliveries: Readonly<Partial<Record<Channel, Delivery>>>;
}

/** By key. */
export type Outbox = Readonly<Record<string, Kept>>;

/** Pauses between tries, milliseconds: the first, and the longest. */
const FIRST_PAUSE = 15_000;
const LONGEST_PAUSE = 15 * 60_000;

/** Takes a message in. One whose key is known is the same message: nothing changes. */
export function taken(outbox: Outbox, posted: Posted, now: number): Outbox {
  if (Object.hasOwn(outbox, posted.key)) return outbox;
  const { plan, group } = posted;
  // What goes to one address instead goes by the one channel that has addresses.
  const channels = plan.onlyTo === undefined ? plan[group] : plan[group].filter((channel) => channel === 'mail');
  const deliveries = Object.fromEntries(
    channels.map((channel) => [channel, { is: 'waiting', tries: 0 } satisfies Delivery]),
  );
  return { ...outbox, [posted.key]: { ...posted, askedAt: now, generation: 0, deliveries } };
}

/** One message on one channel. */
export interface Errand {
  readonly key: string;
  readonly channel: Channel;
}

/** What has not left yet, the oldest first, and when each may be tried: epoch milliseconds, 0 for at once. */
export function waiting(outbox: Outbox): (Errand & { readonly at: number })[] {
  return Object.values(outbox)
    .toSorted((a, b) => a.askedAt - b.askedAt)
    .flatMap(({ key, deliveries }) =>
      channelsOf(deliveries).flatMap((channel) => {
        const delivery = deliveries[channel];
        return delivery?.is === 'waiting' ? [{ key, channel, at: delivery.notBefore ?? 0 }] : [];
      }),
    );
}

/** What is to be handed over now, the oldest first. */
export const due = (outbox: Outbox, now: number): Errand[] =>
  waiting(outbox).flatMap(({ key, channel, at }) => (at <= now ? [{ key, channel }] : []));

/** When the next message is to be tried again, epoch milliseconds; undefined when none waits. */
export function nextAt(outbox: Outbox): number | undefined {
  const moments = waiting(outbox).map(({ at }) => at);
  return moments.length > 0 ? moments.reduce((first, at) => Math.min(first, at)) : undefined;
}

/** After an attempt: what was accepted, refused or is in doubt is over; what may leave later waits twice as long. */
export function handedOver(outbox: Outbox, { key, channel }: Errand, outcome: Outcome, now: number): Outbox {
  const kept = outbox[key];
  const before = kept?.deliveries[channel];
  if (kept === undefined || before?.is !== 'waiting') return outbox;
  const deliveries = { ...kept.deliveries, [channel]: afterwards(before, outcome, now) };
  const isOver = channelsOf(deliveries).every((each) => deliveries[each]?.is === 'accepted');
  const { text, ...rest } = kept;
  return { ...outbox, [key]: { ...rest, deliveries, ...(isOver || text === undefined ? {} : { text }) } };
}

function afterwards(before: Delivery & { is: 'waiting' }, outcome: Outcome, now: number): Delivery {
  if (outcome.is !== 'later') return { ...outcome, at: now };
  const { words, afterMs } = outcome;
  // Waiting for a turn is no try.
  const tries = words === undefined ? before.tries : before.tries + 1;
  const pause = afterMs ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, tries - 1));
  return { is: 'waiting', tries, notBefore: now + pause, ...(words === undefined ? {} : { words }) };
}

/** Somebody asks for a message again, on every channel of its group. */
export function sentAgain(outbox: Outbox, key: string): Outbox {
  const kept = outbox[key];
  if (kept === undefined) return outbox;
  const deliveries = Object.fromEntries(
    channelsOf(kept.deliveries).map((channel) => [channel, { is: 'waiting', tries: 0 } satisfies Delivery]),
  );
  return { ...outbox, [key]: { ...kept, generation: kept.generation + 1, deliveries } };
}

/**
 * A mail that its server had taken came back: it reached nobody. Nothing changes where it was refused at once, or waits
 * to be sent again.
 */
export function cameBack(outbox: Outbox, key: string, words: string, now: number): Outbox {
  const kept = outbox[key];
  const mail = kept?.deliveries.mail;
  if (kept === undefined || (mail?.is !== 'accepted' && mail?.is !== 'in doubt')) return outbox;
  return { ...outbox, [key]: { ...kept, deliveries: { ...kept.deliveries, mail: { is: 'refused', at: now, words } } } };
}

const channelsOf = (deliveries: Kept['deliveries']): Channel[] => Object.keys(deliveries) as Channel[];
