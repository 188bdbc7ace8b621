import type { Report } from '../../domain/papers/report.ts';
import { isProven } from '../../domain/replayed/ending/teardown-report.ts';

/**
 * Everybody had a running cluster, whoever joined on the way too; everybody's is gone, and that is proven; and apps are
 * as the plan wants them.
 */
export const isAsWanted = (report: Report, people: number): boolean =>
  isProven(report) &&
  report.attendees.total >= people &&
  report.attendees.ready === report.attendees.total &&
  report.attendees.removed === report.attendees.total &&
  !report.checklist.some(({ id, state }) => (id === 'clusters' || id === 'apps-end') && state === 'failed');
