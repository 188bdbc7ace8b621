import { describe, expect, test } from 'vitest';
import { isLookedAfter, isProven, stateOf } from '../../../../src/domain/replayed/seat/seat-state.ts';
import { letterIsDue, nextStep } from '../../../../src/domain/replayed/seat/next-step.ts';
import {
  askedAgain,
  found,
  notFoundAgain,
  raised,
  settled as cleared,
  toLookUp,
  unverified,
  unwritten,
  writtenTo,
} from '../../../../src/domain/replayed/seat/transitions.ts';
import type { Seat } from '../../../../src/domain/replayed/seat/seat.ts';
import { whatToSay } from '../../../../src/domain/replayed/diagnosis/what-to-say.ts';
import {
  NOW,
  MINUTE,
  PREPARED,
  NOT_YET,
  ann,
  person,
  settled,
  news,
  seen,
  kept,
  step,
  hear,
  walked,
  withoutLooks,
} from './sample-seats.ts';

describe('what comes next', () => {
  test('nothing, until somebody is invited', () => {
    expect(step(ann())).toBe('rest');
  });

  test('a week before: found, let in, and with pre-provisioning the letter waits for the cluster it names', () => {
    let seat = ann({ target: 'invited' });
    seat = walked(seat, NOT_YET, ['find', 'open']);
    expect(seat.state).toBe('enrolled');
    seat = raised(seat, 'prepared', false);
    seat = walked(seat, PREPARED, ['create', 'share', 'write', 'verify', 'stop']);
    expect(seat).toMatchObject({ state: 'parked', letter: 'c1', clusters: 1 });
  });

  test('without pre-provisioning the letter goes at once, and again when there is a cluster to name', () => {
    const rules = { ...PREPARED, preProvision: false };
    let seat = ann({ target: 'invited' });
    seat = walked(seat, rules, ['find', 'open', 'write']);
    expect(seat.letter).toBe('');
    seat = raised(seat, 'ready', true);
    seat = walked(seat, rules, ['create', 'share', 'write', 'verify']);
    expect(seat).toMatchObject({ state: 'ready', letter: 'c1' });
  });

  test('a letter waits for the cluster, but not when nobody knows when one can be made', () => {
    let seat = ann({ target: 'invited', person, access: true });
    expect(letterIsDue(seat, NOT_YET, NOW)).toBe(false);
    expect(letterIsDue(seat, { ...NOT_YET, held: true }, NOW)).toBe(true);
    seat = { ...seat, letter: '' };
    expect(letterIsDue(seat, { ...NOT_YET, held: true }, NOW)).toBe(false);
  });

  test('on the day a parked cluster is started and nothing else is done', () => {
    let seat = settled('prepared', 'TERMINATED');
    seat = raised(seat, 'ready', true);
    seat = walked(seat, PREPARED, ['start']);
    expect(seat).toMatchObject({ state: 'ready', wake: false, clusters: 0 });
  });

  test('a late joiner goes the whole way in one', () => {
    let seat = ann();
    seat = raised(seat, 'ready', false);
    seat = walked(seat, PREPARED, ['find', 'open', 'create', 'share', 'write', 'verify']);
    expect(seat.state).toBe('ready');
  });

  test('nobody’s cluster is created before policy, script and canary are there', () => {
    expect(step(ann({ target: 'ready', person, access: true }), NOT_YET)).toBe('rest');
    expect(step(ann({ target: 'ready', person, access: true }), PREPARED)).toBe('create');
  });

  test('testers’ clusters are never parked, and stay up until they fall asleep', () => {
    for (const role of ['tester', 'guest tester'] as const) {
      let seat = { ...settled('prepared', 'RUNNING'), role };
      expect(step(seat)).toBe('rest');
      expect(stateOf(seat)).toBe('ready');
    }
    expect(step(settled('prepared', 'RUNNING'))).toBe('stop');
  });

  test('whoever is released leaves, whatever state they are in', () => {
    for (const state of ['PENDING', 'RUNNING', 'TERMINATED', 'GONE'] as const)
      expect(step(settled('released', state))).toBe('leave');
    expect(step(ann({ target: 'released', state: 'failed' }))).toBe('leave');
  });

  test('one that sleeps is left asleep; one that was asked to wake is started', () => {
    expect(step(settled('ready', 'TERMINATED'))).toBe('rest');
    expect(step(settled('ready', 'TERMINATED', { wake: true }))).toBe('start');
    expect(step(settled('prepared', 'TERMINATED', { wake: true }))).toBe('rest');
  });

  test('one that stopped before its script was seen to succeed is started again to be verified', () => {
    let seat = settled('prepared', 'TERMINATED');
    seat = unverified(seat);
    expect(step(seat)).toBe('start');
  });

  test('a look that is older than was asked for is repeated, and so is saving', () => {
    let seat = settled('ready', 'RUNNING', { proof: seen(NOW - MINUTE), saved: kept(NOW - MINUTE) });
    expect(step(seat)).toBe('rest');
    seat = raised(seat, 'ready', false, { check: NOW });
    seat = walked(seat, PREPARED, ['check']);
    seat = raised(seat, 'ready', false, { save: NOW });
    expect(seat.due).toEqual({ check: NOW, save: NOW });
    seat = walked(seat, PREPARED, ['save']);
    expect([isProven(seat), isLookedAfter(seat)]).toEqual([true, true]);
  });

  test('what was seen says nothing of a new cluster, and what was nowhere else is gone with a stop', () => {
    let seat = settled('ready', 'RUNNING', { proof: seen(NOW), saved: { ...kept(NOW), state: 'nothing' } });
    seat = hear(seat, news('TERMINATED', { terminationType: 'SUCCESS' }), NOW).seat;
    expect(seat.saved).toMatchObject({ state: 'asleep', said: expect.stringContaining('is gone') });
    seat = withoutLooks(seat);
    expect([seat.proof, seat.saved]).toEqual([undefined, undefined]);
    seat = { ...seat, saved: kept(NOW) };
    seat = withoutLooks(seat);
    expect(seat.saved).toEqual(kept(NOW));
  });

  test('nobody is woken to be looked at', () => {
    let seat = settled('ready', 'TERMINATED', { proof: seen(NOW - MINUTE), due: { check: NOW, save: NOW } });
    expect(step(seat)).toBe('rest');
    expect([isProven(seat), isLookedAfter(seat)]).toEqual([false, false]);
  });

  test('what was found wrong is looked at again', () => {
    expect(step(settled('ready', 'RUNNING', { proof: seen(NOW, false) }))).toBe('check');
  });

  test('a cluster that its owner woke before the day is theirs until they leave it alone', () => {
    let seat = settled('prepared', 'TERMINATED');
    seat = hear(seat, news('PENDING'), NOW).seat;
    seat = hear(seat, news('RUNNING'), NOW).seat;
    expect([step(seat), stateOf(seat)]).toEqual(['rest', 'ready']);
    seat = hear(seat, news('TERMINATED', { terminationType: 'SUCCESS' }), NOW).seat;
    expect([step(seat), stateOf(seat), seat.cluster?.woken]).toEqual(['rest', 'parked', undefined]);
  });

  test('while a cluster is on its way there is nothing to do', () => {
    for (const state of ['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'] as const)
      expect(step(settled('ready', state, { wake: true }))).toBe('rest');
  });

  test('a cluster that is gone is replaced, and its owner is written to again', () => {
    let seat = settled('ready', 'GONE', { clusters: 1 });
    seat = walked(seat, PREPARED, ['create', 'share', 'write', 'verify']);
    expect(seat).toMatchObject({ letter: 'c2', clusters: 2 });
  });

  test('a pool that was made after the access was opened is opened too', () => {
    let seat = settled('prepared', 'TERMINATED');
    expect(step(seat)).toBe('rest');
    expect(step(seat, { ...PREPARED, poolId: 'pool-1' })).toBe('open');
    expect(step({ ...seat, accessPool: 'pool-1' }, { ...PREPARED, poolId: 'pool-1' })).toBe('rest');
  });
});

