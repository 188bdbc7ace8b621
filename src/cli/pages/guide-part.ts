import { isDone, type Item } from '../../domain/replayed/checklist/item.ts';
import type { Heading } from '../../domain/replayed/checklist/lines.ts';
import { isLate } from '../../domain/verdict/late.ts';
import { byHeading, headingName, hopLines, isAsked, itemLine, markOf } from '../terminal/checklist-lines.ts';
import type { Style } from '../terminal/style.ts';
import type { Part } from './fit.ts';

interface Options {
  readonly style: Style;
  readonly spinner?: string | undefined;
  /** Of the workshop, epoch milliseconds. */
  readonly start: number;
  /** Lines whose trouble the page has told already. */
  readonly told: readonly string[];
}

type Group = ReturnType<typeof byHeading>[number];

const isNotable = (item: Item): boolean =>
  item.state === 'running' || item.state === 'failed' || item.state === 'unanswered' || isAsked(item);

/**
 * The guide, from all of its present heading, with what is notable under the others, to a line of counts. The whole
 * checklist is a page of its own.
 */
export function guidePart(checklist: readonly Item[], present: Heading, options: Options): Part {
  const { style, spinner, start, told } = options;
  const groups = byHeading(checklist);
  const here = groups.filter(({ heading }) => heading === present);
  const short = ({ evidence, ...item }: Item): Item =>
    told.includes(item.id) || !evidence ? item : { ...item, evidence };
  const lines = (items: readonly Item[], hops: boolean) =>
    items.flatMap((item) => [
      `  ${itemLine(short(item), style, spinner, isLate(item, start))}`,
      ...(hops ? hopLines(item, style).map((line) => `      ${line}`) : []),
    ]);
  const whole = (hops: boolean) => (group: Group) => [summary(group, options), ...lines(group.items, hops)];
  const notable = (group: Group) => [summary(group, options), ...lines(group.items.filter(isNotable), false)];
  const elsewhere = groups.filter((group) => group.heading !== present && group.items.some(isNotable));
  const before = (of: (group: Group) => string[]) =>
    groups.flatMap((group) =>
      group.heading === present ? of(group) : elsewhere.includes(group) ? notable(group) : [],
    );
  const counts = here.map((group) => summary(group, options));
  return [before(whole(true)), here.flatMap(whole(false)), here.flatMap(notable), counts, []].map((part) =>
    part.length > 0 ? ['', ...part] : [],
  );
}

/** `✘ Day of  4 of 5, 1 failed`: how many are as they should be, and what is not. */
function summary({ heading, items }: Group, { style, spinner }: Options): string {
  const done = items.filter(isDone).length;
  const count = (state: Item['state']) => items.filter((item) => item.state === state).length;
  const wrong = (['failed', 'unanswered'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const worst = (['failed', 'unanswered', 'running'] as const).flatMap((state) =>
    items.filter((item) => item.state === state).slice(0, 1),
  )[0];
  const mark = worst ? markOf(worst, style, spinner) : done === items.length ? style.green('✔') : style.dim('◌');
  const tail = wrong.map((text) => `, ${style.red(text)}`).join('');
  return `${mark} ${style.bold(headingName(heading))}  ${style.dim(`${done} of ${items.length} done`)}${tail}`;
}
