import type { Pace } from '../time/pace.ts';
import type { Diagnosis } from './diagnosis.ts';
import { isMoving } from '../seat/seat-state.ts';
import type { Seat } from '../seat/seat.ts';

/**
 * Epoch milliseconds at which what the cluster is doing has taken too long: a launch since it was asked for, any other
 * phase since it began.
 */
export function overdueAt(seat: Seat, { launch }: Pick<Pace, 'launch'>): number {
  const { cluster } = seat;
  if (!cluster || !isMoving(seat) || cluster.state === 'TERMINATING') return Infinity;
  return (cluster.phaseAt ?? cluster.launchedAt) + launch;
}

/** A cluster that is neither up nor down after all the time a launch may take. */
export const hungLaunch = (minutes: number): Diagnosis => ({
  class: 'hung',
  cause: `The cluster was still starting after ${minutes} minutes. An init script that never ends looks like this.`,
  toDo: "Open the cluster's event log: INIT_SCRIPTS_STARTED without INIT_SCRIPTS_FINISHED means the script hangs.",
  remedy: 'again',
});
