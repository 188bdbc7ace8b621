import { takesLaptopEvidence } from '../papers/laptop-sign-off.ts';
import { isDone, type Item } from '../replayed/checklist/item.ts';
import type { LineId } from '../replayed/checklist/lines.ts';
import type { Progress } from '../replayed/checklist/progress.ts';
import { withoutRequests } from './in-words.ts';

/** Something that a person is to do, and the very command that does it or goes on after it. */
export interface Step {
  readonly line: LineId | 'resume' | 'gone';
  readonly title: string;
  readonly why: 'failed' | 'held up' | 'overdue' | 'asked' | 'paused' | 'gone';
  /** What was found. */
  readonly said?: string;
  /** What to do, a sentence or a command in each line. */
  readonly toDo: readonly string[];
  /** To be typed when that is done, or to do it. */
  readonly command?: string;
  /** To do without it, or the other way. */
  readonly otherwise?: string;
  /** By when it is asked for, epoch milliseconds. */
  readonly dueAt?: number;
}

/** What holds up everybody comes before what holds up a line. */
export const EVERYBODYS: readonly LineId[] = ['workspace', 'claim', 'launches', 'model'];
/** Those go on by themselves, their own words say how; and without them nothing can be removed either. */
const BY_ITSELF: readonly LineId[] = ['workspace', 'claim'];
/** Nobody need ask for another try. */
const TRIED_BY_ITSELF: readonly LineId[] = [...BY_ITSELF, 'model'];
/** They only count people: what is wrong with each stands at the people. */
export const ABOUT_PEOPLE: readonly LineId[] = ['clusters', 'checks', 'people', 'access', 'pre-provision', 'testers'];
const WHAT_TO_DO = 'What to do: ';

/**
 * Everything that waits for a person, the most pressing first: what holds up everybody, what failed, what is
 * under way and cannot be done whole, what nobody answered in time, and what is only asked.
 */
export function stepsOf({ checklist, paused, status, workshop, heading: page }: Progress): Step[] {
  if (status === 'finished') return [];
  // Once all is being removed, what came to nothing before is for the report.
  const matters = ({ id, heading }: Item) => page !== 'after' || heading === 'after' || BY_ITSELF.includes(id);
  const open = checklist.filter((item) => !isDone(item) && matters(item));
  const failed = open.filter(({ state }) => state === 'failed').toSorted((a, b) => rankOf(a) - rankOf(b));
  const asked = open.filter((item) => item.state !== 'failed' && isAsked(item));
  const overdue = asked.filter(({ state }) => state === 'unanswered');
  return [
    ...failed.map((item) => failedStep(item, workshop.id, checklist)),
    ...open
      .filter(({ state, toDo }) => state === 'running' && toDo !== undefined)
      .map((item) => ({ line: item.id, title: item.title, why: 'held up' as const, toDo: linesOf(item.toDo ?? '') })),
    ...(paused
      ? [
          {
            line: 'resume' as const,
            title: 'The workshop is paused',
            why: 'paused' as const,
            toDo: ['Nothing is made or started until it goes on.'],
            command: `bin/workshop resume ${workshop.id}`,
          },
        ]
      : []),
    ...overdue.map((item) => askedStep(item, 'overdue', workshop.id)),
    ...asked.filter(({ state }) => state !== 'unanswered').map((item) => askedStep(item, 'asked', workshop.id)),
  ];
}

const isAsked = ({ kind, deadline, state }: Item): boolean =>
  (kind === 'sign-off' && deadline !== undefined) || (kind === 'hand-off' && state === 'waiting');

const rankOf = ({ id }: Item): number => {
  if (EVERYBODYS.includes(id)) return EVERYBODYS.indexOf(id);
  return EVERYBODYS.length + (ABOUT_PEOPLE.includes(id) ? 1 : 0);
};

function failedStep({ id: line, title, evidence, toDo = '' }: Item, id: string, checklist: readonly Item[]): Step {
  const lines = linesOf(toDo);
  const wanted = lines.filter((text) => text.startsWith(WHAT_TO_DO)).map((text) => text.slice(WHAT_TO_DO.length));
  return {
    line,
    title,
    why: 'failed',
    ...(evidence ? { said: withoutRequests(evidence) } : {}),
    toDo: wanted.length > 0 ? wanted : lines,
    ...(TRIED_BY_ITSELF.includes(line) ? {} : { command: `bin/workshop retry ${id} ${line}` }),
    ...(isWaitedFor(line, checklist)
      ? { otherwise: `Without it: bin/workshop waive ${id} ${line} --reason "<why>"` }
      : {}),
  };
}

function askedStep(item: Item, why: 'overdue' | 'asked', id: string): Step {
  const { id: line, title, toDo = '', kind, deadline } = item;
  return {
    line,
    title,
    why,
    toDo: linesOf(toDo),
    ...(kind === 'sign-off'
      ? { command: `bin/workshop sign-off ${id} ${line}${takesLaptopEvidence(line) ? ' --evidence <code>' : ''}` }
      : {}),
    ...(deadline === undefined ? {} : { dueAt: deadline }),
  };
}

const linesOf = (toDo: string): string[] =>
  withoutRequests(toDo)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Something cannot begin because of it, and goes on when it is waived. */
const isWaitedFor = (line: LineId, checklist: readonly Item[]): boolean =>
  checklist.some(({ state, needs }) => state === 'waiting' && needs.some((need) => need === line));

/** What is to be done about a workshop whose lifecycle was ended from outside. @param now epoch milliseconds */
export function stepsOfGone({ workshop: { id }, end }: Progress, now: number): Step[] {
  const removal = `bin/workshop teardown ${id} --dry-run`;
  const gone = { line: 'gone' as const, why: 'gone' as const };
  return now < end
    ? [
        {
          ...gone,
          title: 'Take it up again',
          toDo: ['What is shown here is where it stood.'],
          command: 'bin/workshop start <plan> --adopt',
          otherwise: `Or remove it all: ${removal}`,
        },
      ]
    : [
        {
          ...gone,
          title: 'Remove what is left',
          toDo: ['The workshop itself is over: save what people need first. Then with --execute instead of --dry-run.'],
          command: removal,
        },
      ];
}
