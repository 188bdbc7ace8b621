import type { Cluster } from '../../databricks/workspace.ts';

/** When the present or last run of a cluster was asked for, epoch milliseconds. */
export const launchedAt = (cluster: Cluster): number | undefined =>
  Math.max(cluster.start_time ?? 0, cluster.last_restarted_time ?? 0) || undefined;
