import { atLeast, type ClusterState, type Seat, type SeatState } from './seat.ts';

/** True for a cluster that is stopped: it costs nothing, and can be started again. */
export const isDown = (state: ClusterState): boolean => state === 'TERMINATED' || state === 'ERROR';

/** The state a person is shown, from what is known. `failed` is decided by failing, not here. */
export function stateOf(seat: Seat): SeatState {
  const { cluster, target } = seat;
  if (target === 'released') return 'released';
  if (!cluster || cluster.state === 'GONE') return atLeast(target, 'prepared') ? 'waiting' : 'enrolled';
  // It is on its way through a stop that somebody asked for: nobody else has to wake it.
  if (seat.repair && cluster.state !== 'RUNNING') return 'starting';
  if (isDown(cluster.state)) {
    if (target === 'ready') return seat.wake ? 'starting' : 'asleep';
    return cluster.verified ? 'parked' : 'creating';
  }
  if (cluster.state === 'RUNNING') {
    // One that is about to be stopped is not parked yet: it still costs money.
    return cluster.verified && !isToPark(seat) ? 'ready' : 'verifying';
  }
  if (cluster.state === 'TERMINATING') return target === 'prepared' ? 'parked' : 'asleep';
  return cluster.verified ? 'starting' : 'creating';
}

/** True while the seat's cluster costs money, as far as is known. */
export const isUp = (seat: Seat): boolean =>
  seat.cluster !== undefined && !isDown(seat.cluster.state) && seat.cluster.state !== 'GONE';

/** True once this launch of the cluster was up and seen to serve, whatever became of it since. */
export const hasComeUp = ({ cameUp, cluster }: Seat): boolean =>
  cameUp !== undefined && cluster !== undefined && cameUp.launchedAt >= cluster.launchedAt;

/** True while polling fast is worth it: something is on its way up or down. */
export const isMoving = (seat: Seat): boolean =>
  seat.cluster !== undefined && ['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'].includes(seat.cluster.state);

/**
 * Epoch milliseconds at which what failed is tried again, a letter included; Infinity when nothing is. A time that is
 * over, with nothing to try, counts for nothing: the cluster sleeps, and its owner wakes it.
 */
export function nextTryAt({ state, retryAt, letterTrouble }: Seat, now: number): number {
  const tries = [state === 'failed' ? retryAt : undefined, letterTrouble?.retryAt];
  return Math.min(...tries.map((at) => (at !== undefined && at > now ? at : Infinity)));
}

/**
 * Whether a cluster that does not serve may be stopped and started: not under somebody's hands, and not while their
 * files are nowhere else.
 */
export const mayBeginAnew = ({ saved }: Seat, step: 'verify' | 'check', isBeforeStart: boolean): boolean =>
  saved?.state !== 'failed' && (step === 'verify' || isBeforeStart);

const isDue = (last: { readonly at: number } | undefined, since: number | undefined): boolean =>
  since !== undefined && (last === undefined || last.at < since);

/** What was begun to be seen is stopped again until the day; what its owner woke is theirs. */
export const isToPark = ({ target, role, cluster }: Seat): boolean =>
  target === 'prepared' && role === 'attendee' && cluster?.woken !== true;

/** True once the last look at the cluster found nothing wrong, and is as young as was asked for. */
export const isProven = ({ proof, due }: Seat): boolean => proof?.ok === true && !isDue(proof, due?.check);

/** True once what is not in the person's work folder was looked at since that was asked for. */
export const isLookedAfter = ({ saved, due }: Seat): boolean => saved !== undefined && !isDue(saved, due?.save);

/** True when their files were saved, or there were none to save, so shortly ago that nothing more is worth a look. */
export const wasSavedWithin = ({ saved }: Seat, ms: number, now: number): boolean =>
  saved !== undefined && ['saved', 'nothing'].includes(saved.state) && now - saved.at < ms;

/** Whoever has connected to a cluster may have made something on it, whether it serves or not. */
export const isToSave = (seat: Seat): boolean =>
  seat.cluster?.state === 'RUNNING' && seat.cluster.shared && seat.due?.save !== undefined && !isLookedAfter(seat);
