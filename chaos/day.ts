import { rehearsalPeople } from '../src/cli/rehearsal/rehearsal-plan.ts';
import type { FaultInput } from '../sandbox/index.ts';
import { Draws } from './draws.ts';
import { drawFaults } from './faults.ts';

/** Milliseconds of real time. */
export type Act = { readonly at: number } & (
  | { readonly act: 'kill a worker'; readonly which: number; readonly away: number }
  | { readonly act: 'kill Temporal'; readonly away: number }
  | { readonly act: 'restart the sandbox'; readonly away: number }
  | { readonly act: 'terminate the lifecycle'; readonly next: 'adopt' | 'teardown'; readonly away: number }
  | { readonly act: 'terminate the cohort' }
  | { readonly act: 'terminate an attendee'; readonly who: number }
  | { readonly act: 'add'; readonly email: string }
  | { readonly act: 'cancel' }
  | { readonly act: 'retry'; readonly item: string }
  | { readonly act: 'waive'; readonly item: string }
);

/** One small workshop and all that happens to it, as a seed draws it. */
export interface Day {
  readonly seed: string;
  readonly people: readonly string[];
  /** In the workspace, but on nobody's roster yet. */
  readonly colleagues: readonly string[];
  readonly faults: readonly FaultInput[];
  /** In the order of their moments, counted from the start of the lifecycle. */
  readonly acts: readonly Act[];
}

export const WORKERS = 2;
/** From the first moment of the lifecycle to the start, to the end, and to the end of the grace; milliseconds. */
export const MOMENTS = { dayOf: 20_000, start: 50_000, end: 80_000, teardown: 83_000 } as const;
const COLLEAGUES = ['late@example.com', 'later@example.com'];
const LINES = ['clusters', 'pool', 'canary', 'endpoint', 'capacity-drill'];
const FIRST_ACT_MS = 2_000;
const LAST_ACT_MS = 90_000;

/** The same seed draws the same day. */
export function drawDay(seed: string): Day {
  const draws = new Draws(seed);
  const people = rehearsalPeople(draws.between(3, 8));
  const faults = drawFaults(draws, people);
  const at = () => draws.between(FIRST_ACT_MS, LAST_ACT_MS);
  const away = () => draws.between(500, 6_000);
  const acts: Act[] = [];
  const times = (most: number, draw: () => Act) => {
    for (let n = draws.between(0, most); n > 0; n -= 1) acts.push(draw());
  };
  times(2, () => ({ at: at(), act: 'kill a worker', which: draws.between(0, WORKERS - 1), away: away() }));
  times(1, () => ({ at: at(), act: 'kill Temporal', away: away() }));
  times(1, () => ({ at: at(), act: 'restart the sandbox', away: away() }));
  if (draws.happens(0.4))
    acts.push({
      at: at(),
      act: 'terminate the lifecycle',
      next: draws.happens(0.7) ? 'adopt' : 'teardown',
      away: away(),
    });
  if (draws.happens(0.3)) acts.push({ at: at(), act: 'terminate the cohort' });
  times(1, () => ({ at: at(), act: 'terminate an attendee', who: draws.between(0, people.length - 1) }));
  for (const email of draws.someOf(COLLEAGUES, draws.between(0, 2))) acts.push({ at: at(), act: 'add', email });
  if (draws.happens(0.15)) acts.push({ at: at(), act: 'cancel' });
  times(2, () => ({ at: at(), act: 'retry', item: draws.oneOf(LINES) }));
  times(1, () => ({ at: at(), act: 'waive', item: draws.oneOf(LINES) }));
  return { seed, people, colleagues: COLLEAGUES, faults, acts: acts.toSorted((a, b) => a.at - b.at) };
}

/** One line a person can read. */
export const inWords = ({ at, act, ...more }: Act): string =>
  `${(at / 1_000).toFixed(1)} s: ${act}${Object.entries(more)
    .map(([name, value]) => ` ${name} ${value}`)
    .join(',')}`;
