import { isDedicated } from './cluster-model.ts';
import type { Cluster } from './cluster-model.ts';
import type { Principal, Principals } from '../identity/principals.ts';

/**
 * Why somebody may not run code on a cluster that is dedicated to somebody else, in Databricks' own words; undefined when they may.
 * It stands above every permission, an admin's included (facts/databricks.md section 4).
 */
export function singleUserRefusal(principals: Principals, { id, spec }: Cluster, who: Principal): string | undefined {
  const owner = spec.single_user_name ?? '';
  if (!isDedicated(spec) || principals.find(owner) === who) return undefined;
  if (principals.groupsOf(who).some((group) => group.displayName.toLowerCase() === owner.toLowerCase())) return undefined;
  return `Single-user check failed: user '${who.userName}' attempted to run a command on single-user cluster ${id}, but the single user of this cluster is '${owner}'`;
}
