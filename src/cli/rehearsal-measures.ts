import type { Books } from '../sandbox/sandbox.ts';
import type { Report } from '../domain/report.ts';

/** Adds what only the sandbox's books can tell: how much was asked of the workspace, and how long the wave took. */
export function measured(report: Report, books: Books): Report {
  const { total, watching } = books.requests;
  return {
    ...report,
    requests: { total, watching, perAttendee: (total - watching) / Math.max(1, report.attendees.total) },
  };
}
