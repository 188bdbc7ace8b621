import type { Totals } from '../seat/totals.ts';
import type { Item } from './item.ts';
import type { Heading } from './lines.ts';
import type { Refusal } from './requests.ts';

/** What the `progress` query answers: where the workshop is, at one look. Instants in epoch milliseconds. */
export interface Progress {
  readonly v: 1;
  readonly workshop: { readonly id: string; readonly title: string; readonly runId: string };
  readonly heading: Heading;
  /** The lifecycle's outcome: running until the report is written. */
  readonly status: 'running' | 'cancelling' | 'finished';
  readonly start: number;
  readonly end: number;
  readonly checklist: readonly Item[];
  readonly attendees: Totals;
  readonly refused: readonly Refusal[];
  readonly cohorts: number;
  /** The plan names channels: messages leave, and something can become of them. */
  readonly sends?: true;
  /** Nothing new begins for now: who said so, why and when. */
  readonly paused?: { readonly by: string; readonly reason?: string | undefined; readonly at: number };
  /**
   * What cost money beside the seats, milliseconds: clusters of canaries and those that the removal found up, and
   * machines that waited in the pool.
   */
  readonly beside?: { readonly clusterUpMs: number; readonly poolIdleMs: number };
  /** Somebody called it off: who, why and when. */
  readonly cancelled?: { readonly by: string; readonly reason: string; readonly at: number };
}

/** What a cohort's `lastLook` query answers, once it has looked: when it last had a listing, and how often it is to. */
export interface LastLook {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly everyMs: number;
}
