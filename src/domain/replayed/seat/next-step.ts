import { atLeast, NO_CLUSTER_NAMED, type Seat } from './seat.ts';
import { isDown, isProven, isToPark, isToSave } from './seat-state.ts';

/** What a seat does next. `rest` until something changes. */
export type Step =
  | 'find'
  | 'open'
  | 'create'
  | 'share'
  | 'verify'
  | 'check'
  | 'save'
  | 'stop'
  | 'set aside'
  | 'start'
  | 'rest'
  | 'leave';

export interface SeatRules {
  readonly preProvision: boolean;
  /** Policy, pool, script and canary are there: clusters may be created. */
  readonly mayCreate: boolean;
  /** No cluster can be made for now, and nobody knows when. */
  readonly held: boolean;
  readonly poolId?: string | undefined;
  /** Launches are stopped, this one's too: by a run of like failures, or by a pause. What runs goes on. */
  readonly stopped?: boolean;
  /** The start that letters are to name, once it was moved: epoch milliseconds. */
  readonly startTold?: number | undefined;
  /** A run on another Temporal server holds this workshop: nobody's cluster is touched from here. */
  readonly elsewhere?: boolean | undefined;
}

/**
 * The reconciler's one decision: what is missing between this seat and its target, and comes first.
 * Late joiners, late starts, repair and resume are all this function.
 */
export function nextStep(seat: Seat, rules: SeatRules, now: number): Step {
  const { target, cluster } = seat;
  if (target === 'released') return 'leave';
  if (rules.elsewhere) return 'rest';
  if (seat.state === 'failed' && (seat.retryAt === undefined || now < seat.retryAt))
    return isToSave(seat) ? 'save' : 'rest';
  if (!atLeast(target, 'invited')) return 'rest';
  if (!seat.person || seat.lookUpAgain) return 'find';
  if (seat.person.sameAs !== undefined) return 'rest';
  if (!seat.access || (rules.poolId !== undefined && seat.accessPool !== rules.poolId)) return 'open';
  // What runs though nobody needs it before another day is stopped, whatever has to be tried first for that day.
  if (!rules.mayCreate && cluster?.state === 'RUNNING' && cluster.verified && isToPark(seat))
    return isToSave(seat) ? 'save' : 'stop';
  if (atLeast(target, 'prepared') && rules.mayCreate) {
    if (!cluster || cluster.state === 'GONE') return rules.stopped ? 'rest' : 'create';
    if (seat.repair && !seat.repair.begun) {
      if (seat.repair.stage === 'new cluster') return 'set aside';
      if (cluster.state !== 'TERMINATING' && !isDown(cluster.state)) return 'stop';
    }
    if (!cluster.shared) return 'share';
    if (cluster.state === 'RUNNING') {
      if (!cluster.verified) return 'verify';
      // One that was taken over from an earlier lifecycle was never looked at: it is when that is asked for.
      if (seat.proof ? !isProven(seat) : seat.due?.check !== undefined) return 'check';
      if (isToSave(seat)) return 'save';
      return isToPark(seat) ? 'stop' : 'rest';
    }
    if (isDown(cluster.state) && (!cluster.verified || (target === 'ready' && seat.wake)))
      return rules.stopped ? 'rest' : 'start';
    return 'rest';
  }
  return 'rest';
}

/**
 * A letter is due once, and again whenever it would name another cluster or another start. It waits for the cluster
 * only as long as one can be hoped for; no cluster ever waits for a letter.
 */
export function letterIsDue(seat: Seat, rules: SeatRules, now: number): boolean {
  if (rules.elsewhere || seat.target === 'released' || !seat.person || seat.person.sameAs !== undefined) return false;
  if (!seat.access && seat.state !== 'failed') return false;
  if (seat.letterTrouble && now < seat.letterTrouble.retryAt) return false;
  const shared = seat.cluster?.shared ? seat.cluster.id : NO_CLUSTER_NAMED;
  if (seat.letter === undefined)
    return shared !== NO_CLUSTER_NAMED || !rules.preProvision || rules.held || seat.state === 'failed';
  if (shared !== NO_CLUSTER_NAMED && seat.letter !== shared) return true;
  return rules.startTold !== undefined && rules.startTold !== seat.letterStart;
}
