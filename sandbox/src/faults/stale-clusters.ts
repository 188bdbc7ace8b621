import type { TerminationReason } from '../clusters/cluster-spec.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import { ClustersByName } from '../clusters/clusters-by-name.ts';
import { legacyList, list } from '../clusters/cluster-routes.ts';
import type { Asked } from '../http/perform.ts';
import type { Reply } from '../http/router.ts';
import type { Principal } from '../identity/principals.ts';
import type { Workspace } from '../workspace.ts';

/**
 * clusters/list as it was `ago` milliseconds of a real workspace's time before now: some clusters not there yet, some
 * not gone yet.
 */
export function staleClusterList(workspace: Workspace, { query, route }: Asked, caller: Principal, ago: number): Reply {
  const then = workspace.advance() - workspace.scaled(ago);
  const clusters = new ClustersByName();
  for (const cluster of workspace.clusters.everMade()) {
    const before = asOf(cluster, then);
    if (before) clusters.add(before);
  }
  return (route.path.startsWith('/api/2.0/') ? legacyList : list)(workspace, { caller, query, at: then }, clusters);
}

/**
 * A cluster at an earlier moment, from its history and events; its specification is the present one. Undefined before
 * it was made and once it was removed.
 */
function asOf(cluster: Cluster, then: number): Cluster | undefined {
  const history = cluster.history.filter(({ at }) => at <= then);
  const last = history.at(-1);
  if (!last || (cluster.removedAt !== undefined && cluster.removedAt <= then)) return undefined;
  const isDown = last.state === 'TERMINATING' || last.state === 'TERMINATED';
  const ending = cluster.events.findLast(({ type, at }) => type === 'TERMINATING' && at <= then);
  return {
    ...cluster,
    state: last.state,
    stateMessage: last.message,
    startedAt: history.findLast(({ state }) => state === 'RUNNING')?.at,
    terminatedAt: last.state === 'TERMINATED' ? last.at : undefined,
    terminationReason: isDown ? (ending?.details['reason'] as TerminationReason | undefined) : undefined,
  };
}
