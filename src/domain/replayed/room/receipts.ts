import { formatDuration } from '../time/format-duration.ts';
import type { AskedOfRoom, RoomRequest } from './requests.ts';
import { handOf, type Room } from './room.ts';

/** What whoever asked something of a room is told, by what was asked; `before` is the room before that. */
const RECEIPTS: { readonly [Name in RoomRequest]: (asked: AskedOfRoom[Name], before: Room, now: number) => string } = {
  raiseHand: ({ key }, before) => {
    const place = before.hands.findIndex((hand) => hand.key === key);
    if (place === -1) return `your hand is up: ${ahead(before.hands.length)}`;
    const { takenBy } = before.hands[place] ?? {};
    const since = takenBy === undefined ? `it keeps its place: ${ahead(place)}` : `${takenBy} is on the way`;
    return `your hand was up already, and what you say now stands with it; ${since}`;
  },
  takeHand: ({ key, by }, before, now) => {
    const { takenBy, takenAt = now } = handOf(before, key) ?? {};
    if (takenBy === undefined) return `${by} goes there`;
    const since = `since ${formatDuration(now - takenAt)}`;
    return takenBy === by ? `${by} goes there, ${since}` : `${takenBy} goes there already, ${since}: nothing changed`;
  },
  lowerHand: ({ by }) => `the hand was lowered by ${by}`,
  addNote: () => 'the note stands with the seat, for whoever helps there next',
  setBanner: ({ text, send, by }) => {
    if (text === '') return `the banner was taken away by ${by}`;
    const written = send === true ? '; everybody is being written to as well, and the acts say when that failed' : '';
    return `the banner stands on everybody's page${written}`;
  },
  laptopSeen: () => 'the laptop check is recorded',
  tellPerson: ({ email }) => `the letter to ${email} is being sent; the acts say when that failed`,
};

/** The receipt for what was asked. */
export const receiptOf = <Name extends RoomRequest>(
  name: Name,
  asked: AskedOfRoom[Name],
  before: Room,
  now: number,
): string => RECEIPTS[name](asked, before, now);

const ahead = (hands: number): string =>
  hands === 0 ? 'nobody is before you' : `${hands} ${hands === 1 ? 'person is' : 'people are'} before you`;
