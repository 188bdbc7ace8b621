import type { Plan } from '../../plan/plan.ts';
import type { Timeline } from '../time/timeline.ts';

/** What the `planInForce` query answers: what a lifecycle goes by at present, and what it has made for everybody. */
export interface PlanInForce {
  readonly plan: Plan;
  readonly runId: string;
  /** As it is now: the start may have been moved. */
  readonly timeline: Timeline;
  readonly policyId?: string;
  readonly poolId?: string;
  /** Everybody with a seat, and testers: how many the pool is for. */
  readonly people: number;
  readonly cohorts: number;
  /** Clusters cannot download VS Code's server: laptops fetch it. */
  readonly laptopsFetchServer?: true;
}
