import type { Workspace } from '../../databricks/workspace.ts';
import type { ListedCluster, Listings } from '../../domain/tunnels/connected.ts';
import { LONGEST_TUNNEL_MS, tunnelsOf, type ListedRun } from '../../domain/tunnels/tunnels.ts';

/**
 * One listing of runs and one of clusters, however many people there are.
 * @param policyId of the workshop's clusters; left out, every cluster of the workspace is listed
 * @param now epoch milliseconds
 * @param since runs that began earlier are not listed; by default, no tunnel can be that old
 */
export async function readListings(
  { clusters, jobs }: Pick<Workspace, 'clusters' | 'jobs'>,
  policyId: string | undefined,
  now: number,
  since = now - LONGEST_TUNNEL_MS,
): Promise<Listings> {
  const readClusters = async (): Promise<Map<string, ListedCluster>> => {
    const listed = new Map<string, ListedCluster>();
    for await (const one of clusters.list({ policyId })) {
      const { type, code } = one.termination_reason ?? {};
      const isFailed = one.state === 'TERMINATED' && type !== undefined && type !== 'SUCCESS';
      listed.set(one.cluster_id, {
        state: one.state,
        startedAt: one.last_restarted_time ?? one.start_time,
        ...(isFailed ? { failure: one.state_message ?? code ?? type } : {}),
      });
    }
    return listed;
  };
  const readRuns = async (): Promise<ListedRun[]> => {
    const runs: ListedRun[] = [];
    for await (const run of jobs.listRuns(since)) runs.push(run);
    return runs;
  };
  const [listed, runs] = await Promise.all([readClusters(), readRuns()]);
  return { clusters: listed, tunnels: tunnelsOf(runs) };
}
