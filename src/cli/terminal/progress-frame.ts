import cliTruncate from 'cli-truncate';
import { isDone, type Item } from '../../domain/replayed/checklist/item.ts';
import type { Heading } from '../../domain/replayed/checklist/lines.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { byHeading, headingName, hopLines, isAsked, itemLine } from './checklist-lines.ts';
import { countdown, nextMoment, timeOfDay } from './clock.ts';
import { peopleBar, peopleLegend } from './people-bar.ts';
import type { Style } from './style.ts';

export interface FrameOptions {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly spinner: string;
  readonly timeZone: string;
  readonly timeline: Partial<Timeline>;
  /** Lines that stay on top, like the address of the Temporal UI. */
  readonly top: readonly string[];
}

type Group = ReturnType<typeof byHeading>[number];

/**
 * One picture of a running workshop, at most `rows` lines of at most `columns` columns each, so that it can be drawn
 * over the one before. What does not fit gives way in this order: headings other than the present one become one line
 * each, then the present heading shows what is under way or wrong first.
 */
export function progressFrame(progress: Progress, options: FrameOptions): string[] {
  const { style, columns, rows, spinner } = options;
  const head = [
    ...options.top,
    `${style.bold(progress.workshop.title)}  ${style.dim(whatNext(progress, options))}`,
    '',
  ];
  const foot = people(progress, options);
  const room = rows - head.length - foot.length;
  const groups = byHeading(progress.checklist);
  const present = presentOf(progress);

  const full = (group: Group) => [
    style.bold(headingName(group.heading)),
    ...group.items.map((item) => `  ${itemLine(item, style, spinner)}`),
  ];
  const short = (group: Group) => [summary(group, style, spinner)];
  const notable = (group: Group) => [
    ...short(group),
    ...group.items.filter(isNotable).map((item) => `  ${itemLine(item, style, spinner)}`),
  ];
  const isPresent = ({ heading }: Group) => heading === present;

  const whole = (group: Group) => [
    style.bold(headingName(group.heading)),
    ...group.items.flatMap((item) => [
      `  ${itemLine(item, style, spinner)}`,
      ...hopLines(item, style).map((line) => `      ${line}`),
    ]),
  ];

  const attempts = [
    groups.flatMap((group) => (isPresent(group) ? whole(group) : full(group))),
    groups.flatMap(full),
    groups.flatMap((group) => (isPresent(group) ? full(group) : notable(group))),
    groups.flatMap((group) => (isPresent(group) ? full(group) : short(group))),
  ];
  const body =
    attempts.find((lines) => lines.length <= room) ??
    groups.flatMap((group) =>
      isPresent(group) ? squeezed(full(group), group, room - groups.length + 1, options) : short(group),
    );
  return [...head, ...body, ...foot].slice(0, rows).map((line) => cliTruncate(line, columns));
}

/** The first heading with something under way, or the lifecycle's own: after its end the removal is what matters. */
function presentOf(progress: Progress): Heading {
  return progress.heading;
}

const isNotable = (item: Item) =>
  item.state === 'running' || item.state === 'failed' || item.state === 'unanswered' || isAsked(item);

/** `✔ Two weeks before  11 of 12, 1 unanswered`. */
function summary({ heading, items }: Group, style: Style, spinner: string): string {
  const done = items.filter(isDone).length;
  const count = (state: Item['state']) => items.filter((item) => item.state === state).length;
  const wrong = (['failed', 'unanswered'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const waiting = items.filter((item) => isAsked(item) && item.state === 'waiting').length;
  const mark =
    wrong.length > 0
      ? style.red('✘')
      : done === items.length
        ? style.green('✔')
        : count('running') > 0
          ? style.cyan(spinner)
          : style.dim('◌');
  const tail = [
    ...wrong.map((text) => style.red(text)),
    ...(waiting > 0 ? [style.yellow(`${waiting} waiting for somebody`)] : []),
  ];
  return (
    `${mark} ${headingName(heading)}  ` +
    `${style.dim(`${done} of ${items.length}`)}${tail.length > 0 ? `, ${tail.join(', ')}` : ''}`
  );
}

/**
 * The heading's line and as many items as there is room for: wrong and running ones before those that are done or not
 * begun.
 */
function squeezed(lines: readonly string[], group: Group, room: number, { style }: FrameOptions): string[] {
  if (room < 2) return lines.slice(0, 1);
  const [title = '', ...items] = lines;
  const ranked = group.items
    .map((item, at) => ({ at, rank: isNotable(item) ? 0 : item.state === 'waiting' ? 1 : 2 }))
    .toSorted((a, b) => a.rank - b.rank || a.at - b.at);
  const shown = new Set(ranked.slice(0, Math.max(0, room - 2)).map(({ at }) => at));
  return [title, ...items.filter((_, at) => shown.has(at)), style.dim(`  … and ${items.length - shown.size} more`)];
}

function whatNext(progress: Progress, { timeline, now, timeZone }: FrameOptions): string {
  if (progress.status === 'finished') return 'finished';
  if (progress.status === 'cancelling') return 'cancelled: removing everything';
  const next = nextMoment({ start: progress.start, end: progress.end, ...timeline }, now);
  return (
    `${timeOfDay(now, timeZone)} ` +
    `${timeZone}${next ? `, ${next.name} in ${countdown(next.at - now)}` : ', removing everything'}`
  );
}

function people({ attendees }: Progress, { columns, style }: FrameOptions): string[] {
  if (attendees.attendees === 0) return [];
  const guests =
    attendees.guests > 0 ? style.dim(`, and ${attendees.guests} testers (${attendees.guestsReady} ready)`) : '';
  return [
    '',
    `${style.bold(`${attendees.attendees} people`)}${guests}  ${peopleLegend(attendees, style)}`,
    peopleBar(attendees, columns - 1, style),
  ];
}
