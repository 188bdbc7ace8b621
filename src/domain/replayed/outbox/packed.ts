import { CHANNELS, type Channel } from './channels.ts';
import type { Delivery, Kept, Outbox } from './outbox.ts';

/** A string of its own, or the place of one that several messages share. */
type Shared = string | number;
/** What is the same in hundreds of messages; its plan alone may be larger than a letter. */
type Kind = Pick<Kept, 'group' | 'attachments' | 'plan' | 'title'>;
/** An accepted one as milliseconds after it was asked for, and its receipt; any other as it is. */
type PackedDelivery = readonly [channel: number, after: number, receipt: Shared] | readonly [channel: number, Delivery];

interface Row {
  /** In a list where it begins with the address, and then without it. */
  readonly k: Shared | readonly [Shared];
  readonly to: Shared;
  readonly s: Shared;
  /** Its kind, and when it was asked for, milliseconds after the first. */
  readonly a: readonly [kind: number, askedAfter: number];
  /** Left out while nobody asked for it again. */
  readonly g?: number;
  readonly d: readonly PackedDelivery[];
  /** By lines, which letters to many people share. */
  readonly t?: readonly Shared[];
  readonly c?: readonly ['REQUEST' | 'CANCEL', ...Shared[]];
}

/** An outbox in few bytes: so it is carried from one run to the next, and answered to whoever asks for all of it. */
export interface Packed {
  readonly packed: 1;
  /** Epoch milliseconds that the rest is counted from. */
  readonly from: number;
  readonly kinds: readonly Kind[];
  readonly shared: readonly string[];
  readonly rows: readonly Row[];
}

/** A place in the list of shared strings is no longer than this. */
const WORTH_SHARING = 6;

/** All of it: {@link unpacked} gives the same outbox, in the same order. */
export const packed = (outbox: Outbox): Packed => packedList(Object.values(outbox));

/** The same for a list, whose order {@link unpackedList} keeps whatever its keys are. */
export function packedList(all: readonly Kept[]): Packed {
  const counts = new Map<string, number>();
  for (const kept of all)
    for (const one of stringsOf(kept)) if (one.length >= WORTH_SHARING) counts.set(one, (counts.get(one) ?? 0) + 1);
  const places = new Map<string, number>();
  for (const [one, times] of counts) if (times > 1) places.set(one, places.size);
  const share = (one: string): Shared => places.get(one) ?? one;

  const kinds = new Map<string, { place: number; kind: Kind }>();
  const kindOf = ({ group, attachments, plan, title }: Kept): number => {
    const kind = { group, attachments, plan, title };
    const name = JSON.stringify(kind);
    const known = kinds.get(name) ?? { place: kinds.size, kind };
    kinds.set(name, known);
    return known.place;
  };
  const from = all.reduce((first, { askedAt }) => Math.min(first, askedAt), all[0]?.askedAt ?? 0);
  const rows = all.map((kept): Row => {
    const { key, to, subject, askedAt, generation, deliveries, text, calendar } = kept;
    return {
      k: key.startsWith(to) ? [share(key.slice(to.length))] : share(key),
      to: share(to),
      s: share(subject),
      a: [kindOf(kept), askedAt - from],
      ...(generation === 0 ? {} : { g: generation }),
      d: Object.entries(deliveries).map(([channel, delivery]) => {
        const place = CHANNELS.indexOf(channel as Channel);
        return delivery.is === 'accepted'
          ? ([place, delivery.at - askedAt, share(delivery.receipt)] as const)
          : ([place, delivery] as const);
      }),
      ...(text === undefined ? {} : { t: text.split('\n').map(share) }),
      ...(calendar === undefined ? {} : { c: [calendar.method, ...calendar.text.split('\n').map(share)] }),
    };
  });
  return { packed: 1, from, kinds: [...kinds.values()].map(({ kind }) => kind), shared: [...places.keys()], rows };
}

function stringsOf({ key, to, subject, deliveries, text, calendar }: Kept): string[] {
  return [
    key.startsWith(to) ? key.slice(to.length) : key,
    to,
    subject,
    ...Object.values(deliveries).flatMap((delivery) => (delivery.is === 'accepted' ? [delivery.receipt] : [])),
    ...(text?.split('\n') ?? []),
    ...(calendar?.text.split('\n') ?? []),
  ];
}

/** What {@link packed} was given. An outbox that was never packed, as earlier versions answer, stays as it is. */
export function unpacked(outbox: Outbox | Packed): Outbox {
  return isPacked(outbox) ? Object.fromEntries(unpackedList(outbox).map((kept) => [kept.key, kept])) : outbox;
}

/** What {@link packedList} was given. @throws {TypeError} when it was not made by it */
export function unpackedList({ from, kinds, shared, rows }: Packed): Kept[] {
  const own = (one: Shared): string => (typeof one === 'string' ? one : (shared[one] ?? ''));
  return rows.map(({ k, to: packedTo, s, a: [kind, askedAfter], g = 0, d, t, c }): Kept => {
    const to = own(packedTo);
    const askedAt = from + askedAfter;
    const [method, ...entry] = c ?? [];
    return {
      key: typeof k === 'object' ? to + own(k[0]) : own(k),
      to,
      subject: own(s),
      ...(kinds[kind] as Kind),
      ...(t === undefined ? {} : { text: t.map(own).join('\n') }),
      ...(method === undefined ? {} : { calendar: { method, text: entry.map(own).join('\n') } }),
      askedAt,
      generation: g,
      deliveries: Object.fromEntries(
        d.map((one): [string | undefined, Delivery] => [
          CHANNELS[one[0]],
          one.length === 3 ? { is: 'accepted', at: askedAt + one[1], receipt: own(one[2]) } : one[1],
        ]),
      ),
    };
  });
}

/** No message is the number 1. */
const isPacked = (outbox: Outbox | Packed): outbox is Packed => (outbox as Partial<Packed>).packed === 1;
