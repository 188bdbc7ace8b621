import type { Booting } from './cluster-boot.ts';
import type { Cluster } from '../cluster-model.ts';

/** Plans the end of a cluster for want of work, if it is to have one. Whatever keeps it busy counts; it is idle from the end of the last work on. */
export function terminateWhenIdle(cluster: Cluster, from: number, fleet: Booting): void {
  const minutes = cluster.spec.autotermination_minutes ?? 0;
  if (minutes === 0) return;
  fleet.later(cluster, from + fleet.world.pace.idle(minutes), (now) => {
    const idleSince = cluster.work > 0 ? now : Math.max(from, cluster.lastWorkAt);
    if (idleSince > from) {
      terminateWhenIdle(cluster, idleSince, fleet);
      return;
    }
    const parameters = { inactivity_duration_min: String(minutes) };
    fleet.terminate(
      cluster,
      { code: 'INACTIVITY', type: 'SUCCESS', parameters },
      `Inactive cluster terminated (inactive for ${minutes} minutes).`,
      now,
    );
  });
}
