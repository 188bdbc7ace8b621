import { formatMoney } from '../money/money.ts';
import { isProven } from '../replayed/ending/teardown-report.ts';
import { when } from '../papers/report-page.ts';
import type { EventReport, PartInReport, PartSummary } from './event-report.ts';

/** The report of an event as a page of text: all of it together, and then each workspace with its own proof. */
export function eventReportPage({ event, parts, attendees, clusters, pool, cost, proof }: EventReport): string {
  const { ready, total, later, failed, removed } = attendees;
  return [
    event.title,
    '='.repeat(Math.min(event.title.length, 78)),
    `Event       ${event.id}, in ${parts.length} workspaces`,
    '',
    `People      ${ready} of ${total} were ready at the start` +
      `${later > 0 ? `, ${later} later` : ''}${failed > 0 ? `, ${failed} never` : ''}; ${removed} removed`,
    ...cost.map(
      ({ currency, actual, estimate }) =>
        `Cost        ${formatMoney(actual, currency)} metered, not the invoice; the estimate was ` +
        formatMoney(estimate, currency),
    ),
    `Removed     ${clusters.deleted} of ${clusters.created} clusters, ${pool.deleted} of ${pool.created} pools`,
    'Proof       ' +
      (proof.proven
        ? `nothing is left in any of the ${parts.length} workspaces`
        : `NOT PROVEN for ${proof.notProven.join(', ')}`),
    ...parts.flatMap(partLines),
    '',
  ].join('\n');
}

function partLines({ name, id, workspace, report, why }: PartInReport): string[] {
  return [
    '',
    `${name}  ${workspace}`,
    ...(report ? reportLines(report) : [`            There is no report: ${why}`]),
    `            The whole of it: bin/workshop report ${id}`,
  ];
}

function reportLines(report: PartSummary): string[] {
  const { workshop, attendees, clusters, cost, proof, notReady, notAsPlanned } = report;
  return [
    `            ${workshop.id}, ${workshop.outcome}; run ${workshop.runId}`,
    `            ${attendees.ready} of ${attendees.total} were ready at the start` +
      (attendees.later ? `, ${attendees.later} later` : ''),
    ...notReady.map(({ email, cause }) => `            - ${email}: ${cause}`),
    `            ${formatMoney(cost.actual, cost.currency)}; ${clusters.deleted} of ${clusters.created} clusters ` +
      'removed',
    ...notAsPlanned.map((line) => `            - ${line}`),
    isProven(report)
      ? '            proven: nothing is left'
      : `            NOT PROVEN: ${proof.clusters} clusters and ${proof.pools} pools were seen`,
    `            listed at ${when(proof.first, workshop.timeZone)} and at ${when(proof.second, workshop.timeZone)}`,
  ];
}
