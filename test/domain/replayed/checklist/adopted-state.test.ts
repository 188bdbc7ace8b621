import { expect, test } from 'vitest';
import { adoptedState } from '../../../../src/domain/replayed/checklist/adopted-state.ts';
import { Checklist } from '../../../../src/domain/replayed/checklist/checklist.ts';
import { checklistFor } from '../../../../src/domain/replayed/checklist/item.ts';
import { newLifecycleState, type LifecycleState } from '../../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { seatKey } from '../../../../src/domain/replayed/seat/seat-key.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const RUN = 'run-1';
const START = Date.parse('2027-03-16T09:00Z');
const [ANN, BEN, CLEO, LATE, LATER] = ['ann', 'ben', 'cleo', 'late', 'later'].map((name) => `${name}@example.com`) as [
  string,
  string,
  string,
  string,
  string,
];
const key = (email: string) => seatKey(RUN, email);
const items = () => checklistFor(examplePlan());
const fresh = () => newLifecycleState(items(), [ANN, BEN, CLEO], []);

/** Cleo was removed; late has a seat, later waits for one; a yes, a no and a waiver were said. */
function before(): LifecycleState {
  const checklist = new Checklist(items());
  checklist.answer('proxy', { yes: true, by: 'Ann', note: 'two laptops' }, 1);
  checklist.answer('support-channel', { yes: false, by: 'Bo' }, 2);
  checklist.waive('endpoint', 'the other team looks', 3, 'Cy');
  checklist.pass('volumes', 'both there', 4);
  return {
    ...newLifecycleState(checklist.items, [], []),
    toEnrol: [LATER],
    seats: { [key(ANN)]: 0, [key(BEN)]: 0, [key(LATE)]: 0 },
    cohorts: [3],
    takenOut: { [key(CLEO)]: { n: 0, by: 'Ann', at: 5 } },
    seatedBefore: { [key(CLEO)]: { n: 0, times: 1 } },
    poolIdleMs: 42,
  };
}

const adopted = (change: Partial<Parameters<typeof adoptedState>[2]> = {}, earlier = before()) =>
  adoptedState(fresh(), earlier, {
    runId: RUN,
    start: START,
    startBefore: START,
    cohortsStay: true,
    file: examplePlan(),
    began: examplePlan(),
    known: [ANN, BEN, LATE],
    ...change,
  });

test('seats, late joiners and removals stay, and what was spent is not forgotten', () => {
  const { state, kept } = adopted();
  expect(state).toMatchObject({ seats: before().seats, cohorts: [3], toEnrol: [LATER], poolIdleMs: 42 });
  expect(state.takenOut).toEqual(before().takenOut);
  expect(state.startTold).toBeUndefined();
  expect(kept).toEqual({ people: 4, addedLate: 2, removed: 1, answers: 3 });
});

test('what people answered stays answered, a no too; what can be looked at is looked at again', () => {
  const line = (id: string) => adopted().state.items.find((item) => item.id === id);
  expect(line('proxy')).toMatchObject({ state: 'signed off', by: 'Ann', evidence: 'two laptops', at: 1 });
  expect(line('support-channel')).toMatchObject({ state: 'failed', by: 'Bo' });
  expect(line('proxy')?.said).toEqual([{ answer: 'yes', by: 'Ann', at: 1, note: 'two laptops' }]);
  expect(line('endpoint')).toMatchObject({ state: 'waived', by: 'Cy' });
  expect(line('volumes')).toMatchObject({ state: 'waiting' });
});

test('what a person said of a canary, by hand, stays said beside its canary; an open question is asked anew', () => {
  const earlier = (id: 'canary-chain' | 'canary-chain-again', after: 'canary' | 'canary-again', isYes: boolean) => {
    const checklist = new Checklist(items());
    const line = { id, heading: 'two weeks before', title: 'Canary by hand', kind: 'sign-off', needs: [] } as const;
    checklist.add({ ...line, state: 'waiting' }, after);
    if (isYes) checklist.answer(id, { yes: true, by: 'Ann', note: 'tunnel works' }, 1);
    return { ...before(), items: checklist.items };
  };
  for (const [id, after] of [
    ['canary-chain', 'canary'],
    ['canary-chain-again', 'canary-again'],
  ] as const) {
    const { state, kept } = adopted({}, earlier(id, after, true));
    const at = state.items.findIndex((item) => item.id === id);
    expect(state.items[at]).toMatchObject({ state: 'signed off', by: 'Ann', evidence: 'tunnel works', at: 1 });
    expect(state.items[at - 1]?.id).toBe(after);
    expect(kept.answers).toBe(1);
    expect(adopted({}, earlier(id, after, false)).state.items.map((item) => item.id)).not.toContain(id);
  }
});

test('a canary that came to its end is gone; one that was cut short is up yet', () => {
  const earlier = (passed: boolean) => {
    const checklist = new Checklist(items());
    if (passed) checklist.pass('canary', 'booted', 1);
    return { ...before(), items: checklist.items, canaryId: 'c-1', canaryAgainId: 'c-2' };
  };
  expect(adopted({}, earlier(true)).state).not.toHaveProperty('canaryId');
  expect(adopted({}, earlier(true)).state).toMatchObject({ canaryAgainId: 'c-2' });
  expect(adopted({}, earlier(false)).state).toMatchObject({ canaryId: 'c-1', canaryAgainId: 'c-2' });
});

test('cohorts that have released their people are not counted on: everybody known is enrolled anew', () => {
  const { state, kept } = adopted({ cohortsStay: false });
  expect(state).toMatchObject({ seats: {}, cohorts: [] });
  expect(state.toEnrol.toSorted()).toEqual([ANN, BEN, LATE, LATER].toSorted());
  expect(kept).toMatchObject({ people: 4, addedLate: 2, removed: 1 });
});

test('another start in the plan is told to everybody who has a letter', () => {
  expect(adopted({ start: START + 1 }).state.startTold).toBe(START + 1);
});

test('what was amended stays so, and what the file says otherwise by now is told to the people, too', () => {
  const log = [{ by: 'Ann', at: 1, fields: ['prices.perDbu'] }];
  const file = { ...examplePlan(), title: 'Written later' };
  const about = { runId: RUN, start: START, startBefore: START, cohortsStay: true, began: examplePlan(), known: [] };
  const known = { ...before(), amended: { fields: { 'prices.perDbu': 2 }, log } };
  expect(adoptedState(fresh(), known, { ...about, file }).state.amended).toEqual({
    fields: { 'prices.perDbu': 2, title: 'Written later' },
    log,
  });
  expect(adopted().state.amended).toBeUndefined();
});

test('the day that was asked for is not asked for again, unless the start has moved or nobody heard it', () => {
  const onTheDay = { ...before(), launched: true, target: 'ready', testersTarget: 'ready' } as const;
  expect(adopted({}, onTheDay).state).toMatchObject({ launched: true, target: 'ready', testersTarget: 'ready' });
  for (const change of [{ start: START + 86_400_000 }, { cohortsStay: false }]) {
    const { state } = adopted(change, onTheDay);
    expect(state.launched).toBeUndefined();
    expect(state.target).toBe(fresh().target);
  }
  expect(adopted().state.launched).toBeUndefined();
});
