import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { calendarEntry, type CalendarEntry } from '../../../src/domain/messages/calendar.ts';
import { examplePlan } from '../plan/example-plan.ts';

const mail = {
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  from: 'workshops@example.com',
  perMinute: 60,
} as const;
const messages = { language: 'en', attendees: [], facilitators: [], admin: [], mail } as const;
const plan = { ...examplePlan(), messages: { ...messages, attendees: ['mail' as const], facilitators: [], admin: [] } };
const now = Date.UTC(2027, 2, 1, 10, 20, 30);
const ann = { email: 'ann@example.com', name: 'Ann Example' };

/** On the clocks of a zone, and hours later. */
function times(start: string, timeZone: string, hours = 4): CalendarEntry['timeline'] {
  const from = Temporal.PlainDateTime.from(start).toZonedDateTime(timeZone).epochMilliseconds;
  return { start: from, end: from + hours * 3_600_000 };
}

function entry(about: Partial<CalendarEntry> = {}): string {
  const timeline = times('2027-03-16T09:00', 'Europe/Berlin');
  return calendarEntry({ plan, timeline, runId: 'run', to: ann, method: 'REQUEST', sequence: 0, now, ...about });
}

/** Read by a parser that knows nothing of zones but what the text says. */
function parsed(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as never[]);
  const event = calendar.getFirstSubcomponent('vevent');
  if (!event) throw new Error('no event');
  const zones = calendar.getAllSubcomponents('vtimezone').map((component) => new ICAL.Timezone(component));
  const at = (name: string) => {
    const property = event.getFirstProperty(name);
    const time = property?.getFirstValue() as ICAL.Time;
    const zone = zones.find(({ tzid }) => tzid === property?.getFirstParameter('tzid'));
    if (zone) time.zone = zone;
    else expect(time.zone).toBe(ICAL.Timezone.utcTimezone);
    return time.toUnixTime() * 1000;
  };
  const value = (name: string) => event.getFirstPropertyValue(name);
  return { calendar, event, at, value };
}

describe('the moments of an entry', () => {
  test.each([
    ['Europe/Berlin', '2027-03-16T09:00'],
    // The clocks go forward in the night before the Sunday, and back in October.
    ['Europe/Berlin', '2027-03-26T09:00'],
    ['Europe/Berlin', '2027-03-27T23:00'],
    ['Europe/Berlin', '2027-03-28T01:00'],
    ['Europe/Berlin', '2027-03-28T09:00'],
    ['Europe/Berlin', '2027-10-30T23:30'],
    ['Europe/Berlin', '2027-10-31T02:30'],
    ['Europe/Berlin', '2027-10-31T03:00'],
    ['Europe/Berlin', '2027-07-01T09:00'],
    ['America/New_York', '2027-03-13T22:30'],
    ['America/New_York', '2027-11-07T00:15'],
    ['America/New_York', '2027-06-01T14:00'],
    ['Asia/Kolkata', '2027-03-16T09:00'],
    ['Australia/Lord_Howe', '2027-04-04T00:30'],
    ['Australia/Lord_Howe', '2027-10-03T01:00'],
    ['Australia/Lord_Howe', '2027-07-05T10:00'],
    ['Africa/Casablanca', '2026-02-14T23:00'],
    ['Africa/Monrovia', '2027-01-01T09:00'],
    ['UTC', '2027-03-16T09:00'],
    ['+02:00', '2027-03-16T09:00'],
  ])('are those of %s at %s', (timeZone, start) => {
    for (const hours of [1, 2.5, 4, 24, 14 * 24]) {
      const timeline = times(start, timeZone, hours);
      const { at } = parsed(entry({ plan: { ...plan, timeZone }, timeline }));
      expect([at('dtstart'), at('dtend')]).toEqual([timeline.start, timeline.end]);
    }
  });

  test('are right over more than one change of the clocks, and in each of two hours that look alike', () => {
    const timeZone = 'Europe/Berlin';
    const second = Temporal.Instant.from('2027-10-31T01:30:00Z').epochMilliseconds;
    for (const timeline of [
      times('2027-01-01T09:00', timeZone, 365 * 24),
      { start: second, end: second + 1_800_000 },
      { start: second - 3_600_000, end: second },
    ]) {
      const { at } = parsed(entry({ timeline }));
      expect([at('dtstart'), at('dtend')]).toEqual([timeline.start, timeline.end]);
    }
  });

  test('are written on the clocks of the zone, which the entry describes', () => {
    const text = entry();
    expect(text).toContain(
      '\r\nDTSTART;TZID=Europe/Berlin:20270316T090000\r\nDTEND;TZID=Europe/Berlin:20270316T130000\r\n',
    );
    expect(text.match(/BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin\r\n/g)).toHaveLength(1);
    expect(text).toContain('\r\nDTSTAMP:20270301T102030Z\r\n');
  });
});

