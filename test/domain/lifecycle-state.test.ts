import { expect, test } from 'vitest';
import { newLifecycleState } from '../../src/domain/lifecycle-state.ts';

test('testers on the roster are attendees too; others are guests', () => {
  const state = newLifecycleState([], ['ann@example.com', 'ben@example.com'], ['ben@example.com', 'tess@example.com']);
  expect(state.toEnrol).toEqual([
    { email: 'ann@example.com', role: 'attendee' },
    { email: 'ben@example.com', role: 'tester' },
    { email: 'tess@example.com', role: 'guest tester' },
  ]);
  expect(state).toMatchObject({ v: 1, heading: 'first', wanted: 'enrolled', testersWanted: 'enrolled', cohorts: [], refused: [] });
});

test('survives being written down, as continue-as-new does', () => {
  const state = newLifecycleState([], ['ann@example.com'], []);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});
