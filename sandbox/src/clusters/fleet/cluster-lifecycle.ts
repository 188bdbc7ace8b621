import { z } from 'zod';
import { countForPolicy, held, named, unexpectedState } from '../cluster-access.ts';
import { userRequest } from './cluster-fleet.ts';
import type { Cluster } from '../cluster-model.ts';
import { requirePoolAttach } from '../may-create-cluster.ts';
import { invalidParameter } from '../../http/errors.ts';
import type { Principal } from '../../identity/principals.ts';
import { requireAdmin } from '../../identity/require-admin.ts';
import { readBody, text } from '../../http/request-body.ts';
import { ok } from '../../http/router.ts';
import type { Call, Reply } from '../../http/router.ts';
import type { ClusterParts } from '../cluster-parts.ts';

const MOST_PINNED = 100;
const ownerBody = z.object({ cluster_id: text, owner_username: text.min(1) });

/**
 * POST clusters/start. In any other state than TERMINATED it is refused, in the words that clients take as no
 * failure.
 */
export function start(workspace: ClusterParts, call: Call): Reply {
  const cluster = named(workspace, call, 'CAN_RESTART');
  if (cluster.state !== 'TERMINATED') throw unexpectedState(cluster);
  startAs(workspace, cluster, call.caller, call.at);
  return ok({});
}

/**
 * Starts a terminated cluster for somebody.
 * @throws 400, 403 and 429 for what stands against it besides the permissions on the cluster.
 */
export function startAs(workspace: ClusterParts, cluster: Cluster, who: Principal, at: number): void {
  const pool = workspace.pools.find(cluster.spec.instance_pool_id ?? '');
  if (pool) requirePoolAttach(workspace, pool, who);
  countForPolicy(workspace, cluster.spec.policy_id, cluster.creator, cluster);
  workspace.clusters.start(cluster, who, at);
}

export function restart(workspace: ClusterParts, call: Call): Reply {
  const cluster = named(workspace, call, 'CAN_RESTART');
  if (cluster.state !== 'RUNNING') throw unexpectedState(cluster);
  workspace.clusters.restart(cluster, call.caller, call.at);
  return ok({});
}

/** POST clusters/delete, which terminates; repeatable. */
export function terminate(workspace: ClusterParts, call: Call): Reply {
  const cluster = named(workspace, call, 'CAN_RESTART');
  workspace.clusters.terminate(cluster, userRequest(call.caller), `Terminated by ${call.caller.userName}`, call.at);
  return ok({});
}

export function permanentDelete(workspace: ClusterParts, call: Call): Reply {
  const cluster = named(workspace, call, 'CAN_MANAGE');
  if (cluster.pinnedBy !== undefined)
    throw invalidParameter(`Cluster ${cluster.id} is pinned: unpin the cluster first.`);
  workspace.clusters.remove(cluster, call.caller, call.at);
  workspace.permissions.forget('clusters', cluster.id);
  return ok({});
}

export function pin(workspace: ClusterParts, call: Call): Reply {
  requireAdmin(workspace, call, 'pin clusters');
  const cluster = named(workspace, call, 'CAN_MANAGE');
  if (cluster.pinnedBy !== undefined) return ok({});
  let pinned = 0;
  for (const other of workspace.clusters.listed.upwards()) pinned += other.pinnedBy === undefined ? 0 : 1;
  if (pinned >= MOST_PINNED)
    throw invalidParameter(`At most ${MOST_PINNED} clusters can be pinned. Unpin another cluster first.`);
  workspace.clusters.pin(cluster, call.caller, call.at);
  return ok({});
}

export function unpin(workspace: ClusterParts, call: Call): Reply {
  requireAdmin(workspace, call, 'unpin clusters');
  const cluster = named(workspace, call, 'CAN_MANAGE');
  if (cluster.pinnedBy !== undefined) workspace.clusters.unpin(cluster, call.caller, call.at);
  return ok({});
}

/** POST clusters/change-owner: by an admin, while the cluster is terminated (docs/facts/databricks.md section 1). */
export function changeOwner(workspace: ClusterParts, call: Call): Reply {
  const { cluster_id, owner_username } = readBody(ownerBody, call.json);
  requireAdmin(workspace, call, 'change the owner of a cluster');
  const cluster = held(workspace, call, cluster_id, 'CAN_MANAGE');
  const owner = workspace.principals.find(owner_username);
  if (!owner) throw invalidParameter(`User ${owner_username} does not exist in this workspace.`);
  if (cluster.state !== 'TERMINATED') throw unexpectedState(cluster);
  cluster.creator = owner;
  workspace.permissions.grantHighest(owner, 'clusters', cluster.id);
  return ok({});
}
