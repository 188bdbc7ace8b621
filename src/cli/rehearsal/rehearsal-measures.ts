import type { Books, Sandbox } from '../../../sandbox/index.ts';
import type { Report } from '../../domain/papers/report.ts';
import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';

/**
 * Adds what only the sandbox's books can tell: how much was asked of the workspace, and how long it took to provision
 * everybody against what this sandbox's own boot times and launch rate allow. Seconds of real time.
 */
export function measured(report: Report, sandbox: Pick<Sandbox, 'books'>, testers: readonly string[]): Report {
  const books: Books = sandbox.books();
  const { total, watching } = books.requests;
  // The canary and the testers come earlier, on purpose: they are no part of the wave.
  const wave = books.provisioning(
    ({ singleUser, tags }) =>
      tags[CLUSTER_TAGS.run] === report.workshop.runId &&
      tags[CLUSTER_TAGS.generation] !== '0' &&
      !testers.includes(singleUser ?? ''),
  );
  return {
    ...report,
    requests: { total, watching, perAttendee: (total - watching) / Math.max(1, report.attendees.total) },
    provisioning:
      wave.clusters === 0
        ? null
        : {
            seconds: wave.seconds,
            limitSeconds: wave.limitSeconds,
            ratio: wave.seconds / Math.max(0.001, wave.limitSeconds),
          },
  };
}
