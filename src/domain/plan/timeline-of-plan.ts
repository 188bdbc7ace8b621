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
