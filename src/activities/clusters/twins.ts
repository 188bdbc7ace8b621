import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import type { ClusterState } from '../../domain/replayed/seat/seat.ts';
import { meansClusterIsGone, type Cluster } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';

const seatOf = (cluster: Cluster): string | undefined => cluster.custom_tags?.[CLUSTER_TAGS.seat];
const generationOf = (cluster: Cluster): string | undefined => cluster.custom_tags?.[CLUSTER_TAGS.generation];

/**
 * Clusters of one listing that are tagged for a seat and are not the one it knows: creates that were carried out after
 * somebody had looked for them (docs/facts/databricks.md section 2: nothing makes a create safe to repeat).
 * @param ours what carries the tag of this run, by id
 * @param known cluster ids that the cohort's seats use
 * @param inDoubt keys of seats that have no cluster and have asked for one
 */
export function unknownClusters(
  ours: ReadonlyMap<string, Cluster>,
  known: Readonly<Record<string, ClusterState>>,
  inDoubt: readonly string[],
): { readonly cluster: Cluster; readonly key: string }[] {
  const used = new Map<string, string | undefined>();
  for (const [clusterId, state] of Object.entries(known)) {
    const cluster = ours.get(clusterId);
    const key = cluster && state !== 'GONE' ? seatOf(cluster) : undefined;
    if (cluster && key !== undefined) used.set(key, generationOf(cluster));
  }
  return [...ours.values()].flatMap((cluster) => {
    const key = seatOf(cluster);
    if (key === undefined || known[cluster.cluster_id] !== undefined) return [];
    const isTwin = used.has(key) && used.get(key) === generationOf(cluster);
    return isTwin || inDoubt.includes(key) ? [{ cluster, key }] : [];
  });
}

/** A second cluster of one seat. */
export const twinActivities = ({ workspace }: ActivityDeps) => {
  const ofSeat = async (run: Run, clusterId: string, key: string): Promise<'theirs' | 'another' | 'gone'> => {
    try {
      const cluster = await workspace.clusters.get(clusterId);
      const isTheirs = cluster.custom_tags?.[CLUSTER_TAGS.run] === run.runId && seatOf(cluster) === key;
      return isTheirs ? 'theirs' : 'another';
    } catch (error) {
      if (meansClusterIsGone(error)) return 'gone';
      throw error;
    }
  };

  return {
    /**
     * Removes a cluster that carries this run's and this seat's tags, while the one that the seat uses is there. Asked
     * of the workspace itself, since a listing may be old. Idempotent. False when nothing was removed.
     */
    async removeTwin(
      run: Run,
      { clusterId, keptId, key }: { clusterId: string; keptId: string; key: string },
    ): Promise<boolean> {
      if (clusterId === keptId || (await ofSeat(run, keptId, key)) !== 'theirs') return false;
      const twin = await ofSeat(run, clusterId, key);
      if (twin !== 'theirs') return twin === 'gone';
      await workspace.clusters.permanentDelete(clusterId).catch((error: unknown) => {
        if (!meansClusterIsGone(error)) throw error;
      });
      return true;
    },
  };
};