describe('a seat that failed', () => {
  const failed = (more: Partial<Seat> = {}) =>
    settled('ready', 'TERMINATED', { state: 'failed', wake: true, retryAt: NOW + MINUTE, ...more });

  test('rests until its next try is due', () => {
    expect(step(failed())).toBe('rest');
    expect(step(failed(), PREPARED, NOW + MINUTE)).toBe('start');
  });

  test('rests for good when no next try was set', () => {
    const { retryAt: _, ...seat } = failed();
    expect(step(seat, PREPARED, NOW + 1_000 * MINUTE)).toBe('rest');
  });

  test('still gets the letter, so that its owner can prepare', () => {
    const seat = ann({ target: 'ready', person, state: 'failed', retryAt: NOW + MINUTE });
    expect([letterIsDue(seat, PREPARED, NOW), step(seat)]).toEqual([true, 'rest']);
    expect(letterIsDue({ ...seat, letter: '' }, PREPARED, NOW)).toBe(false);
  });

  test('gets no letter while nobody knows who it is', () => {
    expect(letterIsDue(ann({ target: 'ready', state: 'failed', retryAt: NOW + MINUTE }), PREPARED, NOW)).toBe(false);
  });

  test('is tried now when somebody asks, however long its pause is, and its cluster is started', () => {
    const stopped = failed({ wake: false, failures: 40, retryAt: NOW + 1_000 * MINUTE });
    const asked = cleared(askedAgain(stopped), NOW);
    expect(asked).toMatchObject({ failures: 0, wake: true });
    expect(step(asked)).toBe('find');
    expect(step(found(asked, person))).toBe('start');
    // Whoever sleeps by their own choice is not woken by it.
    expect(askedAgain(settled('ready', 'TERMINATED')).wake).toBe(false);
  });
});

