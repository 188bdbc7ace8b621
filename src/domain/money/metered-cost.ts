import { toCents } from './money.ts';
import type { Plan } from '../plan/plan.ts';
import { HOUR } from '../replayed/time/units.ts';

/** Time that machines were really there, in machine-milliseconds, as read from the workspace. */
export interface Usage {
  /** From each start of a cluster to its end. */
  readonly clusterUpMs: number;
  /** Machines waiting in the pool. */
  readonly poolIdleMs: number;
}

export interface MeteredCost {
  readonly currency: string;
  readonly clusterHours: number;
  readonly poolIdleHours: number;
  readonly vm: number;
  readonly dbu: number;
  readonly poolIdle: number;
  readonly total: number;
  readonly label: 'metered, not the invoice';
}

/**
 * What the time costs at the plan's prices: machines always, DBU only while a cluster is up
 * (docs/facts/databricks.md section 7).
 */
export function meteredCost(usage: Usage, prices: Plan['prices']): MeteredCost {
  const clusterHours = usage.clusterUpMs / HOUR;
  const poolIdleHours = usage.poolIdleMs / HOUR;
  const vm = toCents(clusterHours * prices.vmPerHour);
  const dbu = toCents(clusterHours * prices.dbuPerHour * prices.perDbu);
  const poolIdle = toCents(poolIdleHours * prices.vmPerHour);
  return {
    currency: prices.currency,
    clusterHours,
    poolIdleHours,
    vm,
    dbu,
    poolIdle,
    total: toCents(vm + dbu + poolIdle),
    label: 'metered, not the invoice',
  };
}
