import { ABOUT_PEOPLE, EVERYBODYS, type Step } from '../../domain/verdict/steps.ts';
import type { Trouble } from '../../domain/verdict/troubles.ts';
import { moment, timeOfDay } from '../../domain/clock/clock.ts';
import { oneLine, type Style } from '../terminal/style.ts';
import { visible, wrapped } from './wrapped.ts';

interface Widths {
  readonly style: Style;
  /** The workshop's. */
  readonly id: string;
  readonly columns: number;
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Text in at most so many lines; that it goes on is shown by `…`. */
function clipped(text: string, columns: number, rows: number): string[] {
  const lines = wrapped(oneLine(text), columns);
  if (lines.length <= rows) return lines;
  const last = lines[rows - 1] ?? '';
  const fits = visible(last) + 2 <= columns ? last : last.replace(/\s*\S+$/, '');
  return [...lines.slice(0, rows - 1), `${fits} …`];
}

/** How much is told: so many steps, and different troubles, whole, with so many lines for what is said of each. */
interface Extent {
  readonly steps: number;
  readonly groups: number;
  readonly rows: number;
}

const MOST_NAMED_STEPS = 2;

interface ToDo {
  readonly steps: readonly Step[];
  readonly troubles: readonly Trouble[];
}

/** What is wrong with each of them stands at the people; that there are some says nothing more. */
const told = ({ steps, troubles }: ToDo): readonly Step[] =>
  steps.filter(({ line, why }) => why !== 'failed' || troubles.length === 0 || !isAboutPeople(line));

/** The lines of the checklist whose trouble is told here. */
export const toldOf = (toDo: ToDo): string[] => told(toDo).map(({ line }) => line);

/**
 * What a person is to do, each with its command, and who has which trouble: first what holds up everybody, then people,
 * then the rest.
 */
export function toDoLines({ steps, troubles }: ToDo, widths: Widths, extent: Extent): string[] {
  const own = told({ steps, troubles });
  const first = own.filter(({ line, why }) => why === 'failed' && isEverybodys(line));
  const others = own.filter((step) => !first.includes(step));
  const lines = [
    ...first.flatMap((step) => wholeStep(step, widths, extent.rows)),
    ...troubleLines(troubles, widths, { ...extent, isStopped: first.length > 0 }),
    ...stepLines(others, widths, { ...extent, steps: Math.max(0, extent.steps - first.length) }),
  ];
  if (lines.length === 0) return [];
  const { style } = widths;
  return ['', style.bold(headingOf(own, troubles)), ...lines];
}

function headingOf(steps: readonly Step[], troubles: readonly Trouble[]): string {
  const isUrgent = steps.some(({ why }) => why !== 'asked') || troubles.some((one) => one.needsPerson || one.isLetter);
  if (isUrgent) return 'Do next';
  return troubles.length > 0 ? 'Tried again by itself' : 'To be answered';
}

const isAboutPeople = (line: Step['line']): boolean => ABOUT_PEOPLE.some((id) => id === line);
const isEverybodys = (line: Step['line']): boolean => EVERYBODYS.some((id) => id === line);

function stepLines(steps: readonly Step[], widths: Widths, { steps: whole, rows }: Extent): string[] {
  const { style, id } = widths;
  const named = steps.slice(whole, whole + MOST_NAMED_STEPS);
  const more = steps.length - Math.min(steps.length, whole) - named.length;
  return [
    ...steps.slice(0, whole).flatMap((step) => wholeStep(step, widths, rows)),
    // The command first: what is too wide is cut off at the end.
    ...named.map(
      (step) => `  ${markOf(step, style)} ${step.command ? `${step.command}  ${style.dim(step.title)}` : step.title}`,
    ),
    ...(more > 0 ? [style.dim(`  … and ${more} more: bin/workshop checklist ${id}`)] : []),
  ];
}

function wholeStep(step: Step, widths: Widths, rows: number): string[] {
  const { title, said, toDo, command, dueAt, why, otherwise } = step;
  const { style, columns, timeZone } = widths;
  const indent = (lines: readonly string[]) => lines.map((line) => `      ${line}`);
  // What holds up everybody says itself what it is.
  const first = said === undefined ? title : isEverybodys(step.line) ? capital(said) : `${title}: ${said}`;
  const until = dueAt === undefined ? '' : `  (${why === 'overdue' ? 'was due' : 'due'} ${moment(dueAt, timeZone)})`;
  const due = (command ?? '').length + until.length + 6 <= columns ? until : '';
  const [head = '', ...saidLines] = clipped(first, columns - 6, rows);
  const wanted = toDo.flatMap((line) => wrapped(oneLine(line), columns - 6));
  const shown = wanted.slice(0, rows);
  return [
    `  ${markOf(step, style)} ${head}`,
    ...indent(saidLines),
    ...indent(shown),
    ...(command === undefined ? [] : indent([`${style.bold(command)}${style.dim(due)}`])),
    ...(otherwise === undefined || rows <= 1 ? [] : indent(wrapped(otherwise, columns - 6))),
  ];
}

const SIGNS: Readonly<Record<Step['why'], readonly [sign: string, colour: 'red' | 'yellow']>> = {
  failed: ['✘', 'red'],
  gone: ['✘', 'red'],
  overdue: ['❗', 'red'],
  'held up': ['▸', 'yellow'],
  paused: ['–', 'yellow'],
  asked: ['◌', 'yellow'],
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function markOf({ why }: Step, style: Style): string {
  const [sign, colour] = SIGNS[why];
  return style[colour](sign);
}

/** People named in a line that may be as long as it likes. */
const MOST_NAMED = 15;
const MOST_GROUPS = 15;

/** Who has trouble, with its cause and what is to be done; the same trouble once, with how many and who. */
function troubleLines(
  troubles: readonly Trouble[],
  widths: Widths,
  { groups, rows, isStopped }: Extent & { readonly isStopped: boolean },
): string[] {
  const most = Math.min(groups, MOST_GROUPS);
  const more = troubles.slice(most).reduce((sum, { people }) => sum + people.length, 0);
  return [
    ...troubles.slice(0, most).flatMap((trouble) => troubleOf(trouble, widths, rows, isStopped)),
    ...(more > 0 ? [`  … and ${more} more: bin/workshop attendees list ${widths.id}`] : []),
  ];
}

function troubleOf(
  { people, cause, toDo, ...trouble }: Trouble,
  widths: Widths,
  rows: number,
  isStopped: boolean,
): string[] {
  const { style, columns, id } = widths;
  const width = columns - 6;
  const command = style.bold(`bin/workshop retry ${id} ${people.length === 1 ? people[0] : 'clusters'}`);
  const meanwhile = meanwhileOf(trouble, widths);
  return [
    `  ${style.red('✘')} ${whoOf(people, width - meanwhile.length)}${style.dim(meanwhile)}`,
    ...[...clipped(cause, width, rows), ...clipped(toDo, width, rows)].map((line) => `      ${line}`),
    ...(trouble.isLetter || isStopped ? [] : [`      ${trouble.needsPerson ? 'Then' : 'At once'}: ${command}`]),
  ];
}

function whoOf(people: readonly string[], width: number): string {
  const head = people.length === 1 ? '' : `${people.length} people: `;
  const said = (named: number) =>
    `${head}${people.slice(0, named).join(', ')}${named < people.length ? ` and ${people.length - named} more` : ''}`;
  let named = Math.min(people.length, MOST_NAMED);
  while (named > 1 && said(named).length > width) named -= 1;
  return said(named);
}

function meanwhileOf(
  { meanwhile, retryAt }: Pick<Trouble, 'meanwhile' | 'retryAt'>,
  { timeZone, now }: Widths,
): string {
  if (meanwhile !== undefined) return `  ${meanwhile}, after a failure`;
  return retryAt === undefined || retryAt <= now ? '' : `  tried again at ${timeOfDay(retryAt, timeZone)}`;
}
