import type { Timeline } from '../replayed/time/timeline.ts';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  const known = cache.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone, hourCycle: 'h23' });
  cache.set(key, known);
  return known;
}

/**
 * `Tue 16 Mar 2027, 09:00 Europe/Berlin`: always with the zone, because a facilitator and a workspace seldom share one.
 */
export function moment(at: number, timeZone: string): string {
  return `${shortMoment(at, timeZone)} ${timeZone}`;
}

/** The same without the zone, where a heading names it. */
export function shortMoment(at: number, timeZone: string): string {
  const parts = Object.fromEntries(
    format(timeZone, {
      weekday: 'short',
      day: '2-digit',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts['weekday']} ${parts['day']} ${parts['month']} ${parts['year']}, ${parts['hour']}:${parts['minute']}`;
}

/** `09:41`, and `Wed 17 Mar, 09:41` where that is another day than today. */
export function clockTime(at: number, now: number, timeZone: string): string {
  const day = (moment: number) => shortMoment(moment, timeZone).replace(/ \d{4},.*$/, '');
  const time = format(timeZone, { hour: '2-digit', minute: '2-digit' }).format(at);
  return day(at) === day(now) ? time : `${day(at)}, ${time}`;
}

/** `09:00:07`. */
export function timeOfDay(at: number, timeZone: string): string {
  return format(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);
}

/** How long until then, as a clock counts: `0:07`, `1:04:30`, `13 days`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const NAMES: readonly (readonly [keyof Timeline, string])[] = [
  ['twoWeeksBefore', 'two weeks before'],
  ['oneWeekBefore', 'one week before'],
  ['dayBefore', 'day before'],
  ['dayOf', 'day of'],
  ['start', 'the start'],
  ['end', 'the end'],
  ['teardown', 'removal'],
];

/**
 * The next moment of a workshop and when it comes; undefined once all have passed.
 * @param heading that the guide is open at: a day that begins sooner, because its pool warms slowly, is no next moment
 */
export function nextMoment(
  timeline: Partial<Timeline>,
  now: number,
  heading?: string,
): { name: string; at: number } | undefined {
  const open = NAMES.findIndex(([, name]) => name === heading);
  return NAMES.slice(open + 1)
    .flatMap(([key, name]) => {
      const at = timeline[key];
      return at !== undefined && at > now ? [{ name, at }] : [];
    })
    .toSorted((a, b) => a.at - b.at)[0];
}
