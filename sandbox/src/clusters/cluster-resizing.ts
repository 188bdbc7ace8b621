import { record, sizeOf } from './cluster-events.ts';
import { nodesOf } from './cluster-model.ts';
import type { Cluster, ClusterSpec } from './cluster-model.ts';
import type { Pools } from '../pools/instance-pools.ts';
import { POOL_REFUSAL_MS } from '../pools/pool-fleet.ts';
import type { Pace } from '../time/pace.ts';
import type { Principal } from '../identity/principals.ts';

const SHRINK_MS = 10_000;

/** What resizing a cluster needs of the state machine. */
export interface Resizing {
  readonly pace: Pace;
  readonly pools: Pools;
  /** @throws 429 when the launch rate is used up. */
  takeNodes(spec: ClusterSpec, nodes: number): void;
  enter(state: 'RESIZING' | 'RUNNING', message: string, at: number): void;
  /** Dropped when something else has moved the cluster on by then. */
  readonly later: (at: number, act: (at: number) => void) => void;
  runsAgain(at: number): void;
}

type Size = Pick<ClusterSpec, 'num_workers' | 'autoscale'>;
type Done = (at: number, problem?: string) => void;

/**
 * From RUNNING by RESIZING to RUNNING. New nodes take as long as they take, nodes too many leave soon. A pool without room leaves
 * the cluster at its old size (facts/databricks.md section 7). @throws 429; nothing has changed then.
 */
export function resizeCluster(cluster: Cluster, size: Size, by: Principal, at: number, fleet: Resizing): void {
  const before = cluster.spec;
  const after = resized(before, size);
  const more = nodesOf(after) - nodesOf(before);
  fleet.takeNodes(after, Math.max(0, more));
  record(cluster, 'RESIZING', at, {
    cluster_size: sizeOf(after),
    previous_cluster_size: sizeOf(before),
    cause: 'USER_REQUEST',
    user: by.userName,
  });
  fleet.enter('RESIZING', 'Resizing the cluster', at);
  const done: Done = (now, problem) => {
    if (problem === undefined) {
      cluster.spec = after;
      cluster.givenSpec = resized(cluster.givenSpec, size);
      record(cluster, 'UPSIZE_COMPLETED', now, {
        current_num_workers: nodesOf(after) - 1,
        target_num_workers: nodesOf(after) - 1,
      });
    } else {
      record(cluster, 'ADD_NODES_FAILED', now, { driver_state_message: problem });
    }
    fleet.enter('RUNNING', '', now);
    fleet.runsAgain(now);
  };
  if (more > 0) grow(cluster, more, at, fleet, done);
  else {
    shrink(cluster, -more, at);
    fleet.later(at + fleet.pace.scaled(SHRINK_MS), (now) => done(now));
  }
}

function resized(spec: ClusterSpec, size: Size): ClusterSpec {
  const { num_workers: _, autoscale: __, ...rest } = spec;
  return { ...rest, ...size };
}

function grow(cluster: Cluster, nodes: number, at: number, { pace, pools, later }: Resizing, done: Done): void {
  const key = `${cluster.spec.cluster_name}/resize#${cluster.events.length}`;
  const poolId = cluster.spec.instance_pool_id;
  if (!poolId) {
    later(at + pace.coldBoot(key), (now) => done(now));
    return;
  }
  const { epoch } = cluster;
  const pool = pools.find(poolId);
  const lease = pool?.fleet.lease(nodes, at, key, (readyAt) => {
    if (cluster.epoch === epoch) later(readyAt + pace.warmBoot(key, true), (now) => done(now));
  });
  if (pool && lease) cluster.leases.push({ pool, lease });
  else
    later(at + pace.scaled(POOL_REFUSAL_MS), (now) =>
      done(now, `Instance pool ${poolId} has no room for ${nodes} more instances.`),
    );
}

function shrink(cluster: Cluster, nodes: number, at: number): void {
  let left = nodes;
  for (const { pool, lease } of cluster.leases.toReversed()) left -= pool.fleet.release(lease, at, left);
  cluster.leases = cluster.leases.filter(({ lease }) => lease.instances.length > 0);
}
