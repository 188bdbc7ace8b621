import type { Run } from '../activities/run.ts';
import type { Queues } from '../domain/addresses.ts';
import type { Pace } from '../domain/pace.ts';
import type { Plan } from '../domain/plan.ts';
import type { Timeline } from '../domain/timeline.ts';

/** What a lifecycle, its cohorts and their attendees all work with; it does not change while they run. */
export interface Setting {
  readonly run: Run;
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly pace: Pace;
  readonly queues: Queues;
}
