import { expect, test } from 'vitest';
import type { Diagnosis } from '../../../../src/domain/replayed/diagnosis/diagnosis.ts';
import { failed, type Cost } from '../../../../src/domain/replayed/seat/failing.ts';
import { newSeat, type Seat } from '../../../../src/domain/replayed/seat/seat.ts';
import { raised } from '../../../../src/domain/replayed/seat/transitions.ts';
import { paceAt } from '../../../../src/domain/replayed/time/pace.ts';

const NOW = 1_000_000;
const pace = paceAt(1);
const seat = (more: Partial<Seat> = {}): Seat => ({
  ...newSeat('k', 'x@example.com', 'attendee', 1),
  target: 'ready',
  ...more,
});
const trouble = (remedy: Diagnosis['remedy']): Diagnosis => ({ class: 'x', cause: 'x', toDo: 'x', remedy });
const fail = (from: Seat, remedy: Diagnosis['remedy'], cost: Cost = 'a call', isEventOn = false) =>
  failed(from, trouble(remedy), { cost, otherMachines: 2, pace, now: NOW, isEventOn });

test('what may mend itself is tried again soon, and ever later', () => {
  const first = fail(seat(), 'again');
  const second = fail(first, 'again');
  expect(first).toMatchObject({ state: 'failed', failures: 1, retryAt: NOW + 2 * pace.retryFirst });
  expect(second.retryAt).toBe(NOW + 4 * pace.retryFirst);
  expect(fail(fail(second, 'again'), 'again').retryAt).toBe(NOW + pace.recheck);
});

test('what costs a machine is tried ever more rarely, up to a day', () => {
  expect(fail(seat(), 'person', 'a launch').retryAt).toBe(NOW + pace.recheck);
  expect(fail(seat({ failures: 2 }), 'person', 'a launch').retryAt).toBe(NOW + 4 * pace.recheck);
  expect(fail(seat({ failures: 40 }), 'person', 'a look').retryAt).toBe(NOW + pace.reminder);
});

test('what costs nothing is tried ever more rarely, and at least every two hours', () => {
  expect(fail(seat(), 'person').retryAt).toBe(NOW + pace.recheck);
  expect(fail(seat({ failures: 2 }), 'person').retryAt).toBe(NOW + 4 * pace.recheck);
  expect(fail(seat({ failures: 40 }), 'person').retryAt).toBe(NOW + pace.longestRetry);
  expect(fail(seat({ failures: 40 }), 'again').retryAt).toBe(NOW + pace.longestRetry);
});

test('what is everybody’s trouble is left to the check that is made for all, and tried alone only now and then', () => {
  const refused: Diagnosis = { ...trouble('person'), class: 'credentials' };
  const rules = { cost: 'a call', otherMachines: 0, pace, now: NOW } as const;
  expect(failed(seat(), refused, { ...rules, isEventOn: false }).retryAt).toBe(NOW + 5 * pace.recheck);
  expect(failed(seat({ failures: 40 }), refused, { ...rules, isEventOn: false }).retryAt).toBe(
    NOW + 5 * pace.longestRetry,
  );
  expect(failed(seat({ failures: 40 }), refused, { ...rules, isEventOn: true }).retryAt).toBe(
    NOW + 5 * pace.eventRetry,
  );
});

test('launches that came to nothing are counted, with what the last died of', () => {
  const twice = fail(fail(seat(), 'again', 'a launch'), 'person', 'a launch');
  expect(twice.lost).toEqual({ launches: 2, last: trouble('person') });
  expect(fail(seat(), 'again').lost).toBeUndefined();
});

test('node types go round: after the last one the pool is tried again', () => {
  let tried = seat();
  const options = Array.from({ length: 4 }, () => {
    tried = fail(tried, 'other-node-type', 'a launch');
    return tried.option;
  });
  expect(options).toEqual([1, 2, 0, 1]);
});

test('where there is no other machine, the same one is tried again', () => {
  const alone = { cost: 'a launch', otherMachines: 0, pace, now: NOW, isEventOn: false } as const;
  expect(failed(seat(), trouble('other-node-type'), alone).option).toBe(0);
});

test('the day begins anew with the machine that was planned', () => {
  const moved = fail(seat({ target: 'prepared' }), 'other-node-type', 'a launch');
  expect(raised(moved, 'prepared', false).option).toBe(1);
  expect(raised(moved, 'ready', true).option).toBe(0);
});

test('while the event is on nobody waits longer than two minutes for a next try', () => {
  for (const remedy of ['again', 'other-node-type', 'person', 'restart'] as const)
    for (const cost of ['a launch', 'a look', 'a call'] as const)
      for (const failures of [0, 3, 40]) {
        const { retryAt = Infinity } = fail(seat({ failures }), remedy, cost, true);
        expect(retryAt - NOW).toBeLessThanOrEqual(2 * 60_000);
      }
});

test('a cluster that died is brought back; one that only does not serve may sleep', () => {
  expect(fail(seat(), 'again', 'a launch').wake).toBe(true);
  expect(fail(seat(), 'person', 'a look').wake).toBe(false);
  expect(fail(seat(), 'restart', 'a look').wake).toBe(true);
  expect(fail(seat({ target: 'prepared' }), 'again', 'a launch').wake).toBe(false);
});
