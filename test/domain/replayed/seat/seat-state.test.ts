import { describe, expect, test } from 'vitest';
import { isMoving, stateOf, wasSavedWithin } from '../../../../src/domain/replayed/seat/seat-state.ts';
import type { ClusterState, Seat, SeatCluster, Target } from '../../../../src/domain/replayed/seat/seat.ts';
import { ann, cluster, settled } from './sample-seats.ts';

describe('the state people see', () => {
  const cases: readonly [Target, ClusterState | undefined, Partial<Seat>, Partial<SeatCluster>, string][] = [
    ['enrolled', undefined, {}, {}, 'enrolled'],
    ['invited', undefined, {}, {}, 'enrolled'],
    ['prepared', undefined, {}, {}, 'waiting'],
    ['prepared', 'GONE', {}, {}, 'waiting'],
    ['prepared', 'PENDING', {}, { verified: false }, 'creating'],
    ['prepared', 'RUNNING', {}, { verified: false }, 'verifying'],
    ['prepared', 'RUNNING', {}, {}, 'verifying'],
    ['prepared', 'TERMINATING', {}, {}, 'parked'],
    ['prepared', 'TERMINATED', {}, {}, 'parked'],
    ['ready', 'TERMINATED', { wake: true }, {}, 'starting'],
    ['ready', 'PENDING', { wake: true }, {}, 'starting'],
    ['ready', 'RESTARTING', {}, {}, 'starting'],
    ['ready', 'RUNNING', {}, {}, 'ready'],
    ['ready', 'TERMINATING', {}, {}, 'asleep'],
    ['ready', 'TERMINATED', {}, {}, 'asleep'],
    ['released', 'RUNNING', {}, {}, 'released'],
  ];
  test.each(cases)('wanted %s, cluster %s %o %o: %s', (target, state, seat, more, shown) => {
    expect(stateOf(ann({ target, ...seat, ...(state ? { cluster: cluster(state, more) } : {}) }))).toBe(shown);
  });
});

test('moving is what is on its way up or down', () => {
  const moving = (state: ClusterState) => isMoving(settled('ready', state));
  expect((['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'] as const).every(moving)).toBe(true);
  expect((['RUNNING', 'TERMINATED', 'ERROR', 'GONE', 'UNKNOWN'] as const).some(moving)).toBe(false);
  expect(isMoving(ann())).toBe(false);
});

test('files that were saved a moment ago are not saved again; what failed, or may have come since, is', () => {
  const saved = (state: NonNullable<Seat['saved']>['state'], at: number) =>
    wasSavedWithin(ann({ saved: { state, at, files: 0, said: '' } }), 60, 1_000);
  expect(saved('saved', 990)).toBe(true);
  expect(saved('nothing', 941)).toBe(true);
  expect(saved('saved', 940)).toBe(false);
  expect(saved('failed', 990)).toBe(false);
  expect(wasSavedWithin(ann(), 60, 1_000)).toBe(false);
});
