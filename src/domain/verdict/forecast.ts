import { LAUNCHES_PER_SECOND } from '../replayed/time/launch-lead.ts';
import type { LearntLaunches } from '../replayed/time/learnt-launches.ts';
import type { Seat } from '../replayed/seat/seat.ts';
import { medianOf, seededChance } from './chance.ts';
import { measuredWave, type Launching, type Wave } from './measured-wave.ts';

/** When everybody will be ready who can be ready without a person. Instants in epoch milliseconds. */
export interface Forecast {
  readonly people: number;
  readonly ready: number;
  /** Their launch fails of what only a person can mend: nothing is forecast for them. */
  readonly needPerson: number;
  /** When the last of all the others is ready: in the past when they are. Undefined: nobody else is under way. */
  readonly allReadyAt?: number;
  /** How many will be ready at the start. */
  readonly readyByStart: number;
}

/** What a forecast is made from, beside the seats. */
export interface ForecastRules {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly start: number;
  /** How many times faster than the calendar the workshop lives; 1 outside rehearsals. */
  readonly speed: number;
  /** The slowest boot that was measured before the day, milliseconds; 0 when none was. */
  readonly bootMs: number;
  /** What was learnt of the workspace's limit on launches; one a second is assumed without it. */
  readonly launches?: Pick<LearntLaunches, 'perSecond'> | undefined;
}

/** A workspace is asked for no more launches a second (src/worker.ts). */
const MOST_PER_SECOND = 10;
/** So many launches are played through in all, whatever the size of the crowd. */
const PLAYED = 20_000;
const MOST_RUNS = 101;
const FEWEST_RUNS = 9;

/**
 * Plays the rest of the launches through many times, at the rate, the boot times and the share of failures that were
 * measured since they began, and takes the middle one. The same seats at the same moment give the same answer.
 * @param seats everybody's; only attendees count
 * @returns undefined until everybody is wanted ready
 */
export function forecast(
  seats: readonly Seat[],
  { now, start, speed, bootMs, launches }: ForecastRules,
): Forecast | undefined {
  const assumedPerMs = ((launches?.perSecond ?? LAUNCHES_PER_SECOND) * speed) / 1_000;
  const wave = measuredWave(seats, { now, speed, bootMs, assumedPerMs, mostPerMs: (MOST_PER_SECOND * speed) / 1_000 });
  if (wave === undefined) return undefined;
  const { people, ready, needPerson, lastReadyAt, underWay } = wave;
  const counts = { people, ready, needPerson };
  if (underWay.length === 0)
    return {
      ...counts,
      ...(needPerson < people && lastReadyAt !== undefined ? { allReadyAt: lastReadyAt } : {}),
      readyByStart: ready,
    };
  const runs = Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, Math.round(PLAYED / underWay.length)));
  const chance = seededChance(underWay.length);
  const played = Array.from({ length: runs }, () => playedThrough(wave, now, chance));
  return {
    ...counts,
    allReadyAt: Math.round(medianOf(played.map((ends) => Math.max(...ends)))),
    readyByStart: ready + Math.round(medianOf(played.map((ends) => ends.filter((at) => at <= start).length))),
  };
}

/** When each of those under way becomes ready, in one possible course of things. */
function playedThrough(wave: Wave, now: number, chance: () => number): number[] {
  const { failing, bootsMs, perMs } = wave;
  const boot = (): number => bootsMs[Math.floor(chance() * bootsMs.length)] ?? 0;
  const ends: number[] = [];
  /** When the next launches are wanted, the latest first. */
  const wanted: number[] = [];
  const want = (at: number) => {
    let place = wanted.length;
    while (place > 0 && (wanted[place - 1] ?? 0) < at) place -= 1;
    wanted.splice(place, 0, at);
  };
  const comesUp = (launchedAt: number, takesMs: number) => {
    if (chance() < failing) want(Math.max(now, launchedAt + takesMs * chance()));
    else ends.push(launchedAt + takesMs);
  };
  for (const launch of wave.underWay) {
    if (launch.is === 'launched') comesUp(launch.at, restOfBoot(launch, now, boot));
    // What should have begun by now, and has not, takes as long again.
    else want(launch.is === 'resting' ? now + Math.abs(launch.until - now) : now);
  }
  let free = now;
  for (let at = wanted.pop(); at !== undefined; at = wanted.pop()) {
    const launchedAt = Math.max(at, free);
    free = launchedAt + 1 / perMs;
    comesUp(launchedAt, boot());
  }
  return ends;
}

/** How long a boot takes in all that has taken so long already. */
function restOfBoot({ at }: Launching & { is: 'launched' }, now: number, boot: () => number): number {
  const tookMs = now - at;
  for (let n = 0; n < 8; n += 1) {
    const takesMs = boot();
    if (takesMs > tookMs) return takesMs;
  }
  return tookMs * 1.1;
}
