import type { Report } from '../../domain/papers/report.ts';

/** Two listings were made, and both were empty. */
export const isProven = ({ proof, clusters }: Report): boolean =>
  proof.first !== null && proof.second !== null && proof.clusters === 0 && proof.pools === 0 && clusters.left === 0;

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
