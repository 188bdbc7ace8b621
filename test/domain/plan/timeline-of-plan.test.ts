import { expect, test } from 'vitest';
import { parseDuration, parseOffset } from '../../../src/domain/plan/duration.ts';
import { clockChangeAt } from '../../../src/domain/plan/clock-change.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';

interface When {
  start: string;
  timeZone: string;
  offsets?: Partial<Record<'twoWeeksBefore' | 'oneWeekBefore' | 'dayBefore' | 'dayOf', string>>;
}

/** The moments as UTC text, which is what a person can check against a calendar. */
function utc({ start, timeZone, offsets = {} }: When): Record<string, string> {
  const given = { twoWeeksBefore: '14d', oneWeekBefore: '7d', dayBefore: '1d', dayOf: '30m', ...offsets };
  const timeline = timelineOf({
    start,
    timeZone,
    length: parseDuration('4h'),
    offsets: {
      twoWeeksBefore: parseOffset(given.twoWeeksBefore),
      oneWeekBefore: parseOffset(given.oneWeekBefore),
      dayBefore: parseOffset(given.dayBefore),
      dayOf: parseOffset(given.dayOf),
    },
    teardown: { grace: parseDuration('1h'), deletePool: true },
  });
  return Object.fromEntries(
    Object.entries(timeline).map(([name, ms]) => [name, new Date(ms).toISOString().replace('.000', '')]),
  );
}

test('an ordinary week in Berlin', () => {
  expect(utc({ start: '2027-03-16T09:00', timeZone: 'Europe/Berlin' })).toEqual({
    twoWeeksBefore: '2027-03-02T08:00:00Z',
    oneWeekBefore: '2027-03-09T08:00:00Z',
    dayBefore: '2027-03-15T08:00:00Z',
    dayOf: '2027-03-16T07:30:00Z',
    start: '2027-03-16T08:00:00Z',
    end: '2027-03-16T12:00:00Z',
    teardown: '2027-03-16T13:00:00Z',
  });
});

test('days keep the wall time across the change to summer time', () => {
  // Berlin goes to summer time on 2027-03-28.
  const moments = utc({ start: '2027-03-30T09:00', timeZone: 'Europe/Berlin' });
  expect(moments['start']).toBe('2027-03-30T07:00:00Z');
  expect(moments['oneWeekBefore']).toBe('2027-03-23T08:00:00Z');
  expect(moments['twoWeeksBefore']).toBe('2027-03-16T08:00:00Z');
});

test('hours are exact where days are not', () => {
  const start = { start: '2027-03-28T09:00', timeZone: 'Europe/Berlin' };
  expect(utc({ ...start, offsets: { dayBefore: '1d' } })['dayBefore']).toBe('2027-03-27T08:00:00Z');
  expect(utc({ ...start, offsets: { dayBefore: '24h' } })['dayBefore']).toBe('2027-03-27T07:00:00Z');
  expect(utc({ ...start, offsets: { dayBefore: '1d2h' } })['dayBefore']).toBe('2027-03-27T06:00:00Z');
});

test('a day before that falls into the skipped hour moves forward', () => {
  // New York skips 02:00 to 03:00 on 2027-03-14.
  const moments = utc({ start: '2027-03-15T02:30', timeZone: 'America/New_York' });
  expect(moments['start']).toBe('2027-03-15T06:30:00Z');
  expect(moments['dayBefore']).toBe('2027-03-14T07:30:00Z'); // 03:30 EDT
});

test('a start in the skipped hour moves forward, and its days are counted from the time as written', () => {
  const moments = utc({ start: '2027-03-14T02:30', timeZone: 'America/New_York' });
  expect(moments['start']).toBe('2027-03-14T07:30:00Z');
  expect(moments['dayBefore']).toBe('2027-03-13T07:30:00Z'); // 02:30 EST
  expect(moments['dayOf']).toBe('2027-03-14T07:00:00Z');
});

test('a wall time that comes twice is its first', () => {
  // New York repeats 01:00 to 02:00 on 2027-11-07.
  expect(utc({ start: '2027-11-07T01:30', timeZone: 'America/New_York' })['start']).toBe('2027-11-07T05:30:00Z');
  expect(utc({ start: '2027-11-08T01:30', timeZone: 'America/New_York' })['dayBefore']).toBe('2027-11-07T05:30:00Z');
});

test('Lord Howe changes its clocks by half an hour', () => {
  // 02:00 becomes 02:30 on 2027-10-03; 02:00 becomes 01:30 on 2027-04-04.
  expect(utc({ start: '2027-10-03T02:15', timeZone: 'Australia/Lord_Howe' })['start']).toBe('2027-10-02T15:45:00Z');
  const moments = utc({ start: '2027-10-04T09:00', timeZone: 'Australia/Lord_Howe' });
  expect(moments['start']).toBe('2027-10-03T22:00:00Z');
  expect(moments['dayBefore']).toBe('2027-10-02T22:00:00Z');
  expect(moments['oneWeekBefore']).toBe('2027-09-26T22:30:00Z');
  expect(utc({ start: '2027-04-04T01:45', timeZone: 'Australia/Lord_Howe' })['start']).toBe('2027-04-03T14:45:00Z');
});

test('Samoa had no 30 December 2011: the day before moves forward past the gap', () => {
  const moments = utc({ start: '2011-12-31T09:00', timeZone: 'Pacific/Apia' });
  expect(moments['start']).toBe('2011-12-30T19:00:00Z');
  expect(moments['dayBefore']).toBe('2011-12-30T19:00:00Z');
  expect(utc({ start: '2011-12-31T09:00', timeZone: 'Pacific/Apia', offsets: { dayBefore: '2d' } })['dayBefore']).toBe(
    '2011-12-29T19:00:00Z',
  );
  expect(moments['oneWeekBefore']).toBe('2011-12-24T19:00:00Z');
});

test.each([
  ['2027-03-28T02:30', 'Europe/Berlin', 'skipped'],
  ['2027-03-28T02:00', 'Europe/Berlin', 'skipped'],
  ['2027-03-28T03:00', 'Europe/Berlin', undefined],
  ['2027-03-14T02:30', 'America/New_York', 'skipped'],
  ['2027-10-31T02:30', 'Europe/Berlin', 'repeated'],
  ['2027-10-31T03:00', 'Europe/Berlin', undefined],
  ['2011-12-30T09:00', 'Pacific/Apia', 'skipped'],
  ['2027-03-28T02:30', 'UTC', undefined],
])('%s in %s: %s', (wallTime, timeZone, change) => {
  expect(clockChangeAt(wallTime, timeZone)).toBe(change);
});

test('seconds and milliseconds are kept', () => {
  const moments = utc({ start: '2027-06-01T09:00:07.250', timeZone: 'Asia/Kolkata', offsets: { dayOf: '45s' } });
  expect(moments['start']).toBe('2027-06-01T03:30:07.250Z');
  expect(moments['dayOf']).toBe('2027-06-01T03:29:22.250Z');
});
