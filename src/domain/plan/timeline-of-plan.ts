// Not for workflow code: time-zone rules may change with a Node upgrade while a workshop runs, so moments are
// computed once, outside, and recorded (docs/design.md section "Time").
import { Temporal } from 'temporal-polyfill';
import type { Offset } from './duration.ts';
import type { Plan } from './plan.ts';
import type { Timeline } from '../replayed/time/timeline.ts';

/**
 * Every moment of the plan in epoch milliseconds. Days are calendar days at the same wall time in the plan's zone;
 * a wall time that the clocks skip moves forward, one that comes twice is its first; smaller units are exact.
 * @throws {RangeError} when the zone is not known to this machine.
 */
export function timelineOf(plan: Pick<Plan, 'start' | 'timeZone' | 'length' | 'offsets' | 'teardown'>): Timeline {
  const written = Temporal.PlainDateTime.from(plan.start);
  const instant = (wall: Temporal.PlainDateTime): number =>
    wall.toZonedDateTime(plan.timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
  const before = ({ days, ms }: Offset): number => instant(written.subtract({ days })) - ms;

  const start = instant(written);
  const end = start + plan.length;
  return {
    twoWeeksBefore: before(plan.offsets.twoWeeksBefore),
    oneWeekBefore: before(plan.offsets.oneWeekBefore),
    dayBefore: before(plan.offsets.dayBefore),
    dayOf: before(plan.offsets.dayOf),
    start,
    end,
    teardown: end + plan.teardown.grace,
  };
}

/**
 * The moments of a workshop that starts at another time: days before it stay as many calendar days before, at the same
 * wall time; its length and its grace stay as they are.
 * @param start `2027-03-16T09:00`, or with a space, in the workshop's zone
 * @throws {RangeError} when that is no date and time, or the zone is not known to this machine
 */
export function movedTimeline(timeline: Timeline, timeZone: string, start: string): Timeline {
  const wall = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const instant = (at: Temporal.PlainDateTime) =>
    at.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/.test(start.trim()))
    throw new RangeError(`"${start}" is not a date and a time: write it like 2027-03-16T09:00`);
  const to = Temporal.PlainDateTime.from(start.trim().replace(' ', 'T'));
  const from = wall(timeline.start);
  const before = (at: number) => instant(to.subtract(wall(at).until(from, { largestUnit: 'days' })));
  const moved = instant(to);
  return {
    twoWeeksBefore: before(timeline.twoWeeksBefore),
    oneWeekBefore: before(timeline.oneWeekBefore),
    dayBefore: before(timeline.dayBefore),
    dayOf: before(timeline.dayOf),
    start: moved,
    end: moved + (timeline.end - timeline.start),
    teardown: moved + (timeline.teardown - timeline.start),
  };
}
