import { UNMEASURED_BOOT } from '../replayed/time/launch-lead.ts';
import type { Seat } from '../replayed/seat/seat.ts';
import { medianOf } from './chance.ts';

/** How far somebody is who is not ready, and needs no person for it. Instants in epoch milliseconds. */
export type Launching =
  /** Their machine is on its way since then, as far as can be told. */
  | { readonly is: 'launched'; readonly at: number }
  /** Waits for its turn to be launched. */
  | { readonly is: 'queued' }
  /** Failed, and is tried again then. */
  | { readonly is: 'resting'; readonly until: number };

/** What the launches of the day have shown so far. */
export interface Wave {
  readonly people: number;
  readonly ready: number;
  readonly needPerson: number;
  readonly lastReadyAt?: number;
  readonly underWay: readonly Launching[];
  /** The share of launches that fail, from 0 to 1. */
  readonly failing: number;
  /** How long launches take to come up and serve; at least one. */
  readonly bootsMs: readonly number[];
  /** Launches a millisecond. */
  readonly perMs: number;
}

/** Until something has failed or come up, one launch in a hundred is taken to fail. */
const FAILED_BEFORE = 0.1;
const LAUNCHED_BEFORE = 10;
const MOST_FAILING = 0.8;
/** Fewer that came up tell nothing of how quickly launches follow each other. */
const ENOUGH = 8;
/** A cluster that was up long before its day has its boot time from another day. */
const BOOTS_TO_BE_OF_ANOTHER_DAY = 5;
/** So many go through at once, however the others are held up: the last of them took no more than a launch takes. */
const OF_FIRST = 3;
/** No two boots take the same time. */
const SPREAD = [0.9, 0.95, 1, 1.05, 1.1];

interface Measured {
  readonly now: number;
  readonly speed: number;
  /** Until the day has shown it, in launches a millisecond. */
  readonly assumedPerMs: number;
  /** Databricks is asked for no more, in launches a millisecond. */
  readonly mostPerMs: number;
  /** The slowest boot that was measured before the day; 0 when none was. */
  readonly bootMs: number;
}

const isReady = ({ state, readyAt }: Seat): boolean =>
  state === 'ready' || (state === 'asleep' && readyAt !== undefined);
/** What fails once may have been chance; what only a person can mend, and fails again, was none. */
const CHANCE_MEETS: Readonly<Record<'person' | 'others', number>> = { person: 1, others: 3 };

function needsPerson({ state, diagnosis, failures, failedLaunches }: Seat): boolean {
  const isPersons = diagnosis?.remedy === 'person';
  if (state === 'failed' && isPersons && failedLaunches === undefined) return true;
  return failures > 0 && (failedLaunches?.inARow ?? 0) > (isPersons ? CHANCE_MEETS.person : CHANCE_MEETS.others);
}

const isComing = ({ cluster }: Seat): boolean =>
  cluster !== undefined && ['PENDING', 'RESTARTING', 'RESIZING', 'RUNNING'].includes(cluster.state);

/** Reads off the seats how the launches of the day go. Undefined until everybody is wanted ready. */
export function measuredWave(
  seats: readonly Seat[],
  { now, speed, assumedPerMs, mostPerMs, bootMs }: Measured,
): Wave | undefined {
  const wanted = seats.filter(
    ({ role, person, target }) => role !== 'guest tester' && person?.sameAs === undefined && target !== 'released',
  );
  // Testers among the attendees are wanted ready days before; all the others at about the same moment.
  if (wanted.filter(({ target }) => target === 'ready').length * 2 <= wanted.length) return undefined;
  const done = wanted.filter(isReady);
  const stuck = wanted.filter(needsPerson);
  const others = wanted.filter((seat) => !isReady(seat) && !needsPerson(seat));
  const coming = others.filter((seat) => seat.state !== 'failed' && isComing(seat));
  const resting = others.filter((seat) => seat.state === 'failed');
  const queued = others.length - coming.length - resting.length;

  const came = done.flatMap(cameUpToday).toSorted((a, b) => a.at - b.at);
  const began = Math.min(
    now,
    ...came.map(({ askedAt }) => askedAt),
    ...coming.map(({ cluster }) => cluster?.launchedAt ?? now),
  );
  const failures = failuresOf(wanted.filter((seat) => !needsPerson(seat)));
  const failing = Math.min(MOST_FAILING, (failures + FAILED_BEFORE) / (failures + done.length + LAUNCHED_BEFORE));
  const bootsMs = bootsOf(
    others,
    came.map(({ at }) => at - began),
    bootMs || UNMEASURED_BOOT / speed,
  );
  const launches = {
    began,
    now,
    assumedPerMs,
    mostPerMs,
    queued: queued > 0,
    launched: came.length + coming.length + failures,
    cameAt: came.map(({ at }) => at),
    bootsMs,
    failing,
  };
  const perMs = rateOf(launches);
  return {
    people: wanted.length,
    ready: done.length,
    needPerson: stuck.length,
    ...(done.length > 0 ? { lastReadyAt: Math.max(...done.map(({ readyAt = 0 }) => readyAt)) } : {}),
    underWay: [
      ...launchedWhen(coming, perMs, launches).map((at) => ({ is: 'launched' as const, at })),
      ...resting.map(({ retryAt = now }) => ({ is: 'resting' as const, until: retryAt })),
      ...Array.from({ length: queued }, () => ({ is: 'queued' as const })),
    ],
    failing,
    bootsMs,
    perMs,
  };
}

