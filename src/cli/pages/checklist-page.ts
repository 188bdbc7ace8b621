import type { Item, ItemState, Said } from '../../domain/replayed/checklist/item.ts';
import { isDone } from '../../domain/replayed/checklist/item.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { isLate } from '../../domain/verdict/late.ts';
import { byHeading, headingName, hopLines, isAsked, markOf } from '../terminal/checklist-lines.ts';
import { shortMoment } from '../../domain/clock/clock.ts';
import { oneLine, type Style } from '../terminal/style.ts';
import { hanging } from './wrapped.ts';

interface Options {
  readonly style: Style;
  readonly columns: number;
  readonly timeZone: string;
}

/**
 * The guide from its first line to its last: state, since when, who said so, and what shows it. Nothing is cut off.
 * What is to be done is said by `status`.
 */
export function checklistPage({ workshop, checklist, start }: Progress, options: Options): string[] {
  const { style, columns, timeZone } = options;
  return [
    `${style.bold(workshop.title)}  ${style.dim(workshop.id)}`,
    style.dim(`Times are those of ${timeZone}. In brackets: what commands call the line.`),
    style.dim('✔ done  ✘ failed  ❗ nobody answered  ▸ under way  – waived  ◌ not yet'),
    ...byHeading(checklist).flatMap(({ heading, items }) => [
      '',
      style.bold(headingName(heading)),
      ...items.flatMap((item) => itemLines(item, isLate(item, start), options)),
    ]),
  ].flatMap((line) => hanging(line, columns));
}

function itemLines(item: Item, late: boolean, { style, timeZone }: Options): string[] {
  const { title, evidence } = item;
  const standing = [`${standingOf(item, timeZone)}${late ? ', late' : ''}`, evidence ? oneLine(evidence) : '']
    .filter((part) => part !== '')
    .join(': ');
  return [
    `  ${markOf(item, style, undefined, late)} ${title} ${style.dim(`(${item.id})`)}`,
    ...(standing === '' ? [] : [`      ${standing}`]),
    ...(item.said ?? []).slice(0, -1).map((said) => `        ${saidBefore(said, timeZone)}`),
    ...hopLines(item, style).map((line) => `        ${line}`),
  ];
}

const saidBefore = ({ answer, by, at, note }: Said, timeZone: string): string =>
  oneLine(`before: ${answer} ${shortMoment(at, timeZone)} by ${by}${note === undefined ? '' : `: ${note}`}`);

const WORDS: Readonly<Record<ItemState, string>> = {
  waiting: '',
  running: 'under way',
  passed: 'done',
  failed: 'failed',
  waived: 'waived',
  'signed off': 'signed off',
  unanswered: 'nobody answered',
};

/** `signed off Tue 16 Mar 2027, 09:00 by Ann`: the state, since when it is so, and who said it; else the mark does. */
function standingOf(item: Item, timeZone: string): string {
  const { state, at, by, askedAt, deadline } = item;
  const when = (moment: number) => shortMoment(moment, timeZone);
  const asked = !isDone(item) && askedAt !== undefined ? `, asked ${when(askedAt)}` : '';
  const due = isAsked(item) && deadline !== undefined ? `, due ${when(deadline)}` : '';
  const word = isAsked(item) && state === 'waiting' ? 'waits for somebody' : WORDS[state];
  const since = at === undefined || state === 'waiting' ? '' : ` ${when(at)}`;
  return `${word}${since}${by ? ` by ${by}` : ''}${asked}${due}`;
}
