import { crowding, rehearsalPeople } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { WORKERS, type Act, type Day } from './day.ts';
import { Draws } from './draws.ts';
import { drawFaults } from './faults.ts';

/** Milliseconds of real time: what the days before take, for all and for each. */
const BEFORE = { all: 60_000, each: 260 } as const;
const DAY_OF_MS = 60_000;
const EVENT_MS = 30_000;
const FIRST_ACT_MS = 30_000;

/**
 * A workshop of hundreds or thousands, in the middle of which workers and the Temporal server are killed, and another
 * version is deployed twice, before the day and on it. The same seed draws the same day.
 */
export function drawCrowdedDay(seed: string, count: number): Day {
  const draws = new Draws(seed);
  const people = rehearsalPeople(count);
  const dayOf = BEFORE.all + BEFORE.each * count;
  const start = dayOf + DAY_OF_MS * crowding(count);
  const end = start + EVENT_MS;
  const before = () => draws.between(FIRST_ACT_MS, dayOf);
  const onTheDay = () => draws.between(dayOf, end);
  const away = () => draws.between(500, 6_000);
  const acts: Act[] = [before, onTheDay].flatMap((at): Act[] => [
    { at: at(), act: 'kill a worker', which: draws.between(0, WORKERS - 1), away: away() },
    { at: at(), act: 'kill Temporal', away: away() },
    { at: at(), act: 'deploy' },
  ]);
  return {
    seed,
    people,
    colleagues: [],
    faults: drawFaults(draws, people),
    acts: acts.toSorted((a, b) => a.at - b.at),
    moments: { dayOf, start, end, teardown: end + 1_000 },
    comesToRest: false,
    slowness: crowding(count),
    limitMs: 2 * end,
  };
}
