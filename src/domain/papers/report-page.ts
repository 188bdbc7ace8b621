import { machineInWords, machinesRunning } from './apps-in-report.ts';
import { answerWords } from './answers-given.ts';
import { hopLine } from '../replayed/canary/hops.ts';
import { formatDuration } from '../replayed/time/format-duration.ts';
import { launchesSaid } from '../replayed/time/learnt-launches.ts';
import { formatMoney } from '../money/money.ts';
import type { Report } from './report.ts';

/** How a line begins that the program left out; a person's waiver has their own words. */
const LEFT_OUT = 'left out: ';

/** The report as a page of text: who, when, how long, what it cost, what was removed, what stays, and the proof. */
export function reportPage(report: Report): string {
  const {
    workshop,
    attendees,
    clusters,
    pool,
    cost,
    proof,
    readyLater = [],
    troubled = [],
    missing = [],
    graceSkipped,
    amended = [],
    cancelled,
    ownMachines: own = [],
  } = report;
  const clock = (iso: string | null) => when(iso, workshop.timeZone);
  const proven = proof.second !== null && proof.clusters === 0 && proof.pools === 0;
  // Of a cancelled workshop, most lines were never come to, and everybody knows why.
  const notAsPlanned =
    workshop.outcome === 'finished'
      ? ['failed', 'unanswered', 'waived', 'waiting', 'running']
      : ['failed', 'unanswered', 'waived'];
  const skipped = report.checklist.flatMap(({ title, state, evidence = '' }) =>
    state === 'waived' && evidence.startsWith(LEFT_OUT) ? [{ title, why: evidence.slice(LEFT_OUT.length) }] : [],
  );
  const open = report.checklist.filter(
    ({ state, late, evidence }) =>
      late || (notAsPlanned.includes(state) && !(state === 'waived' && evidence?.startsWith(LEFT_OUT))),
  );
  const said = report.checklist.filter(({ answers }) => answers !== undefined);
  return [
    workshop.title,
    '='.repeat(Math.min(workshop.title.length, 78)),
    `Workshop    ${workshop.id}, ${workshop.outcome}; run ${workshop.runId}`,
    `Workspace   ${workshop.workspace}`,
    `When        ${when(workshop.start, workshop.timeZone)}, for ` +
      `${formatDuration(Date.parse(workshop.end) - Date.parse(workshop.start))} (${workshop.timeZone})`,
    ...(cancelled
      ? [`Cancelled   by ${cancelled.by}, ${when(cancelled.at, workshop.timeZone)}: ${cancelled.reason}`]
      : []),
    ...(amended.length > 0 ? ['Amended     the plan was changed while the workshop ran'] : []),
    ...listed(amended.map(({ by, at, fields }) => `${clock(at)}, by ${by}: ${fields.join(', ')}`)),
    '',
    `People      ${attendees.ready} of ${attendees.total} were ready at the start` +
      (attendees.later ? `, ${attendees.later} later` : '') +
      `${attendees.failed > 0 ? `, ${attendees.failed} never` : ''}; ${attendees.removed} removed`,
    ...(missing.length > 0 ? ['Missing     This report does not know everything', ...listed(missing)] : []),
    ...listed(report.notReady.map(({ email, cause, toDo }) => `${email}: ${cause} ${toDo}`)),
    ...(readyLater.length > 0 ? [`Late        ${readyLater.length} were ready only after the start`] : []),
    ...listed(readyLater.map((one) => `${one.email}: ${clock(one.readyAt)}, ${minutes(one.minutesAfterStart)} after`)),
    ...(troubled.length > 0
      ? [`Trouble     ${troubled.length} of those who were ready lost a cluster on the way`]
      : []),
    ...listed(
      troubled.map(
        ({ email, launchesLost, cause, toDo }) =>
          `${email}: ${cause}${launchesLost > 1 ? ` The last of ${launchesLost} times.` : ''} ${toDo}`,
      ),
    ),
    ...(report.launches ? [`Workspace   ${launchesSaid(report.launches)}`] : []),
    `Cost        ${formatMoney(cost.actual, cost.currency)}${ofApps(cost)} ${cost.note}; the estimate was ` +
      formatMoney(cost.estimate, cost.currency),
    ...(graceSkipped ? [`Grace       cut short by ${graceSkipped.by} (${graceSkipped.reason})`] : []),
    `Removed     ${clusters.deleted} of ${clusters.created} clusters, ${pool.deleted} of ${pool.created} pools`,
    `Kept        ${report.kept.join('; ')}`,
    ...(report.rights ? rightsLines(report.rights) : []),
    ...(report.saved ? savedLines(report.saved) : []),
    ...(report.unchecked ? [`Unchecked   said by people's own clusters alone: ${report.unchecked.join('; ')}`] : []),
    ...(report.apps ? [`Apps        ${report.apps.said}`] : []),
    ...(own.length > 0
      ? ['Not ours    machines that people of the workshop made for themselves; left alone, each costs while it runs']
      : []),
    ...listed(own.map(machineInWords)),
    'Proof       ' +
      (proven
        ? `nothing is left${stillRunning(report)}`
        : `NOT PROVEN: ${proof.clusters} clusters and ${proof.pools} pools were seen`),
    `            listed at ${clock(proof.first)} and at ${clock(proof.second)}`,
    ...report.checklist.flatMap(({ title, hops = [] }) =>
      hops.length > 0 ? ['', title, ...hops.map((hop) => `            - ${hopLine(hop)}`)] : [],
    ),
    ...said.flatMap(({ title, answers = [] }, n) => [
      ...(n === 0 ? ['', 'What people said'] : []),
      `            - ${title}`,
      ...answers.map((answer) => `                ${answerWords(answer, clock)}`),
    ]),
    ...(skipped.length > 0 ? ['', 'Skipped'] : []),
    ...skipped.map(({ title, why }) => `            - ${title}, because ${why}`),
    ...(open.length > 0
      ? [
          '',
          'Not as planned',
          ...open.map(
            ({ title, state, late, evidence }) =>
              `            - ${title}: ${late ? 'late' : state}${evidence ? ` (${evidence})` : ''}`,
          ),
        ]
      : []),
    '',
  ].join('\n');
}

