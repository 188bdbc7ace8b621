import { isDedicated } from './cluster-spec.ts';
import type { Cluster } from './cluster-model.ts';
import { invalidState, permissionDenied } from '../http/errors.ts';
import type { Principal, Principals } from '../identity/principals.ts';
import type { Rights } from '../identity/rights.ts';

/**
 * Why somebody may not run code on a cluster that is dedicated to somebody else, in Databricks' own words; undefined
 * when they may. It stands above every permission, an admin's included (docs/facts/databricks.md section 4).
 */
export function singleUserRefusal(principals: Principals, { id, spec }: Cluster, who: Principal): string | undefined {
  const owner = spec.single_user_name ?? '';
  if (!isDedicated(spec) || principals.find(owner) === who) return undefined;
  if (principals.groupsOf(who).some((group) => group.displayName.toLowerCase() === owner.toLowerCase()))
    return undefined;
  return (
    `Single-user check failed: user '${who.userName}' attempted to run a command on single-user ` +
    `cluster ${id}, but the single user of this cluster is '${owner}'`
  );
}

/**
 * For whoever reaches into a cluster's node now: the driver proxy.
 * @throws 400 INVALID_STATE when it does not run, then 403 for whom it is not dedicated to, then 403 without the
 * right to attach (docs/facts/databricks.md section 4).
 */
export function requireToReach({ principals, permissions }: Rights, cluster: Cluster, who: Principal): void {
  const { id, state } = cluster;
  if (state !== 'RUNNING')
    throw invalidState(`Cluster ${id} is in ${state.slice(0, 1)}${state.slice(1).toLowerCase()} state`);
  const refusal = singleUserRefusal(principals, cluster, who);
  if (refusal !== undefined) throw permissionDenied(refusal);
  if (!permissions.allows(who, 'clusters', id, 'CAN_ATTACH_TO')) {
    throw permissionDenied(
      `${who.userName} does not have Attach permissions on cluster ${id}. Please contact the owner ` +
        'or an administrator for access.',
    );
  }
}
