// Not for workflow code: what the clocks of a zone show is this machine's word (docs/design.md section "Time").
import { Temporal } from 'temporal-polyfill';
import { clockChangeAt } from '../plan/clock-change.ts';
import { quotedValue } from './content-lines.ts';

/** How the moments of an entry are written: on the clocks of a zone, which is described beside them. */
export interface CalendarZone {
  /** Lines of a VTIMEZONE; none for UTC, whose moments say themselves what they are. */
  readonly lines: readonly string[];
  /** A property with its moment: `DTSTART;TZID=Europe/Berlin:20270316T090000`. */
  moment(property: string, at: number): string;
}

/**
 * The clocks of a zone from one moment to another, with every change in between, the one that was last before and the
 * one that comes next: that is right for these moments whatever the rule of the zone is, or will be.
 * @throws {RangeError} when the zone is not known to this machine.
 */
export function calendarZone(timeZone: string, from: number, to: number): CalendarZone {
  const first = zonedAt(from, timeZone);
  const id = first.timeZoneId;
  if (/^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal|Greenwich)$/i.test(id))
    return { lines: [], moment: (property, at) => `${property}:${utcTime(at)}` };
  const tzid = /^[\w/+-]+$/.test(id) ? id : quotedValue(id);
  return {
    lines: ['BEGIN:VTIMEZONE', `TZID:${id}`, ...observances(first, to), 'END:VTIMEZONE'],
    moment: (property, at) => {
      const wall = zonedAt(at, timeZone).toPlainDateTime();
      // What the clocks show twice is taken for the first by some readers, and for the second by others.
      const isShownTwice = clockChangeAt(wall.toString(), timeZone) === 'repeated';
      return isShownTwice ? `${property}:${utcTime(at)}` : `${property};TZID=${tzid}:${basic(wall)}`;
    },
  };
}

/** A moment as UTC has it: `20270316T080000Z`. */
export const utcTime = (at: number): string => `${basic(zonedAt(at, 'UTC').toPlainDateTime())}Z`;

function observances(first: Temporal.ZonedDateTime, to: number): string[] {
  const before = first.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const changes = before && before.epochMilliseconds > 0 ? [before] : [];
  // Calendars of old do not go back to when such clocks were last changed.
  const always = [
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    `TZOFFSETFROM:${offset(first)}`,
    `TZOFFSETTO:${offset(first)}`,
    'END:STANDARD',
  ];
  const beginning = changes.length === 0 ? always : [];
  for (let next = first.getTimeZoneTransition('next'); next; next = next.getTimeZoneTransition('next')) {
    changes.push(next);
    if (next.epochMilliseconds > to) break;
  }
  return [...beginning, ...changes.flatMap(observance)];
}

/** From a change of the clocks on; its moment is written on the clocks as they were until then. */
function observance(change: Temporal.ZonedDateTime): string[] {
  const before = change.subtract({ nanoseconds: 1 });
  const nanoseconds = before.offsetNanoseconds - change.offsetNanoseconds;
  const kind = nanoseconds < 0 ? 'DAYLIGHT' : 'STANDARD';
  return [
    `BEGIN:${kind}`,
    `DTSTART:${basic(change.toPlainDateTime().add({ nanoseconds }))}`,
    `TZOFFSETFROM:${offset(before)}`,
    `TZOFFSETTO:${offset(change)}`,
    `END:${kind}`,
  ];
}

const offset = (moment: Temporal.ZonedDateTime): string => moment.offset.replaceAll(':', '');

/** A rehearsal that waits for a slow computer begins at a fraction of a millisecond. */
const zonedAt = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);

const basic = (wall: Temporal.PlainDateTime): string =>
  wall.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
