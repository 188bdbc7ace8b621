import { hopLine } from '../../domain/replayed/canary/hops.ts';
import { isDone, type Item, type ItemState } from '../../domain/replayed/checklist/item.ts';
import { HEADINGS, type Heading, type LineId } from '../../domain/replayed/checklist/lines.ts';
import { takesLaptopEvidence } from '../../domain/papers/laptop-sign-off.ts';
import { moment } from './clock.ts';
import { oneLine, type Style } from './style.ts';

const MARKS: Readonly<Record<ItemState, string>> = {
  waiting: '◌',
  running: '▸',
  passed: '✔',
  failed: '✘',
  waived: '–',
  'signed off': '✔',
  unanswered: '❗',
};

/** ✔ done, ✘ failed, ❗ nobody answered, ◌ not yet; `spinner` stands for what is under way. */
export function markOf(item: Item, style: Style, spinner = MARKS.running): string {
  if (item.state === 'running') return style.cyan(spinner);
  const colour =
    item.state === 'failed' || item.state === 'unanswered'
      ? style.red
      : isDone(item)
        ? style.green
        : isAsked(item)
          ? style.yellow
          : style.dim;
  return colour(MARKS[item.state]);
}

/** A sign-off, or something for an admin, that waits for somebody now. */
export const isAsked = (item: Item): boolean =>
  (item.kind === 'sign-off' && item.deadline !== undefined && !isDone(item)) ||
  (item.kind === 'hand-off' && item.state === 'waiting');

/** `✔ Cluster policy exists  "claude-code-workshop" created`, not yet cut to any width. */
export function itemLine(item: Item, style: Style, spinner?: string): string {
  const title = item.state === 'waiting' && !isAsked(item) ? style.dim(item.title) : item.title;
  const said = [item.evidence, item.by ? `(${item.by})` : undefined]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  return `${markOf(item, style, spinner)} ${title}${said === '' ? '' : `  ${style.dim(oneLine(said))}`}`;
}

/** The items of each heading that has any, in the guide's order. */
export function byHeading(checklist: readonly Item[]): { heading: Heading; items: Item[] }[] {
  return HEADINGS.map((heading) => ({ heading, items: checklist.filter((item) => item.heading === heading) })).filter(
    ({ items }) => items.length > 0,
  );
}

/**
 * The whole checklist for reading at rest: every item and, until it is over, what a person should do and until when.
 */
export function checklistLines(
  checklist: readonly Item[],
  options: { style: Style; id: string; timeZone: string; over: boolean },
): string[] {
  const { style, over } = options;
  return byHeading(checklist).flatMap(({ heading, items }) => [
    style.bold(headingName(heading)),
    ...items.flatMap((item) => [
      `  ${itemLine(item, style)}`,
      ...hopLines(item, style).map((line) => `      ${line}`),
      ...(over ? [] : [...waitsFor(item, checklist, options.id), ...whatToDo(item, options)]).map(
        (line) => `      ${line}`,
      ),
    ]),
  ]);
}

/** Of a line that cannot begin because one that it needs has failed: which one, and how to go on without it. */
function waitsFor(item: Item, checklist: readonly Item[], id: string): string[] {
  if (item.state !== 'waiting') return [];
  return checklist
    .filter((other) => item.needs.includes(other.id) && !isDone(other) && other.toDo !== undefined)
    .map(
      (other) =>
        `It waits for "${other.title}". Without that it goes on with: ` +
        `bin/workshop waive ${id} ${other.id} --reason "<why>"`,
    );
}

/** Each hop of a canary on a line of its own, not yet cut to any width. */
export const hopLines = ({ hops = [] }: Item, style: Style): string[] =>
  hops.map((hop) => (hop.state === 'failed' ? style.red(hopLine(hop)) : style.dim(hopLine(hop))));

/** Their own words say what is tried by itself, and what to type, if anything. */
const SAYS_ITSELF: readonly LineId[] = ['launches', 'claim', 'workspace'];

/** Empty for an item that wants nothing of anybody. */
export function whatToDo(item: Item, { id, timeZone }: { id: string; timeZone: string }): string[] {
  const lines = isDone(item)
    ? []
    : (item.toDo ?? '')
        .split('\n')
        .map(oneLine)
        .filter((line) => line !== '');
  if (item.kind === 'sign-off' && isAsked(item)) {
    const until =
      item.deadline === undefined
        ? ''
        : ` (${item.state === 'unanswered' ? 'was due' : 'due'} ${moment(item.deadline, timeZone)})`;
    return [
      ...lines,
      `bin/workshop sign-off ${id} ` +
        `${item.id}${takesLaptopEvidence(item.id) ? ' --evidence <code of a laptop check>' : ''}${until}`,
    ];
  }
  if (SAYS_ITSELF.includes(item.id)) return lines;
  if (item.state === 'failed')
    return [...lines, `It is tried again by itself; at once with: bin/workshop retry ${id} ${item.id}`];
  return lines;
}

/** `Two weeks before`. */
export const headingName = (heading: Heading): string => heading.charAt(0).toUpperCase() + heading.slice(1);
