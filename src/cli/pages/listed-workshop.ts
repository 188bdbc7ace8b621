import type { BeganWith, EndedWith, KnownWorkshop } from '../../reader.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { isProven } from '../../domain/replayed/ending/teardown-report.ts';
import type { Report } from '../../domain/papers/report.ts';
import { headingName } from '../terminal/checklist-lines.ts';
import { moment } from '../../domain/clock/clock.ts';
import type { Style } from '../terminal/style.ts';
import { wrapped } from './wrapped.ts';

/** One workshop of the list: what could be learnt of it, and why that is not more. For `--json` as it is. */
export interface ListedWorkshop {
  readonly id: string;
  readonly state: KnownWorkshop['state'];
  /** The event of several workspaces that it is one workshop of. */
  readonly event?: string;
  readonly title?: string;
  /** ISO 8601, in UTC. */
  readonly start?: string;
  readonly end?: string;
  readonly timeZone?: string;
  /** The heading that the guide is open at. */
  readonly heading?: string;
  readonly people?: number;
  readonly ready?: number;
  /** Lines of the checklist that failed, and questions that wait for an answer. */
  readonly failed?: readonly string[];
  readonly unanswered?: readonly string[];
  /** When its lifecycle ended, and how, in words. */
  readonly ended?: string;
  readonly verdict?: string;
  /** Why there is no more. */
  readonly unknown?: string;
}

/**
 * @param told what a worker answered, or why none did: only a worker knows how a workshop stands that runs
 * @param began what the current run began with, for the rest
 */
export function listedRunning(
  { id, state }: KnownWorkshop,
  began: BeganWith | undefined,
  told: Progress | { readonly silence: string },
): ListedWorkshop {
  const zone = began && { timeZone: began.timeZone };
  if ('silence' in told)
    return {
      id,
      state,
      ...(began && { title: began.title, ...times(began), heading: began.heading, people: began.people }),
      ...zone,
      unknown: told.silence,
    };
  const ids = (wanted: string) => told.checklist.filter((item) => item.state === wanted).map((item) => item.id);
  return {
    id,
    state,
    title: told.workshop.title,
    ...times(told),
    ...zone,
    heading: told.heading,
    people: told.attendees.attendees,
    ready: told.attendees.byState.ready ?? 0,
    failed: ids('failed'),
    unanswered: ids('unanswered'),
    ...(told.status === 'cancelling' ? { verdict: 'cancelled: everything is being removed' } : {}),
  };
}

/** @param began what its last run began with. @param end undefined where Temporal has forgotten it */
export function listedEnded(
  { id, state, closedAt }: KnownWorkshop,
  began: BeganWith | undefined,
  end: EndedWith | undefined,
): ListedWorkshop {
  const report = end?.how === 'report' ? end.report : undefined;
  return {
    id,
    state,
    ...(began && { title: began.title, ...times(began), timeZone: began.timeZone, people: began.people }),
    ...(report && { title: report.workshop.title, people: report.attendees.total, ready: report.attendees.ready }),
    ...(closedAt === undefined ? {} : { ended: new Date(closedAt).toISOString() }),
    ...(end === undefined ? { unknown: 'how it ended is not known any more' } : { verdict: verdictOf(end) }),
  };
}

const times = ({ start, end }: { readonly start: number; readonly end: number }) => ({
  start: new Date(start).toISOString(),
  end: new Date(end).toISOString(),
});

function verdictOf(end: EndedWith): string {
  if (end.how === 'terminated')
    return `terminated from outside by ${end.identity || 'somebody'}${end.reason ? `: ${end.reason}` : ''}`;
  if (end.how === 'failed') return `ended without a report${end.why ? `: ${end.why}` : ''}`;
  return reportVerdict(end.report);
}

const reportVerdict = (report: Report): string =>
  `${report.workshop.outcome}; ${report.attendees.ready} of ${report.attendees.total} were ready at the start; ` +
  (isProven(report) ? 'nothing is left' : 'that nothing is left is not proven');

/** Each workshop in a few lines of at most `columns` characters: those that run first. */
export function listLines(
  workshops: readonly ListedWorkshop[],
  { style, columns, notShown = 0 }: { style: Style; columns: number; notShown?: number },
): string[] {
  const running = workshops.filter(({ state }) => state === 'running');
  const ended = workshops.filter(({ state }) => state !== 'running');
  const part = (heading: string, some: readonly ListedWorkshop[]) =>
    some.length === 0 ? [] : [style.bold(heading), ...some.flatMap((one) => linesOf(one, style, columns))];
  return [
    ...part('Running', running),
    ...(running.length > 0 && ended.length > 0 ? [''] : []),
    ...part('Ended', ended),
    ...(notShown > 0 ? [`  … and ${notShown} more that ended: bin/workshop list --all`] : []),
  ];
}

function linesOf(one: ListedWorkshop, style: Style, columns: number): string[] {
  const { id, title, start, timeZone = 'UTC', ended, verdict, unknown } = one;
  const begins = start === undefined ? undefined : moment(Date.parse(start), timeZone);
  const said = [
    begins,
    one.event === undefined ? undefined : `of the event "${one.event}"`,
    ...(one.state === 'running' ? standing(one) : []),
    verdict,
    unknown,
    ended === undefined || start !== undefined ? undefined : `ended ${moment(Date.parse(ended), timeZone)}`,
  ].filter((part) => part !== undefined);
  return [
    `  ${style.bold(id)}${title === undefined ? '' : `  ${title}`}`,
    ...wrapped(said.join('; '), columns - 4).map((line) => `    ${line}`),
  ];
}

function standing({ heading, people, ready, failed = [], unanswered = [] }: ListedWorkshop): string[] {
  const count = (n: number, one: string, more: string) => (n === 0 ? [] : [`${n} ${n === 1 ? one : more}`]);
  return [
    ...(heading === undefined ? [] : [`at "${headingName(heading as Parameters<typeof headingName>[0])}"`]),
    ...(people === undefined ? [] : [`${people} people${ready === undefined ? '' : `, ${ready} ready`}`]),
    ...count(failed.length, 'line failed', 'lines failed'),
    ...count(unanswered.length, 'question unanswered', 'questions unanswered'),
  ];
}
