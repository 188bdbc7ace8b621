import { CLUSTER_TAGS, POOL_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import { meansClusterIsGone, meansNotFound } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ClusterListings } from '../clusters/listings.ts';
import type { Run } from '../run.ts';
import { pollUntil } from '../clusters/waiting.ts';
import { launchedAt } from '../clusters/watch.ts';

/** One look at everything that carries this run's id. Instants in epoch milliseconds. */
export interface Remains {
  readonly began: number;
  readonly clusters: readonly {
    readonly id: string;
    readonly name: string;
    readonly down: boolean;
    readonly terminatedAt?: number;
    readonly upMs: number;
  }[];
  readonly pools: readonly {
    readonly id: string;
    readonly name: string;
    readonly min: number;
    readonly used: number;
    readonly idle: number;
    readonly pending: number;
  }[];
}

/** How many removals are under way at once; the transport's rate sets the pace. */
const AT_ONCE = 8;

/** Taking away what carries this run's id, and nothing else. */
export const removalActivities = ({ workspace, closing }: ActivityDeps, listings: ClusterListings) => {
  const look = async (run: Run): Promise<Remains> => {
    const began = Date.now();
    const clusters = (await listings.all()).filter(({ custom_tags: tags }) => tags?.[CLUSTER_TAGS.run] === run.runId);
    const pools: Remains['pools'][number][] = [];
    for await (const pool of workspace.instancePools.list()) {
      if (pool.custom_tags?.[POOL_TAGS.run] !== run.runId || pool.state === 'DELETED') continue;
      pools.push({
        id: pool.instance_pool_id,
        name: pool.instance_pool_name ?? pool.instance_pool_id,
        min: pool.min_idle_instances,
        // An answer without counts proves nothing: whatever it is, it is not known to be quiet.
        used: pool.stats?.used_count ?? 1,
        idle: pool.stats?.idle_count ?? 0,
        pending: (pool.stats?.pending_idle_count ?? 0) + (pool.stats?.pending_used_count ?? 0),
      });
    }
    return {
      began,
      clusters: clusters.map((cluster) => ({
        id: cluster.cluster_id,
        name: cluster.cluster_name ?? cluster.cluster_id,
        down: cluster.state === 'TERMINATED' || cluster.state === 'ERROR',
        ...(cluster.terminated_time === undefined ? {} : { terminatedAt: cluster.terminated_time }),
        upMs: Math.max(0, (cluster.terminated_time ?? began) - (launchedAt(cluster) ?? began)),
      })),
      pools,
    };
  };

  /** One after the other in `AT_ONCE` lanes; keeps heartbeating, and gives up at once when the worker stops. */
  const forEach = async (ids: readonly string[], act: (id: string) => Promise<void>) => {
    const queue = [...ids];
    const lane = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const current = id;
        await pollUntil(closing, 0, async () => {
          await act(current);
          return true;
        });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
    const failed = lanes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };

  return {
    /** Lists the whole workspace and keeps what carries this run's id. */
    async lookForRemains(run: Run): Promise<Remains> {
      return look(run);
    },

    /** Terminates; idempotent. */
    async terminateClusters(_run: Run, { ids }: { ids: readonly string[] }): Promise<void> {
      await forEach(ids, async (id) => {
        await workspace.clusters.delete(id).catch(ignoreGone);
      });
    },

    /** Deletes permanently; idempotent. A pinned cluster is an error for a person: nobody here pins. */
    async deleteClusters(_run: Run, { ids }: { ids: readonly string[] }): Promise<void> {
      await forEach(ids, async (id) => {
        await workspace.clusters.permanentDelete(id).catch(ignoreGone);
      });
    },

    /** Idempotent. Idle instances end some time after the answer (docs/facts/databricks.md section 7). */
    async deletePool(_run: Run, { poolId }: { poolId: string }): Promise<void> {
      try {
        await workspace.instancePools.delete(poolId);
      } catch (error) {
        if (!meansNotFound(error)) throw error;
      }
    },

    /** A pool that stays must keep nothing waiting: minimum 0, idle instances let go. Idempotent. */
    async quietPool(_run: Run, { poolId }: { poolId: string }): Promise<void> {
      const pool = await workspace.instancePools.get(poolId);
      await workspace.instancePools.edit({
        instance_pool_id: poolId,
        instance_pool_name: pool.instance_pool_name,
        node_type_id: pool.node_type_id,
        min_idle_instances: 0,
        idle_instance_autotermination_minutes: 0,
        ...(pool.max_capacity === undefined ? {} : { max_capacity: pool.max_capacity }),
        ...(pool.custom_tags === undefined ? {} : { custom_tags: pool.custom_tags }),
      });
    },
  };
};

const ignoreGone = (error: unknown) => {
  if (!meansClusterIsGone(error)) throw error;
};
