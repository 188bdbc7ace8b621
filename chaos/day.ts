import { rehearsalPeople } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { REPAIR_STAGES, type RepairStage } from '../src/domain/replayed/seat/seat.ts';
import type { FaultInput } from '../sandbox/index.ts';
import type { LineId } from '../src/domain/replayed/checklist/lines.ts';
import { Draws } from './draws.ts';
import { drawFaults } from './faults.ts';

/** Milliseconds of real time. */
export type Act = { readonly at: number } & (
  | { readonly act: 'kill a worker'; readonly which: number; readonly away: number }
  | { readonly act: 'kill Temporal'; readonly away: number }
  | { readonly act: 'restart the sandbox'; readonly away: number }
  | { readonly act: 'deploy' }
  | { readonly act: 'terminate the lifecycle'; readonly next: 'adopt' | 'teardown'; readonly away: number }
  | { readonly act: 'terminate the cohort' }
  | { readonly act: 'terminate an attendee'; readonly who: number }
  | { readonly act: 'add'; readonly email: string }
  | { readonly act: 'cancel' }
  | { readonly act: 'retry'; readonly item: string }
  | { readonly act: 'waive'; readonly item: string }
  | { readonly act: 'remove'; readonly email: string }
  | { readonly act: 'repair'; readonly email: string; readonly stage: RepairStage }
  | { readonly act: 'pause'; readonly length: number }
  | { readonly act: 'reschedule'; readonly by: number }
  | { readonly act: 'extend'; readonly by: number }
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
  readonly moments: Moments;
  /** After the last act everything is to come to rest, and then the workshop is called off. */
  readonly comesToRest: boolean;
  /** How many times longer everything may take because people are so many. */
  readonly slowness: number;
  /** It is to have ended by then, milliseconds. */
  readonly limitMs: number;
}

/** From the first moment of the lifecycle, milliseconds. */
export interface Moments {
  readonly dayOf: number;
  readonly start: number;
  readonly end: number;
  readonly teardown: number;
}

export const WORKERS = 2;
const MOMENTS: Moments = { dayOf: 20_000, start: 50_000, end: 80_000, teardown: 83_000 };
/** Long enough that everybody has what they are to have before it ends. */
const LONG_DAY: Moments = { dayOf: 15_000, start: 45_000, end: 300_000, teardown: 310_000 };
/** Five and a half minutes for a day of a minute and a half, on a computer that does much else. */
const SMALL = { slowness: 1, limitMs: 330_000 } as const;
const COLLEAGUES = ['late@example.com', 'later@example.com'];
const MORE_COLLEAGUES = ['third@example.com', 'fourth@example.com', 'fifth@example.com'];
const CHANGES = 20;
const LINES = ['clusters', 'pool', 'canary', 'endpoint', 'capacity'] as const satisfies readonly LineId[];
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
  times(2, () => drawChange(draws, at(), people, COLLEAGUES));
  return {
    seed,
    people,
    colleagues: COLLEAGUES,
    faults,
    acts: acts.toSorted((a, b) => a.at - b.at),
    moments: MOMENTS,
    comesToRest: false,
    ...SMALL,
  };
}

/** Twenty changes of plan in a workspace where nothing else goes wrong. The same seed draws the same day. */
export function drawDayOfChanges(seed: string): Day {
  const draws = new Draws(seed);
  const people = rehearsalPeople(5);
  const colleagues = [...COLLEAGUES, ...MORE_COLLEAGUES];
  const acts = Array.from({ length: CHANGES }, () =>
    drawChange(draws, draws.between(FIRST_ACT_MS, LAST_ACT_MS), people, colleagues),
  );
  return {
    seed,
    people,
    colleagues,
    faults: [],
    acts: acts.toSorted((a, b) => a.at - b.at),
    moments: LONG_DAY,
    comesToRest: true,
    ...SMALL,
  };
}

/** What is refused at that moment, because it is too late for it or the person takes no part, is a change as well. */
function drawChange(draws: Draws, at: number, people: readonly string[], colleagues: readonly string[]): Act {
  const email = draws.oneOf(people);
  return draws.oneOf<() => Act>([
    () => ({ at, act: 'add', email: draws.oneOf(colleagues) }),
    () => ({ at, act: 'add', email: draws.oneOf([...people, ...colleagues]) }),
    () => ({ at, act: 'remove', email }),
    () => ({ at, act: 'repair', email, stage: draws.oneOf(REPAIR_STAGES) }),
    () => ({ at, act: 'pause', length: draws.between(500, 10_000) }),
    () => ({ at, act: 'reschedule', by: draws.between(-15_000, 20_000) }),
    () => ({ at, act: 'extend', by: draws.between(5_000, 20_000) }),
    () => ({ at, act: 'retry', item: draws.oneOf(LINES) }),
  ])();
}

/** One line a person can read. */
export const inWords = ({ at, act, ...more }: Act): string =>
  `${(at / 1_000).toFixed(1)} s: ${act}${Object.entries(more)
    .map(([name, value]) => ` ${name} ${value}`)
    .join(',')}`;
