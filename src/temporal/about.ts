import type { RecordedPrices } from '../domain/money/metered-cost.ts';
import type { Timeline } from '../domain/replayed/time/timeline.ts';

/** What was recorded of a lifecycle at its start, readable without a worker: never anybody's address. */
export interface About {
  readonly runId: string;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly timeline: Timeline;
  /** How many times faster than the calendar it lives. Workshops of older versions lack this and the prices. */
  readonly speed?: number;
  readonly prices?: RecordedPrices;
  /** The event of several workspaces that it is one workshop of; absent of any other. */
  readonly event?: string | undefined;
}
