import { z } from 'zod';
import type { Cluster } from './cluster-model.ts';
import { ApiError, invalidState, permissionDenied } from '../http/errors.ts';
import { readBody, text } from '../http/request-body.ts';
import type { Call } from '../http/router.ts';
import type { Principal } from '../identity/principals.ts';
import type { ClusterParts } from './cluster-parts.ts';

const VERBS = { CAN_ATTACH_TO: 'Attach', CAN_RESTART: 'Restart', CAN_MANAGE: 'Manage' } as const;
export type ClusterLevel = keyof typeof VERBS;

const REMEMBERED_MS = 30 * 24 * 3_600_000;
const idBody = z.object({ cluster_id: text });

/**
 * The cluster, when the caller holds the level on it.
 * @throws 400 for an unknown one and for one long gone, 403 (docs/facts/databricks.md section 3).
 */
export function held(workspace: ClusterParts, call: Call, id: string, level: ClusterLevel): Cluster {
  const cluster = workspace.clusters.get(id);
  if (!workspace.permissions.allows(call.caller, 'clusters', id, level)) {
    throw permissionDenied(
      `${call.caller.userName} does not have ${VERBS[level]} permissions on cluster ${id}. Please ` +
        'contact the owner or an administrator for access.',
    );
  }
  mustBeRemembered(cluster, call.at);
  return cluster;
}

/** @throws 400 INVALID_STATE for one long gone. */
export function mustBeRemembered(cluster: Cluster, at: number): void {
  if (isForgotten(cluster, at))
    throw invalidState(`Cannot access cluster ${cluster.id} that was terminated or unpinned more than 30 days ago.`);
}

/** The cluster that the body names by `cluster_id` alone. */
export const named = (workspace: ClusterParts, call: Call, level: ClusterLevel): Cluster =>
  held(workspace, call, readBody(idBody, call.json).cluster_id, level);

/** Whether the workspace does not show it any more. */
export const isForgotten = (cluster: Cluster, at: number): boolean =>
  cluster.state === 'TERMINATED' &&
  cluster.pinnedBy === undefined &&
  at - Math.max(cluster.terminatedAt ?? at, cluster.unpinnedAt ?? 0) > REMEMBERED_MS;

/** 400 INVALID_STATE in the words that clients look for (docs/facts/databricks.md section 3). */
export const unexpectedState = (cluster: Cluster): ApiError =>
  invalidState(
    `Cluster ${cluster.id} is in unexpected state ${cluster.state.slice(0, 1)}${cluster.state.slice(1).toLowerCase()}.`,
  );

/**
 * max_clusters_per_user counts what is active under the policy by who created it; whom it is dedicated to does not
 * matter (docs/facts/databricks.md section 1).
 * @throws 400 QUOTA_EXCEEDED.
 */
export function countForPolicy(
  workspace: ClusterParts,
  policyId: string | undefined,
  creator: Principal,
  self: Cluster | undefined,
): void {
  const policy = policyId ? workspace.policies.find(policyId) : undefined;
  const most = policy?.fields.max_clusters_per_user;
  if (!policy || most === undefined) return;
  let active = 0;
  for (const cluster of workspace.clusters.everMade()) {
    if (
      cluster !== self &&
      cluster.creator === creator &&
      cluster.spec.policy_id === policyId &&
      cluster.state !== 'TERMINATED'
    )
      active += 1;
  }
  if (active >= most) {
    throw new ApiError({
      status: 400,
      errorCode: 'QUOTA_EXCEEDED',
      message:
        `Cluster validation error: User ${creator.userName} has reached the limit of ${most} active ` +
        `cluster(s) for cluster policy '${policy.fields.name}'.`,
    });
  }
}