describe('an entry', () => {
  test('is one for each run and person, whatever is sent of it, and names no address by it', () => {
    const id = (about: Partial<CalendarEntry>) => String(parsed(entry(about)).value('uid'));
    const first = id({});
    expect(id({ method: 'CANCEL', sequence: 3, now: now + 1, to: { email: ' ANN@example.com' } })).toBe(first);
    const others = [id({ runId: 'other' }), id({ to: { email: 'bo@example.com' } })];
    expect(new Set([first, ...others]).size).toBe(3);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
  });

  test('says what is done with it, for whom and by whom', () => {
    const { calendar, event, value } = parsed(entry({ sequence: 2 }));
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect([value('sequence'), value('status'), value('summary')]).toEqual([2, 'CONFIRMED', plan.title]);
    expect(event.getFirstProperty('attendee')?.toICALString()).toContain(
      'CN=Ann Example;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:ann@example.com',
    );
    expect(value('organizer')).toBe('mailto:workshops@example.com');
    const cancelled = parsed(entry({ method: 'CANCEL', sequence: 3 }));
    expect(cancelled.calendar.getFirstPropertyValue('method')).toBe('CANCEL');
    expect([cancelled.value('status'), cancelled.value('sequence')]).toEqual(['CANCELLED', 3]);
  });

  test('is answered where answers go, and by nobody where nobody sends mail', () => {
    const replyTo = 'lead@example.com';
    const toLead = { ...plan, messages: { ...plan.messages, mail: { ...mail, replyTo, senderName: 'Spring' } } };
    const { event } = parsed(entry({ plan: toLead }));
    expect(event.getFirstProperty('organizer')?.toICALString()).toBe(`ORGANIZER;CN=Spring:mailto:${replyTo}`);
    expect(parsed(entry({ plan: examplePlan() })).event.getFirstProperty('organizer')).toBeNull();
  });

  test('holds what a title or a name says as text, and nothing else', () => {
    const evil = 'A; b, c\\n "d"\r\nATTENDEE:mailto:evil@example.com\r\nEND:VEVENT\n\u2028\0 ^n :';
    const text = entry({
      plan: { ...plan, title: evil },
      to: { email: 'a%?b&x@example.com', name: `${evil};X="y":z` },
    });
    const { calendar, event, value } = parsed(text);
    expect(event.getAllProperties('attendee')).toHaveLength(1);
    expect(value('attendee')).toBe('mailto:a%25%3Fb%26x@example.com');
    expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1);
    expect(value('summary')).toBe(evil.replaceAll('\r\n', '\n').replace('\0', ' '));
    expect(event.getAllProperties().map(({ name }) => name)).toEqual(
      parsed(entry())
        .event.getAllProperties()
        .map(({ name }) => name),
    );
  });

  test('has lines of at most 75 octets, each ended in both signs, and no character torn apart', () => {
    const title = 'Ä🎓日本 Größe '.repeat(20).trim();
    const text = entry({ plan: { ...plan, title } });
    expect(text.endsWith('\r\n')).toBe(true);
    for (const line of text.slice(0, -2).split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[\r\n\uFFFD]/);
      expect(line.isWellFormed()).toBe(true);
    }
    expect(parsed(text).value('summary')).toBe(title);
  });
});

test('a moment between two milliseconds is one', () => {
  const { start, end } = times('2027-03-16T09:00', 'Europe/Berlin');
  expect(entry({ timeline: { start: start + 0.275, end: end + 0.5 }, now: now + 0.1 })).toBe(entry());
});