function rightsLines({ takenBack, kept, commands }: NonNullable<Report['rights']>): string[] {
  const admin = commands.length === 0 ? '' : ' An admin takes away what is left with the SQL in report.json.';
  return [
    `Rights      taken back from ${takenBack} people${kept.length > 0 ? '; kept:' : ''}`,
    ...listed(kept.map((line, n) => `${line}.${n === 0 ? admin : ''}`)),
  ];
}

/** What was outside people's work folders. */
function savedLines({ saved, nothing, asleep, failed, inPart }: NonNullable<Report['saved']>): string[] {
  const parts = [
    `files of ${saved} people saved into their work ` +
      `folders${inPart.length > 0 ? `, of ${inPart.length} of them not all` : ''}`,
    `${nothing} had nothing else`,
    ...(asleep > 0
      ? [
          `${asleep} ${asleep === 1 ? 'cluster' : 'clusters'} fell asleep before the last look: what was not in ` +
            'a work folder went with the disk',
        ]
      : []),
    ...(failed.length > 0 ? [`${failed.length} not, or not wholly`] : []),
  ];
  return saved + nothing + asleep + failed.length === 0
    ? []
    : [`Saved       ${parts.join('; ')}`, ...listed(byReason([...failed, ...inPart]))];
}

/** Many have the same reason, and then nobody wants to read it many times. */
function byReason(failed: readonly { readonly email: string; readonly said: string }[]): string[] {
  const people = Map.groupBy(failed, ({ said }) => said);
  return [...people].map(
    ([said, those]) =>
      `${those.length > 3 ? `${those.length} people` : those.map(({ email }) => email).join(', ')}: ${said}`,
  );
}

const LONGEST_LIST = 30;

const listed = (lines: readonly string[]): string[] => [
  ...lines.slice(0, LONGEST_LIST).map((line) => `            - ${line}`),
  ...(lines.length > LONGEST_LIST ? [`            … and ${lines.length - LONGEST_LIST} more, in report.json`] : []),
];

const minutes = (n: number): string => (n < 1 ? 'less than a minute' : `${n} min`);

/** A moment in the workshop's own time zone, and `never` for none. */
export function when(iso: string | null, timeZone: string): string {
  if (iso === null) return 'never';
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(new Date(iso));
}

/** What the two listings of clusters and pools say nothing of. */
const ofApps = ({ apps, currency }: Report['cost']): string =>
  apps === undefined || apps === 0 ? '' : `, ${formatMoney(apps, currency)} of it for people's apps,`;

function stillRunning({ apps, ownMachines = [] }: Report): string {
  const [running, machines] = [apps?.running.length ?? 0, machinesRunning(ownMachines).length];
  const parts = [
    ...(running > 0 ? [`${running} of people's apps`] : []),
    ...(machines > 0 ? [`${machines} of the machines that people made for themselves`] : []),
  ];
  return parts.length === 0 ? '' : `, but ${parts.join(' and ')} still run`;
}
