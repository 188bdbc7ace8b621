import { isCancellation } from '@temporalio/workflow';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { clusterLeft, clusterRemoved } from '../../domain/replayed/seat/transitions.ts';
import type { Calls } from '../shared/calls.ts';
import { troubleOf } from '../shared/failures.ts';
import type { Setting } from '../shared/setting.ts';

/**
 * The person takes part no longer: their cluster goes, the rights they were given are taken back, and whoever had a
 * letter is told. What cannot be removed now is said, and goes with everything else at the end.
 */
export async function takeAway(seat: Seat, setting: Setting, calls: Calls): Promise<Seat> {
  const { run, plan, timeline, pace } = setting;
  const { cluster, person, email, letter, details } = seat;
  let gone = seat;
  if (cluster && cluster.state !== 'GONE') {
    try {
      const limits = { clusterId: cluster.id, limitMs: pace.launch, pollMs: pace.poll };
      const { upMs } = await calls.removeCluster(run, limits);
      gone = clusterRemoved(gone, upMs);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { message, toDo } = troubleOf(error);
      gone = clusterLeft(gone, `${message} ${toDo}`);
    }
  }
  if (person) await calls.takeBackRightsOf(run, { plan, seat: gone }).catch(isSaidInTheReport);
  if (letter !== undefined)
    await calls
      .deliverLetter(run, { plan, timeline, email, before: letter, about: 'taken out', details })
      .catch(isSaidInTheReport);
  return gone;
}

/** What is left of somebody's rights is taken back, or listed, with everybody's at the end. */
function isSaidInTheReport(error: unknown): void {
  if (isCancellation(error)) throw error;
}
