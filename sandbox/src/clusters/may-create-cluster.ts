import { invalidParameter, permissionDenied } from '../http/errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { Policy } from '../policies/cluster-policies.ts';
import type { Pool } from '../pools/instance-pools.ts';
import type { ClusterParts } from './cluster-parts.ts';
import type { ClusterSpec } from './cluster-spec.ts';

/**
 * The policy under which somebody creates a cluster; undefined for those who may create any.
 * @throws 403 when they may do neither; 400 for a policy that is not there.
 */
export function policyFor(workspace: ClusterParts, given: ClusterSpec, caller: Principal): Policy | undefined {
  const { principals, permissions, policies } = workspace;
  if (given.policy_id === undefined || given.policy_id === '') {
    if (principals.isEntitled(caller, 'allow-cluster-create')) return undefined;
    throw permissionDenied('You are not authorized to create clusters. Please contact your administrator.');
  }
  const policy = policies.find(given.policy_id);
  if (!policy)
    throw invalidParameter(`Cluster validation error: Can't find a cluster policy with id: ${given.policy_id}.`);
  if (!permissions.allows(caller, 'cluster-policies', policy.id, 'CAN_USE')) {
    throw permissionDenied(
      `${caller.userName} is not authorized to use cluster policy ${policy.id}. Please contact your administrator.`,
    );
  }
  return policy;
}

/** @throws 403 when somebody may not take instances from a pool. */
export function requirePoolAttach(workspace: ClusterParts, pool: Pool, caller: Principal): void {
  if (!workspace.permissions.allows(caller, 'instance-pools', pool.id, 'CAN_ATTACH_TO')) {
    throw permissionDenied(
      `${caller.userName} does not have Attach permissions on instance pool ${pool.id}. Please ` +
        'contact the owner or an administrator for access.',
    );
  }
}