describe('letters', () => {
  const WHY = { class: 'LETTER_NOT_WRITTEN', cause: 'EACCES: permission denied', toDo: 'x', remedy: 'person' } as const;

  test('one that cannot be written holds up nothing, is told with its cause, and is tried again', () => {
    let seat = ann({ target: 'ready', person, access: true });
    seat = unwritten({ ...seat, letter: '' }, WHY, NOW + MINUTE);
    seat = walked(seat, PREPARED, ['create', 'share', 'verify']);
    expect(seat).toMatchObject({ state: 'ready', letter: '' });
    expect(whatToSay(seat).map(({ cause }) => cause)).toEqual([
      'The letter could not be written: EACCES: permission denied',
    ]);
    expect(letterIsDue(seat, PREPARED, NOW + MINUTE)).toBe(true);
    expect(letterIsDue(askedAgain(seat), PREPARED, NOW)).toBe(true);
    expect(writtenTo(seat, 'c1').letterTrouble).toBeUndefined();
  });
});

describe('looking a person up again', () => {
  const later = toLookUp(settled('prepared', 'TERMINATED'));

  test('comes before anything that costs money, and is done once', () => {
    expect(step(raised(later, 'ready', true))).toBe('find');
    expect(step(raised(found(later, person), 'ready', true))).toBe('start');
  });

  test('holds nobody up when the directory does not answer, only when it says that they may not', () => {
    for (const trouble of ['UNREACHABLE', 'TIMEOUT', 'PERMISSION_DENIED'])
      expect(step(raised(notFoundAgain(later, { class: trouble }), 'ready', true))).toBe('start');
    for (const trouble of ['INACTIVE', 'NOT_IN_WORKSPACE', 'NO_ACCESS'])
      expect(step(raised(notFoundAgain(later, { class: trouble }), 'ready', true))).toBe('find');
  });
});

describe('a second address of the same person', () => {
  const same = { ...person, sameAs: 'ann.example@example.com' };

  test('gets no cluster and no letter, and it is said why', () => {
    const twin = found(ann({ target: 'ready' }), same);
    expect([step(twin), letterIsDue(twin, PREPARED, NOW)]).toEqual(['rest', false]);
    expect(whatToSay(twin)[0]?.cause).toBe(
      'This is the user Ann@example.com of the workspace, who has a seat as ann.example@example.com.',
    );
  });

  test('keeps a cluster that it has', () => {
    expect(step(found(settled('ready', 'TERMINATED', { wake: true }), same))).toBe('start');
  });
});

describe('while a run on another Temporal server holds the workshop', () => {
  const elsewhere = { ...PREPARED, elsewhere: true };

  test('nobody is looked for, nothing is made, woken, stopped or saved, and no letter is written', () => {
    for (const seat of [
      ann({ target: 'ready' }),
      ann({ target: 'ready', person, access: true }),
      settled('ready', 'TERMINATED', { wake: true }),
      settled('prepared', 'RUNNING'),
      settled('ready', 'RUNNING', { due: { check: NOW, save: NOW } }),
      settled('ready', 'GONE'),
      settled('ready', 'TERMINATED', { state: 'failed', retryAt: NOW - 1, wake: true }),
    ]) {
      expect(nextStep(seat, elsewhere, NOW)).toBe('rest');
      expect(nextStep(seat, PREPARED, NOW)).not.toBe('rest');
      const { letter: _, ...unwrittenTo } = seat;
      expect(letterIsDue(unwrittenTo, elsewhere, NOW)).toBe(false);
    }
  });

  test('whoever is released leaves all the same', () => {
    expect(nextStep(ann({ target: 'released' }), elsewhere, NOW)).toBe('leave');
  });
});
