import { describe, expect, test } from 'vitest';
import { overdueAt } from '../../../../src/domain/replayed/diagnosis/hung-launch.ts';
import { given, raised, stopping } from '../../../../src/domain/replayed/seat/transitions.ts';
import { NOW, MINUTE, ann, cluster, settled, news, step, hear, heard } from './sample-seats.ts';

describe('raising the target', () => {
  test('goes up and never down', () => {
    let seat = ann();
    for (const [wish, stands] of [
      ['prepared', 'prepared'],
      ['invited', 'prepared'],
      ['ready', 'ready'],
      ['enrolled', 'ready'],
      ['released', 'released'],
      ['ready', 'released'],
    ] as const) {
      seat = raised(seat, wish, false);
      expect(seat.target).toBe(stands);
    }
  });

  test('waking is for those who are to be ready, and shows being ready anew', () => {
    let parked = settled('invited', 'TERMINATED', { readyAt: NOW });
    parked = raised(parked, 'prepared', true);
    expect(parked).toMatchObject({ wake: false, readyAt: NOW });
    parked = raised(parked, 'ready', true);
    expect(parked.wake).toBe(true);
    expect(parked.readyAt).toBeUndefined();
  });

  test('who runs already need not wake', () => {
    let seat = settled('prepared', 'RUNNING');
    seat = raised(seat, 'ready', true);
    expect(seat.wake).toBe(false);
    expect(step(seat)).toBe('rest');
  });

  test('a stop that was on its way when the seat was wanted awake is made good', () => {
    let seat = settled('prepared', 'RUNNING');
    seat = raised(seat, 'ready', true);
    seat = stopping(seat);
    expect(seat).toMatchObject({ wake: true });
    expect(seat.readyAt).toBeUndefined();
    seat = hear(seat, news('TERMINATED', { terminatedAt: NOW, terminationType: 'SUCCESS' }), NOW).seat;
    expect(step(seat)).toBe('start');
  });

  test('a listing from before the stop is not believed, and nobody sleeps who was wanted awake and never was', () => {
    let seat = settled('prepared', 'RUNNING');
    seat = stopping(seat);
    seat = raised(seat, 'ready', true);
    seat = heard(seat, news('RUNNING'), NOW, false);
    expect(seat).toMatchObject({ wake: true, cluster: { state: 'TERMINATING' } });
    expect(seat.readyAt).toBeUndefined();
    seat = hear(seat, news('TERMINATED', { terminatedAt: NOW, terminationType: 'SUCCESS' }), NOW).seat;
    expect(step(seat)).toBe('start');

    // Whatever it was that took the wish away: without ever having been ready it is not sleep.
    let forgotten = settled('ready', 'RUNNING');
    forgotten = hear(forgotten, news('TERMINATED', { terminatedAt: NOW, terminationType: 'SUCCESS' }), NOW).seat;
    expect(step(forgotten)).toBe('start');

    // Twice is no accident: its owner has started it again between two listings.
    let restarted = settled('prepared', 'RUNNING');
    restarted = stopping(restarted);
    restarted = hear(restarted, news('RUNNING'), NOW).seat;
    restarted = hear(restarted, news('RUNNING'), NOW).seat;
    expect(restarted.cluster?.state).toBe('RUNNING');
  });

  test('news that were overtaken by later ones change nothing', () => {
    let seat = settled('prepared', 'RUNNING');
    seat = stopping(seat);
    seat = hear(seat, news('TERMINATED', { terminatedAt: NOW - MINUTE, terminationType: 'SUCCESS' }), NOW).seat;
    const before = structuredClone(seat);
    seat = heard(seat, news('TERMINATING'), NOW + MINUTE, false);
    seat = heard(
      seat,
      news('TERMINATED', { terminatedAt: NOW - MINUTE, terminationType: 'SUCCESS' }),
      NOW + MINUTE,
      false,
    );
    expect(seat).toEqual(before);
    seat = raised(seat, 'ready', true);
    expect(step(seat)).toBe('start');
  });
});

test('a cluster that was there already is not late at once, and teaches no boot time', () => {
  const long = { id: 'c1', name: 'workshop-ann', launchedAt: NOW - 600 * MINUTE, phaseAt: NOW };
  const taken = given(ann({ target: 'ready' }), long);
  expect(overdueAt(taken, { launch: 30 * MINUTE })).toBe(NOW + 30 * MINUTE);
  expect(hear(taken, news('RUNNING'), NOW).seat.cluster?.bootMs).toBeUndefined();
});

test('a restart is overdue after its own time, not after its launch’s', () => {
  const up = settled('ready', 'RUNNING', { cluster: cluster('RUNNING', { launchedAt: NOW - 120 * MINUTE }) });
  const restarting = hear(up, news('RESTARTING'), NOW).seat;
  expect(overdueAt(restarting, { launch: 30 * MINUTE })).toBe(NOW + 30 * MINUTE);
});
