import { expect, it } from 'vitest';
import { mergedProgress, type AnsweredPart } from '../../../src/domain/event/merged-progress.ts';
import { checklistFor, type Item, type ItemState } from '../../../src/domain/replayed/checklist/item.ts';
import type { LineId } from '../../../src/domain/replayed/checklist/lines.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { totalsOf } from '../../../src/domain/replayed/seat/totals.ts';
import { examplePlan } from '../plan/example-plan.ts';

const EVENT = { id: 'spring', title: 'Spring', parts: [] };
const LINE: LineId = 'policy';

const progressWith = (
  state: ItemState,
  { people = 1, heading = 'day before', ...rest }: Partial<Progress> & { readonly people?: number } = {},
  item: Partial<Item> = {},
): Progress => ({
  v: 1,
  workshop: { id: 'x', title: 'X', runId: 'r' },
  heading,
  status: 'running',
  start: 100,
  end: 200,
  checklist: checklistFor(examplePlan()).map((one) => (one.id === LINE ? { ...one, state, ...item } : one)),
  attendees: totalsOf(Array.from({ length: people }, (_, n) => newSeat(`k${n}`, `p${n}@example.com`, 'attendee', 1))),
  refused: [],
  cohorts: 1,
  ...rest,
});

const parts = (...answers: AnsweredPart['answer'][]): AnsweredPart[] =>
  answers.map((answer, n) => ({ name: `w${n}`, id: `spring-w${n}`, answer }));
const lineOf = (progress: Progress | undefined): Item | undefined => progress?.checklist.find(({ id }) => id === LINE);

it('a line is as far as its least part, and says how many have done it', () => {
  const merged = mergedProgress(
    EVENT,
    parts(
      progressWith('passed', {}, { evidence: 'created' }),
      progressWith('failed', {}, { evidence: 'refused', toDo: 'ask an admin' }),
      progressWith('waived'),
    ),
  );
  expect(lineOf(merged)).toMatchObject({
    state: 'failed',
    evidence: '2 of 3 workspaces; w1: refused',
    toDo: 'w1: ask an admin',
  });
});

it.each<[readonly ItemState[], ItemState, string | undefined]>([
  [['passed', 'passed'], 'passed', '2 of 2 workspaces'],
  [['waiting', 'waiting'], 'waiting', undefined],
  [['running', 'passed'], 'running', '1 of 2 workspaces'],
  [['unanswered', 'failed'], 'failed', undefined],
  [['signed off', 'waiting'], 'waiting', '1 of 2 workspaces'],
])('%j together are %s', (states, state, evidence) => {
  const line = lineOf(mergedProgress(EVENT, parts(...states.map((one) => progressWith(one)))));
  expect({ state: line?.state, evidence: line?.evidence }).toEqual({ state, evidence });
});

it('people are summed, the guide is where the last one is, and each part is told', () => {
  const merged = mergedProgress(
    EVENT,
    parts(
      progressWith('passed', { people: 3, heading: 'during', start: 50 }),
      progressWith('passed', { people: 2, heading: 'one week before', end: 900, cohorts: 2 }),
    ),
  );
  expect(merged).toMatchObject({
    workshop: { id: 'spring', title: 'Spring' },
    heading: 'one week before',
    start: 50,
    end: 900,
    cohorts: 3,
    attendees: { attendees: 5 },
    parts: [
      { name: 'w0', id: 'spring-w0', people: 3, heading: 'during' },
      { name: 'w1', id: 'spring-w1', people: 2, heading: 'one week before' },
    ],
  });
});

it('one that is over no longer holds the guide back, and it is over when all are', () => {
  const over = progressWith('passed', { status: 'finished', heading: 'after' });
  const running = progressWith('passed', { heading: 'during' });
  expect(mergedProgress(EVENT, parts(over, running))).toMatchObject({ status: 'running', heading: 'during' });
  expect(mergedProgress(EVENT, parts(over, over))).toMatchObject({ status: 'finished', heading: 'after' });
});

it('paused or called off is only what all are', () => {
  const paused = progressWith('passed', { paused: { by: 'ann', at: 1 } });
  expect(mergedProgress(EVENT, parts(paused, paused))?.paused).toEqual({ by: 'ann', at: 1 });
  const merged = mergedProgress(EVENT, parts(paused, progressWith('passed')));
  expect(merged?.paused).toBeUndefined();
  expect(merged?.parts).toMatchObject([{ isPaused: true }, {}]);
});

it('one that does not answer hides none of the others, and counts as not done', () => {
  const merged = mergedProgress(EVENT, parts(progressWith('passed'), { silence: 'no worker answers' }));
  expect(lineOf(merged)?.evidence).toBe('1 of 2 workspaces');
  expect(merged?.parts?.[1]).toEqual({ name: 'w1', id: 'spring-w1', silence: 'no worker answers' });
  expect(mergedProgress(EVENT, parts({ silence: 'no worker answers' }))).toBeUndefined();
});
