import { LONGEST, MOST } from './bounds.ts';
import type { AskedOfRoom } from './requests.ts';

/** What a look at somebody's cluster found, as `check-claude` says it. */
export interface HandCheck {
  readonly id: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly said: string;
}

/** Somebody who asks for help. */
export interface Hand {
  /** Of their seat. */
  readonly key: string;
  /** Epoch milliseconds, like every moment here. */
  readonly at: number;
  /** Where it was raised first. */
  readonly from: 'page' | 'terminal';
  readonly words?: string;
  /** The latest that their cluster said of itself: unchecked, because its owner is root there. */
  readonly checks?: readonly HandCheck[];
  readonly takenBy?: string;
  readonly takenAt?: number;
}

export interface DoneHand extends Hand {
  readonly loweredAt: number;
  readonly loweredBy: string;
  readonly note?: string;
}

export interface Note {
  readonly by: string;
  readonly at: number;
  readonly text: string;
}

/** One sentence for everybody's page. */
export interface Banner {
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

/** The code of a laptop check that somebody brought. */
export interface SeenLaptop {
  readonly code: string;
  readonly at: number;
}

/** What people in the room know of each other on the day: who waits for help, who helps, what was said. */
export interface Room {
  /** Open ones, the oldest first: one a seat. */
  readonly hands: readonly Hand[];
  /** The last that were lowered, in their order. */
  readonly done: readonly DoneHand[];
  /** By seat key. */
  readonly notes: Readonly<Record<string, readonly Note[]>>;
  readonly banner?: Banner;
  /** By seat key. */
  readonly laptops: Readonly<Record<string, SeenLaptop>>;
  /** Who helped, wrote or was written to, the latest last. */
  readonly acts: readonly { readonly at: number; readonly by: string; readonly what: string }[];
}

export const EMPTY_ROOM: Room = { hands: [], done: [], notes: {}, laptops: {}, acts: [] };

/** Of the whole, in characters of its JSON: far below what Temporal carries from run to run. */
const LARGEST = 500_000;

/** The open hand of a seat. */
export const handOf = (room: Room, key: string): Hand | undefined => room.hands.find((hand) => hand.key === key);

/** A hand is raised. One that is up keeps its place, and has more to say. */
export function raised(room: Room, { key, from, words, checks }: AskedOfRoom['raiseHand'], now: number): Room {
  const before = handOf(room, key);
  const said = together(before?.words, words);
  const hand: Hand = {
    ...(before ?? { key, at: now, from }),
    ...(said === undefined ? {} : { words: said }),
    ...(checks === undefined ? {} : { checks }),
  };
  const hands = before ? room.hands.map((one) => (one === before ? hand : one)) : [...room.hands, hand];
  return fitting({ ...room, hands });
}

/** Somebody goes there. A hand that somebody else has taken stays theirs. */
export function taken(room: Room, { key, by }: AskedOfRoom['takeHand'], now: number): Room {
  const hand = handOf(room, key);
  if (hand === undefined || hand.takenBy !== undefined) return room;
  const hands = room.hands.map((one) => (one === hand ? { ...hand, takenBy: by, takenAt: now } : one));
  return acted({ ...room, hands }, { at: now, by, what: `took the hand of ${key}` });
}

/** A hand goes down: helped, or no longer needed. */
export function lowered(room: Room, { key, by, note }: AskedOfRoom['lowerHand'], now: number): Room {
  const hand = handOf(room, key);
  if (hand === undefined) return room;
  const hands = room.hands.filter((one) => one !== hand);
  const one: DoneHand = { ...hand, loweredAt: now, loweredBy: by, ...(note === undefined ? {} : { note }) };
  const done = [...room.done, one].slice(-MOST.done);
  return acted({ ...room, hands, done }, { at: now, by, what: `lowered the hand of ${key}` });
}

/** Something to know of a seat, for whoever helps there next. */
export function noted(room: Room, { key, by, text }: AskedOfRoom['addNote'], now: number): Room {
  const known = Object.hasOwn(room.notes, key) ? (room.notes[key] ?? []) : [];
  const notes = { ...room.notes, [key]: [...known, { by, at: now, text }].slice(-MOST.notesOfOne) };
  return acted({ ...room, notes }, { at: now, by, what: `wrote a note about ${key}` });
}

/** What stands on everybody's page; nothing, when the text is empty. */
export function withBanner(room: Room, { text, by }: AskedOfRoom['setBanner'], now: number): Room {
  const { banner: _, ...rest } = room;
  const banner = { text, by, at: now };
  return text === ''
    ? acted(rest, { at: now, by, what: 'took the banner away' })
    : acted({ ...rest, banner }, { at: now, by, what: `set the banner: ${text}` });
}

/** The code of a laptop check, in place of the one before. */
export const withLaptop = (room: Room, { key, code }: AskedOfRoom['laptopSeen'], now: number): Room =>
  fitting({ ...room, laptops: { ...room.laptops, [key]: { code, at: now } } });

/** Who did what. */
export function acted(room: Room, { at, by, what }: Room['acts'][number]): Room {
  const act = { at, by: by.slice(0, LONGEST.by), what: what.slice(0, LONGEST.act) };
  return fitting({ ...room, acts: [...room.acts, act].slice(-MOST.acts) });
}

/** What was said before, and what is said now: where both do not fit, the end of it. */
function together(before: string | undefined, now: string | undefined): string | undefined {
  if (before === undefined || now === undefined || before === now) return now ?? before;
  if (before.split('\n').includes(now)) return before;
  const all = `${before}\n${now}`;
  return all.length <= LONGEST.words ? all : `…${all.slice(1 - LONGEST.words)}`;
}

/**
 * The same, small enough to be carried on. What goes first is what is over, then what clusters said of themselves, the
 * latest first; who waits, and for what, stays.
 */
function fitting(room: Room): Room {
  let excess = sizeOf(room) - LARGEST;
  if (excess <= 0) return room;
  const done = [...room.done];
  for (let one = done.shift(); one !== undefined && excess > 0; one = done.shift()) excess -= sizeOf(one);
  const hands = room.hands.toReversed().map((hand) => {
    if (excess <= 0 || hand.checks === undefined) return hand;
    excess -= sizeOf(hand.checks);
    const { checks: _, ...rest } = hand;
    return rest;
  });
  return { ...room, done, hands: hands.toReversed() };
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;
