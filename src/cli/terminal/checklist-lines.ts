import { hopLine } from '../../domain/replayed/canary/hops.ts';
import { isDone, type Item, type ItemState } from '../../domain/replayed/checklist/item.ts';
import { HEADINGS, type Heading } from '../../domain/replayed/checklist/lines.ts';
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
export function markOf(item: Item, style: Style, spinner = MARKS.running, late = false): string {
  if (item.state === 'running') return style.cyan(spinner);
  if (late) return style.yellow(MARKS[item.state]);
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

/**
 * `✔ Cluster policy exists  "claude-code-workshop" created`, not yet cut to any width.
 * @param late it was to be done before the start, and was done after it
 */
export function itemLine(item: Item, style: Style, spinner?: string, late = false): string {
  const title = item.state === 'waiting' && !isAsked(item) ? style.dim(item.title) : item.title;
  const said = [late ? `late: ${item.evidence ?? ''}` : item.evidence, item.by ? `(${item.by})` : undefined]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  return `${markOf(item, style, spinner, late)} ${title}${said === '' ? '' : `  ${style.dim(oneLine(said))}`}`;
}

/** The items of each heading that has any, in the guide's order. */
export function byHeading(checklist: readonly Item[]): { heading: Heading; items: Item[] }[] {
  return HEADINGS.map((heading) => ({ heading, items: checklist.filter((item) => item.heading === heading) })).filter(
    ({ items }) => items.length > 0,
  );
}

/** Each hop of a canary on a line of its own, not yet cut to any width. */
export const hopLines = ({ hops = [] }: Item, style: Style): string[] =>
  hops.map((hop) => (hop.state === 'failed' ? style.red(hopLine(hop)) : style.dim(hopLine(hop))));

/** `Two weeks before`. */
export const headingName = (heading: Heading): string => heading.charAt(0).toUpperCase() + heading.slice(1);
