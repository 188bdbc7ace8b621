import { Temporal } from 'temporal-polyfill';

/**
 * Whether the clocks of a zone skip a wall time on that day, or show it twice.
 * @throws {RangeError} when the zone or the time is not known to this machine.
 */
export function clockChangeAt(wallTime: string, timeZone: string): 'skipped' | 'repeated' | undefined {
  const written = Temporal.PlainDateTime.from(wallTime);
  const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
    written.toZonedDateTime(timeZone, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  if (!first.toPlainDateTime().equals(written)) return 'skipped';
  return first.epochMilliseconds === second.epochMilliseconds ? undefined : 'repeated';
}
