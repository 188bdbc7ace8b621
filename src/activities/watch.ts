import { CLUSTER_TAGS } from '../domain/cluster-spec.ts';
import type { ClusterNews, ClusterState } from '../domain/seat.ts';
import type { Cluster } from '../databricks/workspace.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailure } from './failures.ts';
import type { ClusterListings } from './listings.ts';
import type { Run } from './run.ts';
import { pollUntil } from './waiting.ts';

export interface WatchRequest {
  readonly policyId: string;
  /** What the cohort believes, by cluster id: state, and when it was launched. */
  readonly known: Readonly<Record<string, ClusterState>>;
  readonly everyMs: number;
  /** Returns after this long even if nothing changed, so that the cohort can look around. */
  readonly limitMs: number;
}

/** A cluster must be missing from this many listings in a row before it counts as gone: a listing can be stale. */
const MISSES = 2;

/** The one who looks, so that 500 attendees need not. */
export const watchActivities = ({ closing }: ActivityDeps, listings: ClusterListings) => ({
  /** Polls a shared listing until something differs from what is known; returns the differences. Heartbeats; restarts on any worker. */
  async watchClusters(run: Run, { policyId, known, everyMs, limitMs }: WatchRequest): Promise<ClusterNews[]> {
    const began = Date.now();
    const misses = new Map<string, number>();
    try {
      return await pollUntil(closing, everyMs, async () => {
        const seen = new Map((await listings.ofPolicy(policyId)).filter((cluster) => cluster.custom_tags?.[CLUSTER_TAGS.run] === run.runId).map((cluster) => [cluster.cluster_id, cluster]));
        const news: ClusterNews[] = [];
        for (const [clusterId, state] of Object.entries(known)) {
          const cluster = seen.get(clusterId);
          if (cluster) {
            misses.delete(clusterId);
            if (cluster.state !== state) news.push(newsOf(cluster));
          } else if (state !== 'GONE') {
            misses.set(clusterId, (misses.get(clusterId) ?? 0) + 1);
            if ((misses.get(clusterId) ?? 0) >= MISSES) news.push({ clusterId, state: 'GONE' });
          }
        }
        return news.length > 0 || Date.now() - began >= limitMs ? news : undefined;
      });
    } catch (error) {
      throw asFailure(error);
    }
  },
});

/** What a listing row says, in the domain's words. */
export function newsOf(cluster: Cluster): ClusterNews {
  const reason = cluster.termination_reason;
  return {
    clusterId: cluster.cluster_id,
    state: cluster.state,
    terminatedAt: cluster.terminated_time,
    ...(cluster.state === 'TERMINATED' && reason
      ? {
          terminationCode: reason.code,
          terminationType: reason.type,
          terminationDetail: (Object.values(reason.parameters ?? {}).join('; ') || cluster.state_message || '').slice(0, 500),
        }
      : {}),
  };
}

/** When the present or last run of a cluster was asked for, epoch milliseconds. */
export const launchedAt = (cluster: Cluster): number | undefined => Math.max(cluster.start_time ?? 0, cluster.last_restarted_time ?? 0) || undefined;
