import type { Sandbox } from '../../../sandbox/index.ts';
import type { Report } from '../../domain/papers/report.ts';
import { sentWords, type MessagesSent } from './letters/messages-sent.ts';
import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';

/** What only the sandbox's books can tell. Programs rely on the keys: add, never rename. */
export interface Measures {
  /** How much was asked of the workspace; an attendee without what merely watches. */
  readonly requests: { readonly total: number; readonly watching: number; readonly perAttendee: number };
  /**
   * How long it took to provision everybody, against what this sandbox's own boot times and launch rate allow, in
   * seconds of real time; null when nobody had a cluster.
   */
  readonly provisioning: { readonly seconds: number; readonly limitSeconds: number; readonly ratio: number } | null;
  /** Apps that were made in the sandbox, and those that cost money there yet. */
  readonly apps: { readonly made: number; readonly running: number };
  /** Absent where the plan names no channel. */
  readonly messages?: MessagesSent;
}

/** Measures a rehearsal that is over. */
export function measuresOf(report: Report, sandbox: Pick<Sandbox, 'books'>, testers: readonly string[]): Measures {
  const books = sandbox.books();
  const { total, watching } = books.requests;
  // The canary and the testers come earlier, on purpose: they are no part of the wave.
  const { clusters, seconds, limitSeconds } = books.provisioning(
    ({ singleUser, tags }) =>
      tags[CLUSTER_TAGS.run] === report.workshop.runId &&
      tags[CLUSTER_TAGS.generation] !== '0' &&
      !testers.includes(singleUser ?? ''),
  );
  return {
    apps: { made: books.apps.length, running: books.apps.filter(({ running }) => running).length },
    requests: { total, watching, perAttendee: (total - watching) / Math.max(1, report.attendees.total) },
    provisioning: clusters === 0 ? null : { seconds, limitSeconds, ratio: seconds / Math.max(0.001, limitSeconds) },
  };
}

/** The measures in words, to be read below the report's page. */
export function measuresLines({ requests, provisioning, messages, apps }: Measures): string[] {
  const { total, watching, perAttendee } = requests;
  return [
    `Requests    ${total} to the workspace, ${watching} of them watching; ` +
      `${perAttendee.toFixed(1)} an attendee without those`,
    ...(provisioning
      ? [
          `Wave        ${provisioning.seconds.toFixed(1)} s to provision everybody; the sandbox itself needs ` +
            `${provisioning.limitSeconds.toFixed(1)} s (ratio ${provisioning.ratio.toFixed(2)})`,
        ]
      : []),
    ...(apps.made > 0
      ? [`Books       by those of the sandbox ${apps.made} apps were made, and ${apps.running} still run`]
      : []),
    ...(messages ? [`Messages    ${sentWords(messages)}`] : []),
  ];
}