/** When it was asked for and was ready, of a launch of this day. */
function cameUpToday({ cluster, readyAt }: Seat): { at: number; askedAt: number }[] {
  if (cluster?.bootMs === undefined || readyAt === undefined) return [];
  const isOfToday = readyAt - cluster.launchedAt <= BOOTS_TO_BE_OF_ANOTHER_DAY * cluster.bootMs;
  return isOfToday ? [{ at: readyAt, askedAt: cluster.launchedAt }] : [];
}

/** Of whoever is well again is known only how often a launch of theirs was lost. */
const failuresOf = (seats: readonly Seat[]): number =>
  seats.reduce(
    (sum, { failedLaunches, lost }) => sum + (failedLaunches?.inARow ?? Math.min(1, lost?.launches ?? 0)),
    0,
  );

/**
 * How long a launch takes by itself. What is measured on the day holds the time in the queue too; so the boots of the
 * weeks before give the spread, and the quickest of the day tell whether they are quicker today, from a warm pool.
 */
function bootsOf(others: readonly Seat[], cameAfterMs: readonly number[], unmeasuredMs: number): number[] {
  const earlier = others.flatMap(({ cluster }) => (cluster?.bootMs === undefined ? [] : [cluster.bootMs]));
  const isEnough = cameAfterMs.length >= OF_FIRST;
  // The very quickest was lucky.
  const quick = cameAfterMs[isEnough ? OF_FIRST - 1 : 0];
  const before = earlier.length > 0 ? medianOf(earlier) : undefined;
  const atMost = quick !== undefined && isEnough ? quick * 1.25 : Infinity;
  const typical = Math.min(before ?? quick ?? unmeasuredMs, atMost);
  if (before === undefined || before === 0 || earlier.length < ENOUGH) return SPREAD.map((share) => share * typical);
  return earlier.map((ms) => (ms / before) * typical);
}

interface Launches {
  readonly began: number;
  readonly now: number;
  readonly assumedPerMs: number;
  readonly mostPerMs: number;
  /** Some wait for their turn. */
  readonly queued: boolean;
  /** So many launches were heard. */
  readonly launched: number;
  /** When those came up that did, the earliest first. */
  readonly cameAt: readonly number[];
  readonly bootsMs: readonly number[];
  /** The share that fails. */
  readonly failing: number;
}

/**
 * Launches a millisecond. When each was heard is nowhere noted, so it is read off those that came up: off the later
 * half, because the first few go through at once. Where boots differ more than that, launches are quicker than can be
 * seen.
 */
function rateOf({ began, now, assumedPerMs, mostPerMs, queued, launched, cameAt, bootsMs, failing }: Launches): number {
  const limited = (perMs: number) => (perMs > 0 ? Math.min(mostPerMs, perMs) : assumedPerMs);
  const n = cameAt.length;
  const tookMs = (cameAt[n - 1] ?? 0) - (cameAt[0] ?? 0);
  const boots = bootsMs.toSorted((a, b) => a - b);
  const spreadMs = (boots[Math.floor(boots.length * 0.9)] ?? 0) - (boots[Math.floor(boots.length * 0.1)] ?? 0);
  if (n < ENOUGH || tookMs < 2 * spreadMs) return queued ? limited(launched / Math.max(1, now - began)) : assumedPerMs;
  const half = n >> 1;
  return limited((n - 1 - half) / Math.max(1, (cameAt[n - 1] ?? 0) - (cameAt[half] ?? 0)) / (1 - failing));
}

/** When those were launched that are on their way: after those that came up last, one after the other. */
function launchedWhen(coming: readonly Seat[], perMs: number, launches: Launches): number[] {
  const { began, now, queued, launched, cameAt, bootsMs } = launches;
  const last = cameAt.slice(-ENOUGH);
  const middle =
    last.reduce((sum, at) => sum + at, 0) / last.length - medianOf(bootsMs) + (last.length - 1) / 2 / perMs;
  const firstAt =
    last.length === ENOUGH
      ? middle + 1 / perMs
      : (queued ? now : Math.min(now, began + launched / perMs)) - (coming.length - 1) / perMs;
  return coming
    .toSorted((a, b) => (a.cluster?.launchedAt ?? 0) - (b.cluster?.launchedAt ?? 0))
    .map(({ cluster }, n) => Math.max(cluster?.launchedAt ?? 0, Math.min(now, firstAt + n / perMs)));
}
