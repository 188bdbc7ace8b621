import { expect, test } from 'vitest';
import { checklistFor } from '../../../../src/domain/replayed/checklist/item.ts';
import { newLifecycleState } from '../../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { examplePlan } from '../../plan/example-plan.ts';

test('testers on the roster are attendees too; others are guests', () => {
  const state = newLifecycleState([], ['ann@example.com', 'ben@example.com'], ['ben@example.com', 'tess@example.com']);
  expect(state.toEnrol).toEqual(['ann@example.com', 'ben@example.com', 'tess@example.com']);
  expect(state.guests).toEqual(['tess@example.com']);
  expect(state).toMatchObject({
    v: 1,
    heading: 'first',
    target: 'enrolled',
    testersTarget: 'enrolled',
    cohorts: [],
    refused: [],
  });
});

test('keeps what the roster says of people, of as many as a workshop usually has', () => {
  const details = { 'ann@example.com': { name: 'Ann Example', table: '3' } };
  const state = newLifecycleState([], ['ann@example.com'], [], details);
  expect(state.details).toEqual(details);
  expect(newLifecycleState([], ['ann@example.com'], [])).not.toHaveProperty('details');
});

test('survives being written down, as continue-as-new does', () => {
  const state = newLifecycleState([], ['ann@example.com'], []);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('stays under 512 KB with 10,000 people, before and after they are enrolled', () => {
  const people = Array.from({ length: 10_000 }, (_, n) => `firstname.lastname.${n}@department.example.com`);
  const before = newLifecycleState(checklistFor(examplePlan()), people, []);
  const after = {
    ...newLifecycleState(checklistFor(examplePlan()), [], []),
    seats: Object.fromEntries(people.map((_, n) => [n.toString(16).padStart(16, '0'), Math.floor(n / 500)])),
  };
  const details = Object.fromEntries(people.map((email) => [email, { name: 'Firstname Lastname', table: '12' }]));
  const told = newLifecycleState(checklistFor(examplePlan()), people, [], details);
  for (const state of [before, after, told]) expect(JSON.stringify(state).length).toBeLessThan(512 * 1_024);
});
