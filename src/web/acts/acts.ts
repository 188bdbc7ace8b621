import { z } from 'zod';
import type { WorkshopClient } from '../../client.ts';
import { extendedBy } from '../../domain/clock/extended.ts';
import { readLaptopCode } from '../../domain/papers/laptop-evidence.ts';
import { EVERYTHING } from '../../domain/replayed/checklist/requests.ts';
import { MINUTE } from '../../domain/replayed/time/units.ts';
import { Refused } from '../../temporal/client-errors.ts';
import { OWNER, type Visitor } from '../visitor.ts';
import { remindOfLaptops } from './remind-of-laptops.ts';

/** What acts are done through: the client's own updates. */
export type ActsThrough = Pick<
  WorkshopClient,
  | 'retry'
  | 'repair'
  | 'removeAttendees'
  | 'signOff'
  | 'waive'
  | 'extend'
  | 'pause'
  | 'resume'
  | 'look'
  | 'progress'
  | 'raiseHand'
  | 'takeHand'
  | 'lowerHand'
  | 'addNote'
  | 'setBanner'
  | 'laptopSeen'
  | 'tellPerson'
>;

type Fields = Readonly<Record<string, string>>;

/** One press: who may, and what it does; answers what was recorded. */
interface Act {
  readonly may: readonly Visitor['role'][];
  readonly does: (
    client: ActsThrough,
    visitor: Visitor,
    about: { readonly subject: string; readonly fields: Fields },
  ) => Promise<{ readonly recorded: string }>;
}

const EVERYBODY = ['facilitator', 'helper'] as const;
const HALF_AN_HOUR = 30 * MINUTE;
const text = (most: number) => z.string().trim().min(1, 'is empty').max(most, `has more than ${most} characters`);

/** @throws {Refused} saying which field is not as it should be */
function field(fields: Fields, name: string, most: number): string {
  const read = text(most).safeParse(fields[name] ?? '');
  if (!read.success) throw new Refused(`The text ${read.error.issues[0]?.message ?? 'cannot be used'}: write another.`);
  return read.data;
}

const unlessEmpty = (fields: Fields, name: string, most: number): string | undefined =>
  (fields[name] ?? '').trim() === '' ? undefined : field(fields, name, most);

/** @throws {Refused} where nobody has this seat any more */
function emailOf({ view }: Visitor, key: string): string {
  const seat = view.seats.find((one) => one.key === key);
  if (seat === undefined) throw new Refused('Nobody has this seat any more: look at the room again.');
  return seat.email;
}

/** @throws {Refused} for whoever has no seat */
function ownSeat({ seat }: Visitor) {
  if (seat === undefined) throw new Refused('This is for attendees.');
  return seat;
}

/** Every act by its name: the first part of the address that it is posted to, and the last. */
export const ACTS: Readonly<Record<string, Act>> = {
  'seats retry': {
    may: EVERYBODY,
    does: (client, visitor, { subject }) =>
      client.retry(visitor.view.id, { item: emailOf(visitor, subject), by: visitor.name }),
  },
  'seats restart': { may: EVERYBODY, does: repairWith('restart') },
  'seats swap': { may: EVERYBODY, does: repairWith('new cluster') },
  'seats message': {
    may: EVERYBODY,
    does: (client, visitor, { subject, fields }) =>
      client.tellPerson(visitor.view.id, {
        email: emailOf(visitor, subject),
        by: visitor.name,
        text: field(fields, 'text', 2_000),
      }),
  },
  'seats note': {
    may: EVERYBODY,
    does: (client, visitor, { subject, fields }) =>
      client.addNote(visitor.view.id, { key: subject, by: visitor.name, text: field(fields, 'text', 2_000) }),
  },
  'seats remove': {
    may: ['facilitator'],
    does: (client, visitor, { subject }) =>
      client.removeAttendees(visitor.view.id, { emails: [emailOf(visitor, subject)], by: visitor.name }),
  },
  'hands take': {
    may: EVERYBODY,
    does: (client, visitor, { subject }) => client.takeHand(visitor.view.id, { key: subject, by: visitor.name }),
  },
  'hands lower': {
    may: EVERYBODY,
    does: (client, visitor, { subject }) => client.lowerHand(visitor.view.id, { key: subject, by: visitor.name }),
  },
  'lines retry': {
    may: ['facilitator'],
    does: (client, visitor, { subject }) =>
      client.retry(visitor.view.id, { item: subject === 'all' ? EVERYTHING : subject, by: visitor.name }),
  },
  'lines sign-off': {
    may: ['facilitator'],
    does: (client, visitor, { subject, fields }) => {
      const note = unlessEmpty(fields, 'note', 500);
      return client.signOff(visitor.view.id, {
        item: subject,
        by: visitor.name,
        answer: fields['answer'] === 'no' ? 'no' : 'yes',
        ...(note === undefined ? {} : { note }),
      });
    },
  },
  'lines waive': {
    may: ['facilitator'],
    does: (client, visitor, { subject, fields }) =>
      client.waive(visitor.view.id, { item: subject, by: visitor.name, reason: field(fields, 'reason', 500) }),
  },
  remind: { may: ['facilitator'], does: remindOfLaptops },
  banner: {
    may: ['facilitator'],
    does: (client, visitor, { fields }) =>
      client.setBanner(visitor.view.id, {
        text: unlessEmpty(fields, 'text', 500) ?? '',
        by: visitor.name,
        send: fields['send'] === 'yes',
      }),
  },
  extend: {
    may: ['facilitator'],
    does: (client, { view, name }) => {
      const { end, teardown } = view.timeline;
      const longer = extendedBy(HALF_AN_HOUR, { end, teardown, grace: teardown - end }, Date.now());
      return client.extend(view.id, { by: name, ...longer });
    },
  },
  pause: {
    may: ['facilitator'],
    does: (client, visitor, { fields }) =>
      client.pause(visitor.view.id, { by: visitor.name, reason: unlessEmpty(fields, 'reason', 500) }),
  },
  resume: { may: ['facilitator'], does: (client, { view, name }) => client.resume(view.id, { by: name }) },
  wake: {
    may: ['attendee'],
    does: async (client, visitor) => {
      const { state, email } = ownSeat(visitor);
      if (state !== 'asleep') throw new Refused(`Your cluster does not sleep: it is ${state}.`);
      await client.repair(visitor.view.id, { email, by: OWNER });
      return { recorded: 'It is being woken' };
    },
  },
  help: {
    may: ['attendee'],
    does: (client, visitor, { fields }) => {
      const words = unlessEmpty(fields, 'text', 500);
      return client.raiseHand(visitor.view.id, {
        key: ownSeat(visitor).key,
        from: 'page',
        ...(words === undefined ? {} : { words }),
      });
    },
  },
  lower: {
    may: ['attendee'],
    does: (client, visitor) => client.lowerHand(visitor.view.id, { key: ownSeat(visitor).key, by: OWNER }),
  },
  laptop: {
    may: ['attendee'],
    does: async (client, visitor, { fields }) => {
      const code = field(fields, 'code', 60);
      const read = readLaptopCode(code);
      if (!read.ok) throw new Refused(read.why);
      await client.laptopSeen(visitor.view.id, { key: ownSeat(visitor).key, code });
      return { recorded: 'Thank you: what your laptop can do is known now' };
    },
  },
};

function repairWith(stage: 'restart' | 'new cluster'): Act['does'] {
  return (client, visitor, { subject }) =>
    client.repair(visitor.view.id, { email: emailOf(visitor, subject), by: visitor.name, stage });
}
