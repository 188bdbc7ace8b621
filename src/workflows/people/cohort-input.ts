import type { CohortInput } from '../cohort/begun-with.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** What a cohort of this workshop begins with at this moment, but for its people. */
export const cohortInputOf = (w: Lifecycle, n: number): Omit<CohortInput, 'newcomers'> => ({
  v: 1,
  run: w.run,
  plan: w.plan,
  timeline: w.timeline,
  pace: w.pace,
  queues: w.input.queues,
  gathers: true,
  n,
  wanted: w.crowd.wanted(false),
  testersWanted: w.crowd.wanted(true),
});
