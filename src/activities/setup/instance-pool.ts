import { asJson } from '../../domain/replayed/made/for-a-shell.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { POOL_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import { POOL_IDLE_MINUTES, poolCapacity, poolEdit, poolName, poolSpec } from '../../domain/replayed/made/pool-spec.ts';
import type { InstancePool } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import { isForbidden, lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { pollUntil } from '../clusters/waiting.ts';

/** What filling a pool showed. Times in milliseconds. */
export interface PoolFill {
  readonly idle: number;
  /** In a trial, machines that clusters have taken meanwhile: the cloud handed them out, too. */
  readonly used: number;
  readonly wanted: number;
  readonly tookMs: number;
  /** Idle instances × time, for the cost. */
  readonly idleMs: number;
  /** What the cloud said against it. */
  readonly errors: readonly string[];
  /** Why the pool could not be read when the time was up: then the numbers say nothing. */
  readonly unread?: string;
}

const MOST_ERRORS = 5;
const LONGEST_TEXT = 300;

/** The instance pool of a run: capacity for everybody, and idle instances only when the lifecycle asks for them. */
export const poolActivities = ({ workspace, closing }: ActivityDeps) => {
  const find = async (run: Run, name: string) => {
    for await (const pool of workspace.instancePools.list()) {
      if (pool.instance_pool_name === name || pool.custom_tags?.[POOL_TAGS.run] === run.runId) return pool;
    }
    return undefined;
  };

  const setMinimum = async (
    run: Run,
    { plan, poolId, people, minIdle, idleMinutes }: PoolMinimum & { idleMinutes: number },
  ) => {
    const request = { plan, runId: run.runId, people, minIdle, idleMinutes };
    await workspace.instancePools.edit({ ...poolEdit(poolId, request) });
  };

  /** The pool as it is; undefined with the reason when that cannot be read. */
  const read = async (poolId: string): Promise<{ pool?: InstancePool; unread?: string }> => {
    try {
      return { pool: await workspace.instancePools.get(poolId) };
    } catch (error) {
      return { unread: (error as Error).message.slice(0, LONGEST_TEXT) };
    }
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
            await setMinimum(run, {
              plan,
              poolId: there.instance_pool_id,
              people,
              minIdle: 0,
              idleMinutes: POOL_IDLE_MINUTES.resting,
            });
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
            [`databricks instance-pools create ${asJson(spec)}`],
          );
        }
        throw error;
      }
    },

    /**
     * Idempotent, and reads nothing before. Says how many instances shall wait in the pool; `gathering` keeps them
     * while people's clusters start.
     */
    async setPoolMinimum(run: Run, input: PoolMinimum & { gathering: boolean }): Promise<void> {
      await setMinimum(run, { ...input, idleMinutes: POOL_IDLE_MINUTES[input.gathering ? 'gathering' : 'resting'] });
    },

    /**
     * Raises the minimum and waits until that many instances are idle, or the cloud says why not, or the time is up
     * (`until`, epoch milliseconds), whether or not the pool can be read. Heartbeats; may be taken over by another
     * worker.
     *
     * In a `trial` the minimum is lowered again as soon as all instances are under way: they come all the same, wait
     * for the idle time of a trial, and go by themselves, even if every worker has died by then. Should the workspace
     * drop what was under way, the minimum is raised once more and stays up until the time is over. Otherwise it is
     * never lowered here: the workflow does, whatever happens.
     */
    async fillPool(
      run: Run,
      input: PoolMinimum & { until: number; pollMs: number; trial?: { readonly idleMinutes: number } },
    ): Promise<PoolFill> {
      const began = Date.now();
      const idleMinutes = input.trial?.idleMinutes ?? POOL_IDLE_MINUTES.gathering;
      let idleMs = 0;
      let last = began;
      let raised = 0;
      let isUp = false;
      const raise = async () => {
        await setMinimum(run, { ...input, idleMinutes });
        raised += 1;
        isUp = true;
      };
      const lower = async () => {
        await setMinimum(run, { ...input, minIdle: 0, idleMinutes });
        isUp = false;
      };
      // An attempt that comes too late must not raise what has been lowered since.
      if (began < input.until) await raise();
      const look = async (): Promise<PoolFill | undefined> => {
        const { pool, unread } = await read(input.poolId);
        const now = Date.now();
        const idle = pool?.stats?.idle_count ?? 0;
        const used = input.trial ? (pool?.stats?.used_count ?? 0) : 0;
        const pending =
          (pool?.stats?.pending_idle_count ?? 0) + (input.trial ? (pool?.stats?.pending_used_count ?? 0) : 0);
        const wanted = Math.min(input.minIdle, pool?.max_capacity ?? input.minIdle);
        idleMs += idle * (now - last);
        last = now;
        const errors = [
          ...new Set((pool?.status?.pending_instance_errors ?? []).map(({ message }) => message ?? 'no message')),
        ];
        const full = pool !== undefined && idle + used >= wanted;
        const stuck = errors.length > 0 && pending === 0;
        if (full || stuck || now >= input.until) {
          return {
            idle,
            used,
            wanted,
            tookMs: now - began,
            idleMs,
            errors: errors.slice(0, MOST_ERRORS).map((text) => text.slice(0, LONGEST_TEXT)),
            ...(unread === undefined ? {} : { unread }),
          };
        }
        const underWay = unread !== undefined || errors.length > 0 || idle + used + pending >= wanted;
        // What this cannot do is tried at the next look, and by the workflow in the end.
        if (input.trial && raised === 1 && isUp && underWay) await lower().catch(ignored);
        else if (input.trial && raised === 1 && !isUp && pool && pending === 0) await raise().catch(ignored);
        return undefined;
      };
      try {
        return await pollUntil(closing, input.pollMs, look);
      } catch (error) {
        // Nobody knows whether another worker goes on with it.
        if (input.trial && isUp) await lower().catch(ignored);
        throw error;
      }
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
}

const ignored = (): void => {};
