import { meansClusterIsGone } from '../../databricks/workspace.ts';
import { diagnoseTermination } from '../../domain/replayed/diagnosis/diagnosis.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { pollUntil } from '../clusters/waiting.ts';
import { launchedAt } from '../clusters/launched-at.ts';

export interface CanaryWait {
  readonly clusterId: string;
  readonly limitMs: number;
  readonly pollMs: number;
}

/** One cluster that nobody's cohort watches. */
export const canaryActivities = ({ workspace, closing }: ActivityDeps) => ({
  /**
   * Waits for RUNNING, with heartbeats. Non-retryable, with the diagnosis, when it dies or the time is up.
   * Milliseconds.
   */
  async awaitCluster(_run: Run, { clusterId, limitMs, pollMs }: CanaryWait): Promise<{ bootMs: number }> {
    const began = Date.now();
    return pollUntil(closing, pollMs, async () => {
      const cluster = await workspace.clusters.get(clusterId);
      if (cluster.state === 'RUNNING') return { bootMs: Date.now() - (cluster.start_time ?? began) };
      if (cluster.state === 'TERMINATED' || cluster.state === 'ERROR') {
        const { code, type, parameters } = cluster.termination_reason ?? {};
        const { cause, toDo } = diagnoseTermination(
          code === undefined ? undefined : { code, type, parameters },
          cluster.state_message,
        );
        throw lasting('CANARY_DIED', cause, toDo);
      }
      if (Date.now() - began > limitMs)
        throw lasting(
          'CANARY_HUNG',
          `The canary ${clusterId} is still ${cluster.state}.`,
          'Open its event log in the workspace.',
        );
      return undefined;
    });
  },

  /**
   * Terminates, sees TERMINATED, deletes permanently, sees it gone: a delete that is answered well may not take.
   * Idempotent. Returns how long it was up, milliseconds.
   */
  async removeCluster(_run: Run, { clusterId, limitMs, pollMs }: CanaryWait): Promise<{ upMs: number }> {
    const began = Date.now();
    const overdue = () => (Date.now() - began > limitMs ? true : undefined);
    let upMs = 0;
    try {
      await pollUntil(closing, pollMs, async () => {
        const cluster = await workspace.clusters.get(clusterId);
        upMs = (cluster.terminated_time ?? Date.now()) - (launchedAt(cluster) ?? began);
        if (cluster.state === 'TERMINATED') return true;
        if (cluster.state !== 'TERMINATING') await workspace.clusters.delete(clusterId);
        return overdue();
      });
      await pollUntil(closing, pollMs, async () => {
        await workspace.clusters.permanentDelete(clusterId);
        await workspace.clusters.get(clusterId);
        return overdue();
      });
    } catch (error) {
      if (!meansClusterIsGone(error)) throw error;
    }
    return { upMs: Math.max(0, upMs) };
  },
});
