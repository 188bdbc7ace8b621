import { formatDuration } from '../time/format-duration.ts';
import { POOL_IDLE_MINUTES, poolEdit, poolEditCommand, type PoolRequest } from './pool-spec.ts';

/**
 * Machines that a lifecycle has asked a pool to keep waiting. It stands in the memo of its workflow, where it can be
 * read when every worker has died, and with them whoever would lower it. Times in epoch milliseconds.
 */
export interface PoolWaits {
  readonly machines: number;
  readonly since: number;
  /** In the plan's currency, for all of them. */
  readonly perHour: string;
  /** A trial: the machines go by themselves, unless the minimum was up at the very moment. */
  readonly trial: boolean;
  /** Ends it. */
  readonly command: string;
}

/** The name of that entry of the memo. */
export const POOL_WAITS = 'poolWaits';

/** What is to be known of machines that wait. */
export function poolWaits(
  poolId: string,
  request: Omit<PoolRequest, 'minIdle' | 'idleMinutes'>,
  { machines, trial, now, price }: { machines: number; trial: boolean; now: number; price: PoolPrice },
): PoolWaits {
  const perHour = `${(machines * price.vmPerHour).toFixed(2)} ${price.currency}`;
  return { machines, since: now, perHour, trial, command: poolEditCommand(poolEdit(poolId, request)) };
}

interface PoolPrice {
  readonly vmPerHour: number;
  readonly currency: string;
}

/** The same for somebody whom no worker answers. @param now epoch milliseconds */
export const poolWaitsText = ({ machines, since, perHour, trial, command }: PoolWaits, now: number): string =>
  `Last known, ${formatDuration(now - since)} ago: the pool was asked to keep ${machines} machines waiting, for ` +
  `about ${perHour} an hour` +
  (trial
    ? `. Those of a trial go by themselves after ${POOL_IDLE_MINUTES.trial} minutes, unless the worker died at ` +
      'the very moment at which it asked for them.'
    : ', and without a worker nobody lets them go.') +
  ` Lower it yourself: ${command}`;
