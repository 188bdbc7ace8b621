import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Plan } from '../plan/plan.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import { contentLines, quotedValue, textValue } from './content-lines.ts';
import { calendarZone, utcTime } from './zone-of-calendar.ts';

/** What is put into somebody's calendar, changed there, or taken out again. */
export interface CalendarEntry {
  readonly plan: Pick<Plan, 'title' | 'workspace' | 'timeZone' | 'contacts'> &
    Partial<Pick<Plan, 'messages' | 'place'>>;
  readonly timeline: Pick<Timeline, 'start' | 'end'>;
  readonly runId: string;
  readonly to: { readonly email: string; readonly name?: string | undefined };
  /** `REQUEST` makes the entry, or changes it; `CANCEL` takes it out. */
  readonly method: 'REQUEST' | 'CANCEL';
  /** Higher than in whatever was sent of this entry before: calendars heed the highest. */
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * An iCalendar object (RFC 5545, sent as RFC 5546 has it) to go with a letter, as text/calendar with the same method.
 * @throws {RangeError} when the plan's zone is not known to this machine.
 */
export function calendarEntry({ plan, timeline, runId, to, method, sequence, now }: CalendarEntry): string {
  const zone = calendarZone(plan.timeZone, timeline.start, timeline.end);
  return contentLines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//databricks-workshop//letters//EN',
    `METHOD:${method}`,
    ...zone.lines,
    'BEGIN:VEVENT',
    `UID:${entryId(runId, to.email)}`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${utcTime(now)}`,
    zone.moment('DTSTART', timeline.start),
    zone.moment('DTEND', timeline.end),
    `SUMMARY:${textValue(plan.title)}`,
    ...(plan.place === undefined ? [] : [`LOCATION:${textValue(plan.place)}`]),
    `DESCRIPTION:${textValue(description(plan))}`,
    ...organizer(plan),
    `ATTENDEE;CN=${quotedValue(to.name ?? to.email)};ROLE=REQ-PARTICIPANT;RSVP=FALSE:${mailto(to.email)}`,
    `STATUS:${method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]);
}

/** The same for whatever is sent of one person's entry. Nobody who sees it can test whose address it is made of. */
const entryId = (runId: string, email: string): string =>
  bytesToHex(hmac(sha256, utf8ToBytes(runId), utf8ToBytes(`calendar entry of ${email.trim().toLowerCase()}`))).slice(
    0,
    32,
  );

/** Facts only: they read the same in every language. */
const description = ({ title, workspace, contacts: { leadFacilitator } }: CalendarEntry['plan']): string =>
  `${title}\n${workspace}\n${leadFacilitator.name}, ${leadFacilitator.contact}`;

/** Whoever answers to the entry writes to them; without a mail server nobody sends it in anybody's name. */
function organizer({ title, messages }: CalendarEntry['plan']): string[] {
  const mail = messages?.mail;
  if (mail === undefined) return [];
  return [`ORGANIZER;CN=${quotedValue(mail.senderName ?? title)}:${mailto(mail.replyTo ?? mail.from)}`];
}

/** No sign of an address is one of a URI. */
const mailto = (email: string): string => `mailto:${email.replaceAll(/[^\w@.+'-]/g, encodeURIComponent)}`;
