import type { Plan } from '../../domain/plan/plan.ts';
import { POOL_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import { POOL_IDLE_MINUTES, poolCapacity, poolName, poolSpec } from '../../domain/replayed/made/pool-spec.ts';
import type { ActivityDeps } from '../deps.ts';
import { isForbidden, lasting } from '../activity-failure.ts';
import type { Run } from '../run.ts';
import { pollUntil } from '../clusters/waiting.ts';

/** What filling a pool showed. Times in milliseconds. */
export interface PoolFill {
  readonly idle: number;
  readonly wanted: number;
  readonly tookMs: number;
  /** Idle instances × time, for the cost. */
  readonly idleMs: number;
  /** What the cloud said against it. */
  readonly errors: readonly string[];
}

/** The instance pool of a run: capacity for everybody, and idle instances only when the lifecycle asks for them. */
export const poolActivities = ({ workspace, closing }: ActivityDeps) => {
  const find = async (run: Run, name: string) => {
    for await (const pool of workspace.instancePools.list()) {
      if (pool.instance_pool_name === name || pool.custom_tags?.[POOL_TAGS.run] === run.runId) return pool;
    }
    return undefined;
  };

  const setMinimum = async (run: Run, { plan, poolId, people, minIdle, gathering }: PoolMinimum) => {
    const spec = poolSpec({
      plan,
      runId: run.runId,
      people,
      minIdle,
      idleMinutes: gathering ? POOL_IDLE_MINUTES.gathering : POOL_IDLE_MINUTES.resting,
    });
    await workspace.instancePools.edit({
      instance_pool_id: poolId,
      instance_pool_name: spec.instance_pool_name,
      node_type_id: spec.node_type_id,
      min_idle_instances: spec.min_idle_instances,
      max_capacity: spec.max_capacity,
      idle_instance_autotermination_minutes: spec.idle_instance_autotermination_minutes,
      custom_tags: spec.custom_tags,
    });
  };

  return {
    /** Idempotent: found by its name or this run's tag, else created with nothing idle. */
    async ensurePool(
      run: Run,
      { plan, people }: { plan: Plan; people: number },
    ): Promise<{ poolId: string; ours: boolean; evidence: string }> {
      const spec = poolSpec({ plan, runId: run.runId, people });
      try {
        const there = await find(run, poolName(plan.id, run.runId));
        if (there) {
          if (there.max_capacity === undefined || there.max_capacity < poolCapacity(plan, people)) {
            await setMinimum(run, { plan, poolId: there.instance_pool_id, people, minIdle: 0, gathering: false });
          }
          return {
            poolId: there.instance_pool_id,
            ours: there.custom_tags?.[POOL_TAGS.run] === run.runId,
            evidence: `${there.instance_pool_name ?? 'the pool'} is there`,
          };
        }
        const { instancePoolId: poolId } = await workspace.instancePools.create({ ...spec });
        return {
          poolId,
          ours: true,
          evidence: `${spec.instance_pool_name} created, capacity ${spec.max_capacity}, nothing idle`,
        };
      } catch (error) {
        if (isForbidden(error)) {
          throw lasting(
            'FORBIDDEN',
            'The worker may not create instance pools.',
            'Have an admin create the pool and give the worker CAN_MANAGE on it.',
            [`databricks instance-pools create --json '${JSON.stringify(spec)}'`],
          );
        }
        throw error;
      }
    },

    /**
     * Idempotent. Says how many instances shall wait in the pool; `gathering` keeps them while people's clusters start.
     */
    async setPoolMinimum(run: Run, input: PoolMinimum): Promise<void> {
      await setMinimum(run, input);
    },

    /**
     * Raises the minimum and waits until that many instances are idle, or the cloud says why not, or the time is up
     * (`until`, epoch milliseconds). Heartbeats; may be taken over by another worker. It never lowers the minimum: the
     * workflow does, whatever happens here.
     */
    async fillPool(run: Run, input: PoolMinimum & { until: number; pollMs: number }): Promise<PoolFill> {
      const began = Date.now();
      let idleMs = 0;
      let last = began;
      // An attempt that comes too late must not raise what has been lowered since.
      if (began < input.until) await setMinimum(run, input);
      return pollUntil(closing, input.pollMs, async () => {
        const pool = await workspace.instancePools.get(input.poolId);
        const now = Date.now();
        const idle = pool.stats?.idle_count ?? 0;
        const pending = pool.stats?.pending_idle_count ?? 0;
        const wanted = Math.min(input.minIdle, pool.max_capacity ?? input.minIdle);
        idleMs += idle * (now - last);
        last = now;
        const errors = [
          ...new Set((pool.status?.pending_instance_errors ?? []).map(({ message }) => message ?? 'no message')),
        ];
        const full = idle >= wanted;
        const stuck = errors.length > 0 && pending === 0;
        if (!full && !stuck && now < input.until) return undefined;
        return {
          idle,
          wanted,
          tookMs: now - began,
          idleMs,
          errors: errors.slice(0, 5).map((text) => text.slice(0, 300)),
        };
      });
    },

    /** True when the pool is there and active. */
    async poolIsActive(_run: Run, { poolId }: { poolId: string }): Promise<boolean> {
      const pool = await workspace.instancePools.get(poolId);
      return pool.state === undefined || pool.state === 'ACTIVE';
    },
  };
};

export interface PoolMinimum {
  readonly plan: Plan;
  readonly poolId: string;
  readonly people: number;
  readonly minIdle: number;
  readonly gathering: boolean;
}
