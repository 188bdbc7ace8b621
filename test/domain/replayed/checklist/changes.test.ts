import { expect, test } from 'vitest';
import { Checklist } from '../../../../src/domain/replayed/checklist/checklist.ts';
import { checklistFor } from '../../../../src/domain/replayed/checklist/item.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const NOW = 1_000;

/** A fresh checklist, and how often it told that it changed. */
function open() {
  const told = { changes: 0 };
  const list = new Checklist(checklistFor(examplePlan()), () => (told.changes += 1));
  return { list, told };
}

test('what an item went through is seen in it, and told each time', () => {
  const { list, told } = open();
  list.begin('rights', NOW);
  expect(list.item('rights')).toMatchObject({ state: 'running', at: NOW });
  list.fail('rights', 'ask an admin', NOW + 1, 'no');
  expect(list.item('rights')).toMatchObject({ state: 'failed', evidence: 'no', toDo: 'ask an admin', at: NOW + 1 });
  list.pass('rights', 'read back', NOW + 2);
  expect(list.item('rights')).toMatchObject({ state: 'passed', evidence: 'read back', at: NOW + 2 });
  expect(list.item('rights')).not.toHaveProperty('toDo');
  expect(told.changes).toBe(3);
});

test('what was cut short is as it was before', () => {
  const { list } = open();
  list.begin('rights', NOW);
  list.cutShort('rights', false, NOW);
  expect(list.item('rights')?.state).toBe('waiting');
  list.begin('rights', NOW);
  list.cutShort('rights', true, NOW);
  expect(list.item('rights')?.state).toBe('failed');
});

test('left out, waived and unanswered are told apart from passed', () => {
  const { list } = open();
  list.leaveOut('pool-warms', 'no time', NOW);
  expect(list.item('pool-warms')).toMatchObject({ state: 'waived', evidence: 'left out: no time' });
  list.waive('canary', 'seen by hand', NOW, 'Ann');
  expect(list.item('canary')).toMatchObject({ state: 'waived', evidence: 'seen by hand', by: 'Ann' });
  list.expire('proxy', NOW);
  expect(list.item('proxy')).toMatchObject({ state: 'unanswered', askedAt: NOW });
  expect([list.isDone('canary'), list.isDone('proxy')]).toEqual([true, false]);
});

test('a sign-off is asked once, and a no is a failure with a name', () => {
  const { list } = open();
  list.ask('proxy', 50);
  list.ask('proxy', 99);
  list.ask('rights', 50);
  expect([list.item('proxy')?.deadline, list.item('rights')?.deadline]).toEqual([50, undefined]);
  list.answer('proxy', { yes: false, by: 'Ben' }, NOW);
  expect(list.item('proxy')).toMatchObject({ state: 'failed', by: 'Ben', evidence: 'said no' });
  list.answer('proxy', { yes: true, by: 'Ann', note: 'two laptops' }, NOW);
  expect(list.item('proxy')).toMatchObject({ state: 'signed off', by: 'Ann', evidence: 'two laptops' });
});

test('every answer is kept, a no between two yeses and a waiver too, whatever becomes of the line', () => {
  const { list } = open();
  list.answer('proxy', { yes: true, by: 'Ann', note: 'two laptops' }, NOW);
  list.answer('proxy', { yes: false, by: 'Ben' }, NOW + 1);
  list.answer('proxy', { yes: true, by: 'Ann' }, NOW + 2);
  list.reopen(['proxy'], NOW + 3);
  list.waive('proxy', 'no time', NOW + 4, 'Cy');
  list.waive('proxy', 'the workshop was cancelled', NOW + 5);
  expect(list.item('proxy')?.said).toEqual([
    { answer: 'yes', by: 'Ann', at: NOW, note: 'two laptops' },
    { answer: 'no', by: 'Ben', at: NOW + 1 },
    { answer: 'yes', by: 'Ann', at: NOW + 2 },
    { answer: 'waived', by: 'Cy', at: NOW + 4, note: 'no time' },
  ]);
  for (let n = 0; n < 50; n += 1) list.answer('proxy', { yes: true, by: 'a script' }, NOW);
  expect(list.item('proxy')?.said).toHaveLength(20);
});

test('a line that the plan does not have changes nothing and tells nothing', () => {
  const { list, told } = open();
  list.begin('grants', NOW);
  list.pass('grants', 'x', NOW);
  expect([list.item('grants'), told.changes, list.hasEnded('grants')]).toEqual([undefined, 0, true]);
});

test('a line is added after another, once, and what is known of it may change', () => {
  const { list } = open();
  const item = {
    id: 'canary-chain',
    heading: 'first',
    title: 'by hand',
    kind: 'sign-off',
    needs: [],
    state: 'waiting',
  } as const;
  list.add(item, 'canary');
  list.add({ ...item, title: 'twice' }, 'canary');
  const ids = list.items.map(({ id }) => id);
  expect(ids.filter((id) => id === 'canary-chain')).toHaveLength(1);
  expect(ids.indexOf('canary-chain')).toBe(ids.indexOf('canary') + 1);
  list.show('canary-chain', { toDo: 'type this' });
  expect(list.item('canary-chain')).toMatchObject({ title: 'by hand', toDo: 'type this' });
  list.show('canary-chain', { toDo: undefined });
  expect(list.item('canary-chain')).not.toHaveProperty('toDo');
});

test('a heading is settled when only people and failures are left, and a blocking sign-off holds it', () => {
  const list = new Checklist(checklistFor({ ...examplePlan(), blocking: ['proxy'] }));
  for (const { id, kind, heading } of list.items)
    if (heading === 'first' || (heading === 'two weeks before' && kind !== 'sign-off')) list.pass(id, 'x', NOW);
  expect(list.isSettled('two weeks before')).toBe(false);
  list.ask('proxy', 50);
  expect(list.isHeld).toBe(true);
  list.answer('proxy', { yes: true, by: 'Ann' }, NOW);
  expect([list.isSettled('two weeks before'), list.isHeld]).toEqual([true, false]);
  list.fail('canary', 'x', NOW);
  expect(list.isSettled('two weeks before')).toBe(true);
});
