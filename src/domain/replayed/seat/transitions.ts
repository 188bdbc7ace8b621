import type { LearntLaunches } from '../time/learnt-launches.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Details } from './details.ts';
import { withCameUp } from './cluster-news.ts';
import { hasComeUp, isDown, isUp, stateOf } from './seat-state.ts';
import {
  atLeast,
  NO_CLUSTER_NAMED,
  type Due,
  type Person,
  type Proof,
  type Saved,
  type Seat,
  type SeatCluster,
  type Target,
} from './seat.ts';

/**
 * All ways in which a seat changes but two: what a listing shows is in cluster-news.ts, what goes wrong in failing.ts.
 * Each takes the seat as it is and gives the seat as it is then. Instants are epoch milliseconds.
 */

/**
 * Raises the target, never lowers it, and may ask for a stopped cluster to be woken. Being ready is then shown anew.
 */
export function raised(seat: Seat, target: Target, wake: boolean, due: Due = {}): Seat {
  const isHigher = seat.target !== 'released' && atLeast(target, seat.target);
  const asked: Seat = {
    ...seat,
    ...(isHigher ? { target } : {}),
    ...(due.check !== undefined || due.save !== undefined ? { due: { ...seat.due, ...due } } : {}),
  };
  if (!wake || asked.target !== 'ready') return asked;
  const { readyAt: _, failedLaunches: __, ...anew } = asked;
  // The day begins with the machine that was planned, whatever was short in the weeks before.
  return { ...anew, option: 0, wake: asked.cluster?.state !== 'RUNNING' };
}

/**
 * The start was moved to a later day: less is wanted until then. What is on the disk of a cluster that runs is saved
 * before it is parked.
 */
export function setBack(seat: Seat, target: Target, now: number): Seat {
  if (seat.target === 'released' || atLeast(target, seat.target)) return seat;
  const { readyAt: _, failedLaunches: __, ...rest } = seat;
  return { ...rest, target, wake: false, due: { ...seat.due, save: now } };
}

/** A roster that was read later says more of the person, or other things; what it does not say stays. */
export const described = (seat: Seat, details: Details | undefined): Seat =>
  details ? { ...seat, details: { ...seat.details, ...details } } : seat;

/** Its time is over: it does nothing more but leave. */
export const released = (seat: Seat): Seat => ({ ...seat, target: 'released' });

/** The person takes part no longer: what is theirs is taken away at once, and nothing else is done for them. */
export const takenOut = (seat: Seat, by: string, at: number): Seat =>
  seat.takenOut ? seat : { ...released(seat), takenOut: { by, at } };

/** @param upMs how long its last run lasted, milliseconds */
export function clusterRemoved(seat: Seat, upMs: number): Seat {
  const wasUp = isUp(seat);
  const { takenOut: why, ...rest } = withCluster(seat, { state: 'GONE' });
  const { left: _, ...known } = why ?? { by: '', at: 0 };
  return { ...rest, ...(why ? { takenOut: known } : {}), upMs: seat.upMs + (wasUp ? upMs : 0) };
}

/** Whose cluster could not be removed; the removal of everything takes it away later. */
export const clusterLeft = (seat: Seat, why: string): Seat =>
  seat.takenOut ? { ...seat, takenOut: { ...seat.takenOut, left: why } } : seat;

/** Its workflow was ended from outside, and another takes the seat over as it was last reported. */
export const startedAgain = (seat: Seat): Seat => ({ ...seat, startedAgain: (seat.startedAgain ?? 0) + 1 });

/** The last report: nobody looks after it any more. */
export const left = (seat: Seat): Seat => ({ ...seat, state: 'released' });

/** A launch was asked for and not answered yet. */
export const launching = (seat: Seat, step: 'create' | 'start'): Seat => ({
  ...seat,
  state: step === 'create' ? 'creating' : 'starting',
  // What is launched now is the outcome of whatever was asked for before.
  ...(seat.repair ? { repair: { ...seat.repair, begun: true } } : {}),
});

