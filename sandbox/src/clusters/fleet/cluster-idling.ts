import type { Cluster } from '../cluster-model.ts';
import type { ClusterLifecycle } from './cluster-steps.ts';

/** Plans the end of a cluster for want of work, if it is to have one. @param from since when it has nothing to do. */
export function terminateWhenIdle(cluster: Cluster, from: number, life: ClusterLifecycle): void {
  const minutes = cluster.spec.autotermination_minutes ?? 0;
  if (minutes > 0) life.later(cluster, from + life.world.pace.idle(minutes), { does: 'end-when-idle', from });
}

/** Ends it, if it was idle all the time. Whatever keeps it busy counts; it is idle from the end of the last work on. */
export function endWhenIdle(cluster: Cluster, from: number, at: number, life: ClusterLifecycle): void {
  const idleSince = cluster.work > 0 ? at : Math.max(from, cluster.lastWorkAt);
  if (idleSince > from) {
    terminateWhenIdle(cluster, idleSince, life);
    return;
  }
  const minutes = String(cluster.spec.autotermination_minutes ?? 0);
  life.terminate(
    cluster,
    { code: 'INACTIVITY', type: 'SUCCESS', parameters: { inactivity_duration_min: minutes } },
    `Inactive cluster terminated (inactive for ${minutes} minutes).`,
    at,
  );
}
