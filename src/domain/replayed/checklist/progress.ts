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
  readonly beside?: { readonly clusterUpMs: number; readonly poolIdleMs: number; readonly appsUpMs?: number };
  /** Somebody called it off: who, why and when. */
  readonly cancelled?: { readonly by: string; readonly reason: string; readonly at: number };
  /** Of an event of several workspaces, put together by whoever asked: each of its workshops. */
  readonly parts?: readonly PartProgress[];
}

/** One workshop of an event, in numbers. */
export interface PartProgress {
  readonly name: string;
  /** Of its workshop. */
  readonly id: string;
  /** Why nothing else is known of it. */
  readonly silence?: string;
  readonly heading?: Heading;
  readonly status?: Progress['status'];
  readonly people?: number;
  readonly ready?: number;
  /** Lines of its checklist that failed, and questions that nobody answered in time. */
  readonly failed?: number;
  readonly unanswered?: number;
  readonly isPaused?: true;
}

/** What a cohort's `lastLook` query answers, once it has looked: when it last had a listing, and how often it is to. */
export interface LastLook {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly everyMs: number;
}