/** Whoever has a cluster keeps it, also when it turns out that the same person has another. */
export function found(seat: Seat, person: Person): Seat {
  const { lookUpAgain: _, ...rest } = seat;
  const { sameAs, ...alone } = person;
  const isNew = sameAs !== undefined && (seat.cluster === undefined || seat.cluster.state === 'GONE');
  return { ...rest, person: isNew ? { ...alone, sameAs } : alone };
}

/** Before anything else is done for the person, they are looked up: they may have been deactivated since. */
export const toLookUp = (seat: Seat): Seat => (seat.person ? { ...seat, lookUpAgain: true } : seat);

/**
 * The person was looked up again, and it did not work. Only when the workspace has no such person to give a cluster to
 * is anything held up by it.
 */
export function notFoundAgain(seat: Seat, { class: why }: Pick<Diagnosis, 'class'>): Seat {
  const { lookUpAgain: _, person, ...rest } = seat;
  return person && !NO_SUCH_PERSON.includes(why) ? { ...rest, person } : rest;
}

/** Failures of `findPerson` that are about the person. */
const NO_SUCH_PERSON: readonly string[] = ['NOT_IN_WORKSPACE', 'AMBIGUOUS', 'INACTIVE', 'NO_ACCESS'];

/** Launches go on after a stop: what failed before counts no longer, and everybody begins anew. */
export function allowedAgain(seat: Seat): Seat {
  const { failedLaunches: _, ...rest } = seat;
  return rest;
}

/** Somebody asks for another try: every pause is over, and a cluster that came to nothing is started. */
export function askedAgain(seat: Seat): Seat {
  const isBrokenDown = seat.state === 'failed' && seat.target === 'ready' && seat.cluster?.state !== 'RUNNING';
  return {
    ...toLookUp(allowedAgain(seat)),
    failures: 0,
    ...(isBrokenDown ? { wake: true } : {}),
    ...(seat.letterTrouble ? { letterTrouble: { ...seat.letterTrouble, retryAt: 0 } } : {}),
  };
}

/** @param poolId the pool it was opened with, if there is one. @param granted what the person did not hold before */
export const opened = (
  seat: Seat,
  endpoint: NonNullable<Seat['endpoint']>,
  poolId: string | undefined,
  granted: readonly string[] = [],
): Seat => ({
  ...seat,
  access: true,
  endpoint,
  ...(granted.length > 0 ? { granted: [...new Set([...(seat.granted ?? []), ...granted])] } : {}),
  ...(poolId === undefined ? {} : { accessPool: poolId }),
});

/** Some of the person's rights are missing after all: they are opened again. */
export const closed = (seat: Seat): Seat => ({ ...seat, access: false });

/**
 * @param clusterId the cluster that the letter names, if it names one
 * @param start the start that it names, if it names one; epoch milliseconds
 */
export function writtenTo(seat: Seat, clusterId: string | undefined, start?: number): Seat {
  const { letterTrouble: _, ...rest } = seat;
  return { ...rest, letter: clusterId ?? NO_CLUSTER_NAMED, ...(start === undefined ? {} : { letterStart: start }) };
}

/** The letter could not be written. That is beside everything else: the seat goes on. */
export const unwritten = (seat: Seat, { cause, toDo }: Diagnosis, retryAt: number): Seat => ({
  ...seat,
  letterTrouble: { cause, toDo, retryAt },
});

/** A cluster was made, or found again: one that is new has been looked at by nobody. */
export function given(seat: Seat, made: Pick<SeatCluster, 'id' | 'name' | 'launchedAt' | 'phaseAt'>): Seat {
  const isNew = made.id !== seat.cluster?.id;
  const known = isNew ? { ...withoutLooks(seat), clusters: seat.clusters + 1 } : seat;
  const cluster = {
    ...made,
    state: 'PENDING',
    shared: false,
    verified: false,
    option: seat.option,
  } as const;
  return { ...known, cluster };
}

