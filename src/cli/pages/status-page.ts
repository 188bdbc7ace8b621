import type { Heading } from '../../domain/replayed/checklist/lines.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { StatusView } from '../../domain/verdict/status-view.ts';
import type { VerdictKind } from '../../domain/verdict/verdict.ts';
import { launchesSaid } from '../../domain/replayed/time/learnt-launches.ts';
import { clockTime, moment, shortMoment, timeOfDay } from '../../domain/clock/clock.ts';
import { peopleBar, peopleLegend } from '../terminal/people-bar.ts';
import type { Style } from '../terminal/style.ts';
import { oneLine } from '../terminal/style.ts';
import { fitted } from './fit.ts';
import { partLines } from './part-lines.ts';
import { guidePart } from './guide-part.ts';
import { toDoLines, toldOf } from './to-do-lines.ts';
import { wrapped } from './wrapped.ts';

export interface PageOptions {
  readonly style: Style;
  /** Undefined: as long as they are, for a pipe. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Stands for what is under way. */
  readonly spinner?: string;
  /** Lines that stay on top, like the address of the Temporal UI. */
  readonly top?: readonly string[];
}

const COLOURS: Readonly<Record<VerdictKind, 'green' | 'yellow' | 'red'>> = {
  'on track': 'green',
  over: 'green',
  late: 'yellow',
  'needs you': 'yellow',
  paused: 'yellow',
  cancelled: 'yellow',
  broken: 'red',
  gone: 'red',
};
const VERDICT_ROWS = 3;
const ROOM_ROWS = 3;
const UNLIMITED = 1_000_000;

/**
 * The page of `status`: how the workshop stands, what a person must do next, who has trouble with what, and the guide's
 * present heading. In 24 rows of 80 columns all of it finds a place; where there is more room, more is told.
 */
export function statusPage(view: StatusView, options: PageOptions): string[] {
  const { progress } = view;
  const { rows = UNLIMITED, columns = UNLIMITED, top = [] } = options;
  const { id } = progress.workshop;
  const widths = { style: options.style, id, columns, timeZone: view.timeZone, now: view.now };
  const all = Number.POSITIVE_INFINITY;
  const parts = [
    [[...top, ...head(view, options), ...people(view, options)]],
    [
      toDoLines(view, widths, { steps: all, groups: all, rows: all }),
      toDoLines(view, widths, { steps: 3, groups: 3, rows: 3 }),
      toDoLines(view, widths, { steps: 2, groups: 3, rows: 2 }),
      toDoLines(view, widths, { steps: 1, groups: 3, rows: 2 }),
      toDoLines(view, widths, { steps: 1, groups: 2, rows: 2 }),
      toDoLines(view, widths, { steps: 1, groups: 3, rows: 1 }),
      toDoLines(view, widths, { steps: 1, groups: 2, rows: 1 }),
      toDoLines(view, widths, { steps: 1, groups: 1, rows: 1 }),
    ],
    guidePart(progress.checklist, presentOf(progress), { ...options, start: progress.start, told: toldOf(view) }),
    [facts(view, options), facts(view, options).slice(-1)],
  ];
  return fitted(parts, GIVES_WAY, rows);
}

/** Places: 1 what to do and who has trouble, 2 the guide, 3 figures. */
const GIVES_WAY = [2, 1, 2, 1, 2, 1, 1, 1, 1, 3, 1, 2];

const presentOf = ({ heading, status }: Progress): Heading => (status === 'cancelling' ? 'after' : heading);

function head({ progress, verdict, next, now, timeZone }: StatusView, { style, columns = UNLIMITED }: PageOptions) {
  const { workshop, status, start, heading } = progress;
  const lines = wrapped(oneLine(verdict.text), columns).slice(0, VERDICT_ROWS);
  const coming = next ? `; next: ${next.name}, ${clockTime(next.at, now, timeZone)}` : '';
  const where = status === 'running' ? `, "${heading}"${coming}` : '';
  return [
    ...lines.map((line) => style[COLOURS[verdict.kind]](style.bold(line))),
    `${workshop.title}  ${style.dim(`${workshop.id}  ${shortMoment(start, timeZone)}`)}`,
    style.dim(`${timeOfDay(now, timeZone)} ${timeZone}${where}`),
    '',
  ];
}

function people(
  { progress: { attendees, parts = [] }, stale, room }: StatusView,
  { style, columns }: PageOptions,
): string[] {
  const { attendees: all, guests, guestsReady } = attendees;
  if (all === 0) return [];
  const testers = guests > 0 ? style.dim(` and ${guests} testers (${guestsReady} ready)`) : '';
  return [
    `${style.bold(`People: ${all}`)}${testers}  ${peopleLegend(attendees, style)}`,
    `  ${peopleBar(attendees, Math.min((columns ?? 80) - 4, 70), style)}`,
    ...(room === undefined ? [] : wrapped(room, columns ?? UNLIMITED).slice(0, ROOM_ROWS)),
    ...partLines(parts, { style, columns }),
    ...(stale === undefined ? [] : wrapped(stale, columns ?? UNLIMITED).map((line) => style.yellow(line))),
  ];
}

function facts(
  { poolWaits, cost, messages, progress, timeZone, temporalPage }: StatusView,
  { style, columns = UNLIMITED }: PageOptions,
): string[] {
  const { workshop, refused } = progress;
  const last = refused.at(-1);
  const figures = [
    ...(cost === undefined ? [] : [cost]),
    ...(progress.attendees.launches === undefined ? [] : [launchesSaid(progress.attendees.launches)]),
    ...(poolWaits
      ? [
          `${poolWaits.machines} ${poolWaits.machines === 1 ? 'machine waits' : 'machines wait'} in the pool, about ` +
            `${poolWaits.perHour} an hour`,
        ]
      : []),
  ].join('; ');
  return [
    '',
    ...(messages === undefined ? [] : wrapped(messages, columns)),
    ...(figures === '' ? [] : wrapped(figures, columns)),
    ...(last ? wrapped(`Refused ${moment(last.at, timeZone)}: ${last.what}: ${last.why}`, columns) : []),
    ...(temporalPage === undefined ? [] : [style.dim(inTemporal(temporalPage, columns))]),
    style.dim(`More: bin/workshop checklist ${workshop.id}; one person: bin/workshop why <email>`),
  ];
}

/** An address is of use only whole. */
function inTemporal(page: string, columns: number): string {
  const line = `In Temporal: ${page}`;
  return line.length <= columns ? line : page;
}
