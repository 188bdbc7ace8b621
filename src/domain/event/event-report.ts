import type { Report } from '../papers/report.ts';
import { isProven } from '../replayed/ending/teardown-report.ts';
import type { EventPart, KnownEvent } from '../replayed/event/event.ts';

/** Names, one a line, that are taken from each part's own report. */
const MOST_LISTED = 30;

/** What an event keeps of the report of one workshop; the whole is that workshop's own. */
export interface PartSummary extends Pick<
  Report,
  'workshop' | 'attendees' | 'clusters' | 'pool' | 'kept' | 'cost' | 'proof'
> {
  readonly notReady: Report['notReady'];
  /** Lines that failed, or that nobody answered. */
  readonly notAsPlanned: readonly string[];
}

export interface PartInReport extends Pick<EventPart, 'name' | 'id' | 'workspace'> {
  readonly report?: PartSummary;
  /** Why there is none. */
  readonly why?: string;
}

/**
 * What became of all workshops of an event. The keys are relied on by others: add, never rename.
 */
export interface EventReport {
  readonly event: { readonly id: string; readonly title: string };
  readonly parts: readonly PartInReport[];
  /** Of all that have a report. */
  readonly attendees: Required<Report['attendees']>;
  readonly clusters: Report['clusters'];
  readonly pool: Report['pool'];
  /** One for each currency. */
  readonly cost: readonly { readonly currency: string; readonly estimate: number; readonly actual: number }[];
  readonly proof: {
    /** Nothing is left in any workspace, and of each that is shown. */
    readonly proven: boolean;
    /** Names of parts of which it is not shown. */
    readonly notProven: readonly string[];
  };
}

/** What a part ended with: its report, or why there is none. */
export type PartOutcome = { readonly report: Report } | { readonly why: string };

/** @param outcomes by the id of the part */
export function eventReportOf(
  { id, title, parts }: KnownEvent,
  outcomes: ReadonlyMap<string, PartOutcome>,
): EventReport {
  const told = parts.map((part): PartInReport => {
    const outcome = outcomes.get(part.id) ?? { why: 'nobody asked' };
    const about = { name: part.name, id: part.id, workspace: part.workspace };
    return 'report' in outcome ? { ...about, report: summaryOf(outcome.report) } : { ...about, why: outcome.why };
  });
  const reports = told.flatMap(({ report }) => (report ? [report] : []));
  const sum = (of: (report: PartSummary) => number | undefined) =>
    reports.reduce((total, report) => total + (of(report) ?? 0), 0);
  const notProven = told.filter(({ report }) => !(report && isProven(report))).map(({ name }) => name);
  return {
    event: { id, title },
    parts: told,
    attendees: {
      total: sum(({ attendees }) => attendees.total),
      ready: sum(({ attendees }) => attendees.ready),
      later: sum(({ attendees }) => attendees.later),
      failed: sum(({ attendees }) => attendees.failed),
      removed: sum(({ attendees }) => attendees.removed),
    },
    clusters: {
      created: sum(({ clusters }) => clusters.created),
      deleted: sum(({ clusters }) => clusters.deleted),
      left: sum(({ clusters }) => clusters.left),
    },
    pool: { created: sum(({ pool }) => pool.created), deleted: sum(({ pool }) => pool.deleted) },
    cost: [...Map.groupBy(reports, ({ cost }) => cost.currency)].map(([currency, those]) => ({
      currency,
      estimate: those.reduce((total, { cost }) => total + cost.estimate, 0),
      actual: those.reduce((total, { cost }) => total + cost.actual, 0),
    })),
    proof: { proven: notProven.length === 0, notProven },
  };
}

function summaryOf({
  workshop,
  attendees,
  clusters,
  pool,
  kept,
  cost,
  proof,
  notReady,
  checklist,
}: Report): PartSummary {
  return {
    workshop,
    attendees,
    clusters,
    pool,
    kept,
    cost,
    proof,
    notReady: notReady.slice(0, MOST_LISTED),
    notAsPlanned: checklist
      .filter(({ state }) => state === 'failed' || state === 'unanswered')
      .map(({ title, state }) => `${title}: ${state}`)
      .slice(0, MOST_LISTED),
  };
}
