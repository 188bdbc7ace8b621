import { CLUSTER_TAGS, POOL_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import type { NotDone } from '../../domain/replayed/ending/not-removed.ts';
import { poolEditCommand, type PoolEdit } from '../../domain/replayed/made/pool-spec.ts';
import { DatabricksError, meansClusterIsGone, meansNotFound, type InstancePool } from '../../databricks/workspace.ts';
import { isLasting } from '../retryable-failures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ClusterListings } from '../clusters/listings.ts';
import type { Run } from '../run.ts';
import { pollUntil } from '../clusters/waiting.ts';
import { launchedAt } from '../clusters/launched-at.ts';

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
  readonly pools: readonly PoolLeft[];
  /** What could not be read, and why: of that nothing is known, least of all that nothing is there. */
  readonly unread: readonly { readonly what: 'clusters' | 'pools'; readonly why: string }[];
}

/** A pool of this run, with what an edit must give again. */
export interface PoolLeft {
  readonly id: string;
  readonly name: string;
  readonly min: number;
  readonly used: number;
  readonly idle: number;
  readonly pending: number;
  readonly edit: Omit<PoolEdit, 'min_idle_instances' | 'idle_instance_autotermination_minutes'>;
}

/** How many removals are under way at once; the transport's rate sets the pace. */
const AT_ONCE = 8;
const LONGEST_WHY = 300;

/** Taking away what carries this run's id, and nothing else. What fails of it ends only its own item. */
export const removalActivities = ({ workspace, closing }: ActivityDeps, listings: ClusterListings) => {
  const clustersOf = async (run: Run, now: number): Promise<Remains['clusters']> =>
    (await listings.all())
      .filter(({ custom_tags: tags }) => tags?.[CLUSTER_TAGS.run] === run.runId)
      .map((cluster) => ({
        id: cluster.cluster_id,
        name: cluster.cluster_name ?? cluster.cluster_id,
        down: cluster.state === 'TERMINATED' || cluster.state === 'ERROR',
        ...(cluster.terminated_time === undefined ? {} : { terminatedAt: cluster.terminated_time }),
        upMs: Math.max(0, (cluster.terminated_time ?? now) - (launchedAt(cluster) ?? now)),
      }));

  const poolsOf = async (run: Run): Promise<PoolLeft[]> => {
    const pools: PoolLeft[] = [];
    for await (const pool of workspace.instancePools.list()) {
      if (pool.custom_tags?.[POOL_TAGS.run] === run.runId && pool.state !== 'DELETED') pools.push(left(pool));
    }
    return pools;
  };

  /** One after the other in `AT_ONCE` lanes; keeps heartbeating, and gives up at once when the worker stops. */
  const forEach = async (
    ids: readonly string[],
    act: (id: string) => Promise<void>,
    command: (id: string, error: unknown) => string,
  ): Promise<NotDone[]> => {
    const queue = [...ids];
    const notDone: NotDone[] = [];
    const lane = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const current = id;
        await pollUntil(closing, 0, async () => {
          await act(current).catch((error: unknown) => {
            // No credentials: that is nothing about this cluster, and the next one would hear the same.
            if (error instanceof DatabricksError && error.status === 401) throw error;
            notDone.push(why(current, error, command(current, error)));
          });
          return true;
        });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
    const failed = lanes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return notDone;
  };

  return {
    /**
     * Lists the whole workspace and keeps what carries this run's id. One listing that fails does not take the other
     * one's answer away; when both fail, so does this.
     */
    async lookForRemains(run: Run): Promise<Remains> {
      const began = Date.now();
      const [clusters, pools] = await Promise.allSettled([clustersOf(run, began), poolsOf(run)]);
      if (clusters.status === 'rejected' && pools.status === 'rejected') throw clusters.reason;
      return {
        began,
        clusters: clusters.status === 'fulfilled' ? clusters.value : [],
        pools: pools.status === 'fulfilled' ? pools.value : [],
        unread: [
          ...(clusters.status === 'rejected' ? [{ what: 'clusters' as const, why: said(clusters.reason) }] : []),
          ...(pools.status === 'rejected' ? [{ what: 'pools' as const, why: said(pools.reason) }] : []),
        ],
      };
    },

    /** The pools of this run alone: a shorter look, for whoever asks about machines that wait. */
    async lookAtPools(run: Run): Promise<readonly PoolLeft[]> {
      return poolsOf(run);
    },

    /** Terminates each once; idempotent. Answers with those that would not. */
    async terminateClusters(_run: Run, { ids }: { ids: readonly string[] }): Promise<NotDone[]> {
      return forEach(
        ids,
        (id) => workspace.clusters.delete(id).catch(ignoreGone),
        (id) => `databricks clusters delete ${id}`,
      );
    },

    /** Deletes each permanently, once; idempotent. Answers with those that would not go. */
    async deleteClusters(_run: Run, { ids }: { ids: readonly string[] }): Promise<NotDone[]> {
      return forEach(
        ids,
        (id) => workspace.clusters.permanentDelete(id).catch(ignoreGone),
        (id, error) => `databricks clusters ${/\bpin|unpin/i.test(said(error)) ? 'unpin' : 'permanent-delete'} ${id}`,
      );
    },

    /**
     * Tries once; idempotent. Idle instances end some time after the answer (docs/facts/databricks.md section 7).
     * Undefined: done.
     */
    async deletePool(_run: Run, { poolId }: { poolId: string }): Promise<NotDone | undefined> {
      try {
        await workspace.instancePools.delete(poolId);
      } catch (error) {
        if (!meansNotFound(error)) return why(poolId, error, `databricks instance-pools delete ${poolId}`);
      }
      return undefined;
    },

    /**
     * Nothing is kept waiting any more: minimum 0. Tries once, and reads nothing before; idempotent. Undefined: done.
     * @param idleMinutes how long machines that wait already may still do so; 0 when left out: they go at once
     */
    async quietPool(
      _run: Run,
      { pool, idleMinutes = 0 }: { pool: PoolLeft; idleMinutes?: number },
    ): Promise<NotDone | undefined> {
      const edit = { ...pool.edit, min_idle_instances: 0, idle_instance_autotermination_minutes: idleMinutes };
      try {
        await workspace.instancePools.edit({ ...edit });
      } catch (error) {
        if (!meansNotFound(error)) return why(pool.id, error, poolEditCommand(edit));
      }
      return undefined;
    },
  };
};

function left(pool: InstancePool): PoolLeft {
  const { instance_pool_id: id, instance_pool_name: name = id } = pool;
  return {
    id,
    name,
    min: pool.min_idle_instances,
    // An answer without counts proves nothing: whatever it is, it is not known to be quiet.
    used: pool.stats?.used_count ?? 1,
    idle: pool.stats?.idle_count ?? 0,
    pending: (pool.stats?.pending_idle_count ?? 0) + (pool.stats?.pending_used_count ?? 0),
    edit: {
      instance_pool_id: id,
      instance_pool_name: name,
      node_type_id: pool.node_type_id ?? '',
      ...(pool.max_capacity === undefined ? {} : { max_capacity: pool.max_capacity }),
      ...(pool.custom_tags === undefined ? {} : { custom_tags: pool.custom_tags }),
    },
  };
}

const why = (id: string, error: unknown, command: string): NotDone => ({
  id,
  why: said(error),
  toDo: command,
  refused: isLasting(error),
});

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_WHY);

const ignoreGone = (error: unknown) => {
  if (!meansClusterIsGone(error)) throw error;
};