/** What was seen on another cluster says nothing of a new one; what was saved from it is still there. */
function withoutLooks(seat: Seat): Seat {
  const { proof: _, saved, ...rest } = seat;
  return saved?.state === 'saved' ? { ...rest, saved } : rest;
}

export const shared = (seat: Seat): Seat => withCluster(seat, { shared: true });

/** Its cluster has the node type that the seat wants now. */
export const moved = (seat: Seat): Seat => withCluster(seat, { option: seat.option });

/**
 * The seat's own stop was heard. If it was wanted awake in the meantime, the stop came too late to be right, and it is
 * started again.
 */
export function stopping(seat: Seat): Seat {
  if (!seat.cluster) return seat;
  const { readyAt, ...rest } = withCluster(seat, { state: 'TERMINATING' });
  // Whoever was ready in time and has their cluster mended was ready in time.
  const since = readyAt === undefined || !seat.repair ? {} : { readyAt };
  if (seat.target === 'ready') return { ...rest, ...since, wake: true };
  return { ...rest, ...(readyAt === undefined ? {} : { readyAt }) };
}

/** It has to be seen to serve again. */
export const unverified = (seat: Seat): Seat => withCluster(seat, { verified: false });

/**
 * The seat's own start was heard. The watcher may have seen it come up while the call was on its way; only what it saw
 * before counts as old.
 * @param asked when the call began
 */
export function started(seat: Seat, outcome: 'starting' | 'gone', asked: number): Seat {
  if (!seat.cluster) return seat;
  const { woken: _, phaseAt: __, ...cluster } = seat.cluster;
  if (outcome === 'gone') return { ...seat, cluster: { ...cluster, state: 'GONE' } };
  if (!isDown(cluster.state)) return { ...seat, cluster };
  return { ...seat, cluster: { ...cluster, state: 'PENDING', launchedAt: asked } };
}

/** What the worker had learnt of launches when it had launched this one. */
export const launchesLearnt = (seat: Seat, launches: Omit<LearntLaunches, 'at'> | undefined, at: number): Seat =>
  launches ? { ...seat, launches: { ...launches, at } } : seat;

/** A launch that is overdue is waited for once more from now on: its stop was not heard. */
export const waitedForAgain = (seat: Seat, now: number): Seat => withCluster(seat, { phaseAt: now });

/** Its cluster was looked at. A launch has come up once it is seen to serve. */
export function lookedAt(seat: Seat, proof: Proof): Seat {
  const seen = withCluster({ ...seat, proof }, proof.ok ? { verified: true } : {});
  return proof.ok && seat.cluster && !hasComeUp(seat)
    ? withCameUp(seen, { launchedAt: seat.cluster.launchedAt, at: proof.at })
    : seen;
}

/**
 * What is not in the person's work folder was looked after. What was saved once is still there when nothing is left.
 */
export const lookedAfter = (seat: Seat, saved: Saved): Seat => ({
  ...seat,
  saved: saved.state === 'nothing' && seat.saved?.state === 'saved' ? { ...seat.saved, at: saved.at } : saved,
});

/** Nothing is wrong as far as is known: the state is what the cluster shows. */
export function settled(seat: Seat, now: number): Seat {
  const { diagnosis: _, retryAt: __, ...well } = seat;
  const state = stateOf(seat);
  return {
    ...well,
    state,
    ...(state === 'ready' && seat.readyAt === undefined ? { readyAt: now } : {}),
    ...(state === 'ready' || state === 'parked' || state === 'asleep' ? { failures: 0 } : {}),
  };
}

const withCluster = (seat: Seat, change: Partial<SeatCluster>): Seat =>
  seat.cluster ? { ...seat, cluster: { ...seat.cluster, ...change } } : seat;
