import type { CohortInput } from './begun-with.ts';
import { CohortRun } from './cohort-run.ts';

/**
 * Up to 500 attendees: starts them, tells them what is wanted, watches their clusters in one listing for all, and
 * totals where they stand. It outlives nobody: it closes when told to release and everybody has closed.
 */
export async function cohort(input: CohortInput): Promise<void> {
  const run = new CohortRun(input);
  run.setup();
  return run.run();
}
