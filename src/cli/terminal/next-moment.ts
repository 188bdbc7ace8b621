import type { Timeline } from '../../domain/replayed/time/timeline.ts';

const NAMES: readonly (readonly [keyof Timeline, string])[] = [
  ['twoWeeksBefore', 'two weeks before'],
  ['oneWeekBefore', 'one week before'],
  ['dayBefore', 'day before'],
  ['dayOf', 'day of'],
  ['start', 'the start'],
  ['end', 'the end'],
  ['teardown', 'removal'],
];

/** The next moment of a workshop and when it comes; undefined once all have passed. */
export function nextMoment(timeline: Partial<Timeline>, now: number): { name: string; at: number } | undefined {
  return NAMES.flatMap(([key, name]) => {
    const at = timeline[key];
    return at !== undefined && at > now ? [{ name, at }] : [];
  }).toSorted((a, b) => a.at - b.at)[0];
}
