import type { ClusterFleet } from './fleet/cluster-fleet.ts';
import type { Rights } from '../identity/rights.ts';
import type { Policies } from '../policies/cluster-policies.ts';
import type { Pools } from '../pools/instance-pools.ts';

/** What of the workspace a request about a cluster touches. */
export interface ClusterParts extends Rights {
  readonly clusters: ClusterFleet;
  readonly pools: Pools;
  readonly policies: Policies;
}
