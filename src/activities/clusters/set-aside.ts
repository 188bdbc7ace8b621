import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import { isDown } from '../../domain/replayed/seat/seat-state.ts';
import type { Cluster } from '../../databricks/workspace.ts';
import { launchedAt } from './launched-at.ts';

/**
 * Clusters that were replaced and run on: their stop was refused, or answered well and not carried out. One that
 * somebody has started again since its seat got another is left alone: it was wanted for a look.
 * @param ours what carries the tag of this run, by id
 * @param aside ids of clusters that seats had before the one they use
 */
export function stillUp(ours: ReadonlyMap<string, Cluster>, aside: readonly string[]): Cluster[] {
  return aside.flatMap((id) => {
    const cluster = ours.get(id);
    if (!cluster || isDown(cluster.state) || cluster.state === 'TERMINATING') return [];
    return isStartedSince(cluster, ours) ? [] : [cluster];
  });
}

/** All instants are the workspace's own. */
function isStartedSince(cluster: Cluster, ours: ReadonlyMap<string, Cluster>): boolean {
  const seat = cluster.custom_tags?.[CLUSTER_TAGS.seat];
  const generation = (of: Cluster) => Number(of.custom_tags?.[CLUSTER_TAGS.generation] ?? 0);
  const madeLater = [...ours.values()]
    .filter((other) => other.custom_tags?.[CLUSTER_TAGS.seat] === seat && generation(other) > generation(cluster))
    .map(({ start_time: at }) => at ?? Infinity);
  return (launchedAt(cluster) ?? 0) > Math.min(...madeLater);
}
