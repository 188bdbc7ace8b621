import { meteredCost, type RecordedPrices } from '../money/metered-cost.ts';
import { takesPart, type Seat } from '../replayed/seat/seat.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import type { Listings } from './connected.ts';

/** A cluster that somebody's open connection keeps awake at a time at which it costs money for nothing. */
export interface KeptAwake {
  readonly email: string;
  readonly name?: string | undefined;
  /** Testers have a reason now and then. */
  readonly role: Seat['role'];
  readonly cluster: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly ms: number;
  /** So far, in the plan's currency. */
  readonly cost: number;
}

/**
 * Before the day and after the end a connection, mostly a window of VS Code that was left open, keeps a cluster from
 * falling asleep. The most expensive first; nobody while the event is on.
 */
export function keptAwake(
  seats: readonly Seat[],
  { clusters, tunnels }: Listings,
  { timeline, prices, now }: { timeline: Pick<Timeline, 'dayOf' | 'end'>; prices: RecordedPrices; now: number },
): KeptAwake[] {
  if (now >= timeline.dayOf && now < timeline.end) return [];
  return seats
    .filter(takesPart)
    .flatMap(({ email, details, role, cluster }) => {
      const listed = clusters.get(cluster?.id ?? '');
      const open = tunnels.get(cluster?.id ?? '')?.find(({ state }) => state === 'open');
      if (cluster === undefined || listed?.state !== 'RUNNING' || open === undefined) return [];
      const since = listed.startedAt ?? open.beganAt;
      const ms = Math.max(0, now - since);
      const { total: cost } = meteredCost({ clusterUpMs: ms, poolIdleMs: 0 }, prices);
      return [{ email, name: details?.name, role, cluster: cluster.id, since, ms, cost }];
    })
    .toSorted((a, b) => b.cost - a.cost || b.ms - a.ms);
}
