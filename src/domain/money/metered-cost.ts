import { toCents } from './money.ts';
import type { Plan } from '../plan/plan.ts';
import { HOUR } from '../replayed/time/units.ts';

/** Time that machines were really there, in machine-milliseconds, as read from the workspace. */
export interface Usage {
  /** From each start of a cluster to its end. */
  readonly clusterUpMs: number;
  /** Machines waiting in the pool. */
  readonly poolIdleMs: number;
  /** Apps that ran, in milliseconds of one of medium size. */
  readonly appsUpMs?: number;
}

/** A workshop of before apps had a price has none for them. */
export type RecordedPrices = Omit<Plan['prices'], 'apps'> & Partial<Pick<Plan['prices'], 'apps'>>;

export interface MeteredCost {
  readonly currency: string;
  readonly clusterHours: number;
  readonly poolIdleHours: number;
  readonly vm: number;
  readonly dbu: number;
  readonly poolIdle: number;
  readonly apps: number;
  readonly total: number;
  readonly label: 'metered, not the invoice';
}

/**
 * What the time costs at the plan's prices: machines always, DBU only while a cluster is up
 * (docs/facts/databricks.md section 7).
 */
export function meteredCost(usage: Usage, prices: RecordedPrices): MeteredCost {
  const clusterHours = usage.clusterUpMs / HOUR;
  const poolIdleHours = usage.poolIdleMs / HOUR;
  const vm = toCents(clusterHours * prices.vmPerHour);
  const dbu = toCents(clusterHours * prices.dbuPerHour * prices.perDbu);
  const poolIdle = toCents(poolIdleHours * prices.vmPerHour);
  const apps = toCents(
    ((usage.appsUpMs ?? 0) / HOUR) * (prices.apps ? prices.apps.dbuPerHour * prices.apps.perDbu : 0),
  );
  return {
    currency: prices.currency,
    clusterHours,
    poolIdleHours,
    vm,
    dbu,
    poolIdle,
    apps,
    total: toCents(vm + dbu + poolIdle + apps),
    label: 'metered, not the invoice',
  };
}
