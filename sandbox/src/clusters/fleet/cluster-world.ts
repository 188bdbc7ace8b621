import type { Cluster } from '../cluster-model.ts';
import type { LaunchFaults } from '../../faults/faults.ts';
import type { InitScriptWorld } from './init-scripts.ts';
import type { LaunchBucket } from './launch-bucket.ts';
import type { Pools } from '../../pools/instance-pools.ts';
import type { Pace } from '../../time/pace.ts';
import type { Schedule } from '../../time/schedule.ts';

/** What the clusters' state machine needs of the rest of the workspace. */
export interface ClusterWorld extends InitScriptWorld {
  readonly schedule: Schedule;
  readonly pace: Pace;
  readonly launchBucket: LaunchBucket;
  readonly pools: Pools;
  /** Whether a node is real from its boot on, and its boot (nodes/nodes.ts). */
  readonly nodes: { bootsFor(cluster: Cluster): boolean; boot(cluster: Cluster): void };
  readonly faults: LaunchFaults;
}
