import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import type { ClusterNews, ClusterState } from '../../domain/replayed/seat/seat.ts';
import { meansClusterIsGone, type Cluster } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ClusterListings } from './listings.ts';
import type { Run } from '../run.ts';
import { stillUp } from './set-aside.ts';
import { unknownClusters } from './twins.ts';
import { pollUntil } from './waiting.ts';

export interface WatchRequest {
  readonly policyId: string;
  /** What the cohort believes, by cluster id: state, and when it was launched. */
  readonly known: Readonly<Record<string, ClusterState>>;
  /** Keys of seats that have asked for a cluster and have none: an answer may have been lost. */
  readonly inDoubt?: readonly string[];
  /** Ids of clusters of no seat that are dealt with already; a listing may show them for a while. */
  readonly passOver?: readonly string[];
  /** Ids of clusters that seats had before, and that are to be down. */
  readonly aside?: readonly string[];
  readonly everyMs: number;
  /**
   * Returns after this long even if nothing changed, so that the cohort can look around: 0 for one look. What is
   * missing is still looked for until it is known to be gone.
   */
  readonly limitMs: number;
  /** How long a listing may lag: a cluster that is missing for less is not called gone. */
  readonly staleMs: number;
}

/** The one who looks, so that 500 attendees need not. */
export const watchActivities = ({ closing, workspace }: ActivityDeps, listings: ClusterListings) => {
  /** A second opinion: a new cluster made for one that a listing forgot would break its owner's ssh alias. */
  const isGone = async (clusterId: string): Promise<boolean> => {
    try {
      await workspace.clusters.get(clusterId);
      return false;
    } catch (error) {
      if (meansClusterIsGone(error)) return true;
      throw error;
    }
  };

  return {
    /**
     * Polls a shared listing until something differs from what is known; returns the differences, and clusters that are
     * tagged for a seat that does not know them, or were set aside and run on. Heartbeats; restarts on any worker.
     */
    async watchClusters(
      run: Run,
      { policyId, known, inDoubt = [], passOver = [], aside = [], everyMs, limitMs, staleMs }: WatchRequest,
    ): Promise<ClusterNews[]> {
      const began = Date.now();
      const missingSince = new Map<string, number>();
      return pollUntil(closing, everyMs, async () => {
        const seen = new Map(
          (await listings.ofPolicy(policyId))
            .filter((cluster) => cluster.custom_tags?.[CLUSTER_TAGS.run] === run.runId)
            .map((cluster) => [cluster.cluster_id, cluster]),
        );
        const news: ClusterNews[] = [];
        let inQuestion = false;
        for (const [clusterId, state] of Object.entries(known)) {
          const cluster = seen.get(clusterId);
          if (cluster) {
            missingSince.delete(clusterId);
            if (cluster.state !== state) news.push(newsOf(cluster));
          } else if (state !== 'GONE') {
            const now = Date.now();
            const since = missingSince.get(clusterId) ?? now;
            missingSince.set(clusterId, since);
            if (now - since < staleMs) inQuestion = true;
            else if (await isGone(clusterId)) news.push({ clusterId, state: 'GONE' });
          }
        }
        for (const { cluster, key } of unknownClusters(seen, known, inDoubt))
          if (!passOver.includes(cluster.cluster_id)) news.push({ ...newsOf(cluster), unknownTo: key });
        for (const cluster of stillUp(seen, aside)) news.push({ ...newsOf(cluster), setAside: true });
        return news.length > 0 || (!inQuestion && Date.now() - began >= limitMs) ? news : undefined;
      });
    },
  };
};

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
          // Databricks and the cloud often say the same.
          terminationDetail: (
            [...new Set(Object.values(reason.parameters ?? {}))].join('; ') ||
            cluster.state_message ||
            ''
          ).slice(0, 500),
        }
      : {}),
  };
}
