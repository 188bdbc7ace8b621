import { checklistFor, type Item } from '../../src/domain/replayed/checklist/item.ts';
import type { Heading } from '../../src/domain/replayed/checklist/lines.ts';
import type { Progress } from '../../src/domain/replayed/checklist/progress.ts';
import { NO_TOTALS, type Totals } from '../../src/domain/replayed/seat/totals.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';

export const START = Date.parse('2027-03-16T08:00:00Z');

/** A workshop at a heading, its items waiting but for those that are told otherwise. */
export function progressAt(
  heading: Heading,
  changes: Readonly<Record<string, Partial<Item>>> = {},
  attendees: Partial<Totals> = {},
): Progress {
  return {
    v: 1,
    workshop: { id: 'spring-apps', title: 'Databricks Apps vibe coding workshop', runId: 'run' },
    heading,
    status: 'running',
    start: START,
    end: START + 4 * 3_600_000,
    checklist: checklistFor(examplePlan()).map((item) => ({ ...item, ...changes[item.id] })),
    attendees: { ...NO_TOTALS, attendees: 140, byState: { ready: 100, starting: 38, failed: 2 }, ...attendees },
    refused: [],
    cohorts: 1,
  };
}
