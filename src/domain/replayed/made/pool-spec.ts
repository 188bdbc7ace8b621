import { asJson } from './for-a-shell.ts';
import { isAzure } from './azure-machine.ts';
import { NAME_PREFIX, POOL_TAGS } from './cluster-spec.ts';
import type { Plan } from '../../plan/plan.ts';

const LONGEST_NAME = 100;
const RUN_ID_SHOWN = 8;

/**
 * How long an unused machine stays in the pool, in minutes. While the class gathers it must outlast the time between
 * lowering the minimum and the last cluster's start. In a trial it outlasts the time until the last machine is there,
 * without a minimum: then no worker has to be alive for the machines to go. At any other time a machine nobody needs
 * should go at once.
 */
export const POOL_IDLE_MINUTES = { resting: 0, trial: 20, gathering: 60 } as const;

/** A pool counts in whole minutes, however fast the workshop lives; none at all would let go of what just came. */
export const trialIdleMinutes = (speed: number): number => Math.max(1, Math.ceil(POOL_IDLE_MINUTES.trial / speed));

/** What a pool is to be at a moment of the workshop. */
export interface PoolRequest {
  readonly plan: Pick<Plan, 'id' | 'compute' | 'testers' | 'unityCatalog'>;
  readonly runId: string;
  readonly people: number;
  /** Machines kept waiting; 0 when left out, so that a new pool costs nothing. */
  readonly minIdle?: number;
  /** See {@link POOL_IDLE_MINUTES}; `resting` when left out. */
  readonly idleMinutes?: number;
}

/** A body for POST instance-pools/create. */
export interface PoolSpec {
  readonly instance_pool_name: string;
  readonly node_type_id: string;
  readonly min_idle_instances: number;
  readonly max_capacity: number;
  readonly idle_instance_autotermination_minutes: number;
  readonly preloaded_spark_versions: readonly string[];
  readonly azure_attributes?: { readonly availability: 'ON_DEMAND_AZURE' };
  readonly custom_tags: Readonly<Record<string, string>>;
}

/**
 * Machines the pool may hold: one for everybody with a seat, and the margin (or the spares, when they are more).
 * @param people testers among them, who have one seat each whether they are on the roster or not
 */
export function poolCapacity(plan: Pick<Plan, 'compute'>, people: number): number {
  return people + Math.max(plan.compute.pool.margin, plan.compute.pool.spares);
}

/**
 * Pool names are unique in a workspace, so the run is part of it: a pool kept from an earlier run is not in the way.
 */
export function poolName(workshopId: string, runId: string): string {
  return `${NAME_PREFIX}${workshopId}-pool-${runId.slice(0, RUN_ID_SHOWN)}`.slice(0, LONGEST_NAME);
}

/**
 * The pool of one run (docs/facts/databricks.md section 7: one preloaded version at most, no `first_on_demand` in a
 * pool). The minimum is never above the capacity, because capacity counts idle and used machines together.
 */
export function poolSpec(request: PoolRequest): PoolSpec {
  const { plan, runId, people } = request;
  const capacity = poolCapacity(plan, people);
  return {
    instance_pool_name: poolName(plan.id, runId),
    node_type_id: plan.compute.nodeType,
    min_idle_instances: Math.min(request.minIdle ?? 0, capacity),
    max_capacity: capacity,
    idle_instance_autotermination_minutes: request.idleMinutes ?? POOL_IDLE_MINUTES.resting,
    preloaded_spark_versions: [plan.compute.sparkVersion],
    ...(isAzure(plan.compute.nodeType) ? { azure_attributes: { availability: 'ON_DEMAND_AZURE' as const } } : {}),
    custom_tags: {
      [POOL_TAGS.run]: runId,
      [POOL_TAGS.id]: plan.id,
      [POOL_TAGS.scripts]: plan.unityCatalog.scripts,
    },
  };
}

/** A body for POST instance-pools/edit: what may change and is left out is cleared. */
export interface PoolEdit {
  readonly instance_pool_id: string;
  readonly instance_pool_name: string;
  readonly node_type_id: string;
  readonly min_idle_instances: number;
  readonly idle_instance_autotermination_minutes: number;
  readonly max_capacity?: number;
  readonly custom_tags?: Readonly<Record<string, string>>;
}

/** Says what is to become of a pool, without reading it first: it may be the reading that fails. */
export function poolEdit(poolId: string, request: PoolRequest): PoolEdit {
  const { preloaded_spark_versions: _, azure_attributes: __, ...spec } = poolSpec(request);
  return { instance_pool_id: poolId, ...spec };
}

/** The same for somebody at a terminal. */
export const poolEditCommand = (edit: PoolEdit): string => `databricks instance-pools edit ${asJson(edit)}`;
