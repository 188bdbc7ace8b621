import { describe, expect, test } from 'vitest';
import { hearNews } from '../../../../src/domain/replayed/seat/cluster-news.ts';
import { nextStep, type SeatRules } from '../../../../src/domain/replayed/seat/next-step.ts';
import { isLookedAfter, isMoving, isProven, stateOf } from '../../../../src/domain/replayed/seat/seat-state.ts';
import {
  given,
  lookedAfter,
  lookedAt,
  opened,
  found,
  raised,
  shared,
  started,
  stopping,
  unverified,
  writtenTo,
} from '../../../../src/domain/replayed/seat/transitions.ts';
import {
  isSeat,
  newSeat,
  whatIsWrong,
  type ClusterNews,
  type ClusterState,
  type Proof,
  type Saved,
  type Seat,
  type SeatCluster,
  type Target,
} from '../../../../src/domain/replayed/seat/seat.ts';

const NOW = Date.parse('2027-03-16T08:00:00Z');
const MINUTE = 60_000;
const PREPARED: SeatRules = { preProvision: true, mayCreate: true, held: false };
const NOT_YET: SeatRules = { preProvision: true, mayCreate: false, held: false };

const ann = (more: Partial<Seat> = {}): Seat => ({ ...newSeat('k1', 'ann@example.com', 'attendee', 1), ...more });
const person = { userName: 'Ann@example.com', workspaceAccess: 'yes' } as const;
const cluster = (state: ClusterState, more: Partial<SeatCluster> = {}): SeatCluster => ({
  id: 'c1',
  name: 'workshop-ann',
  state,
  shared: true,
  verified: true,
  launchedAt: NOW - 10 * MINUTE,
  option: 0,
  ...more,
});
/** Found, let in, and with a cluster that was shared and written about. */
const settled = (target: Target, state: ClusterState, more: Partial<Seat> = {}): Seat =>
  ann({ target, person, access: true, letter: 'c1', cluster: cluster(state), ...more });
const news = (state: ClusterState, more: Partial<ClusterNews> = {}): ClusterNews => ({
  clusterId: 'c1',
  state,
  ...more,
});
const seen = (at: number, ok = true): Proof => ({ kind: 'attendee', at, ok, said: 'seen' });
const kept = (at: number): Saved => ({ state: 'saved', at, files: 1, said: 'one file' });
const step = (seat: Seat, rules = PREPARED, now = NOW) => nextStep(seat, rules, now);
const hear = hearNews;

/** Does what `nextStep` says as a perfect workspace would, until it rests; returns the steps in order. */
function walk(from: Seat, rules: SeatRules): { readonly seat: Seat; readonly taken: readonly string[] } {
  const taken: string[] = [];
  let seat = from;
  for (let next = step(seat, rules); next !== 'rest' && next !== 'leave'; next = step(seat, rules)) {
    taken.push(next);
    if (taken.length > 30) throw new Error(`never rests: ${taken.join(' ')}`);
    seat = perfectly(seat, next);
  }
  return { seat: { ...seat, state: stateOf(seat) }, taken };
}

function perfectly(seat: Seat, next: string): Seat {
  const id = seat.cluster?.id ?? '';
  switch (next) {
    case 'find':
      return found(seat, person);
    case 'open':
      return opened(seat, 'yes', undefined);
    case 'write':
      return writtenTo(seat, seat.cluster?.shared ? id : undefined);
    case 'create': {
      const made = given(seat, { id: `c${seat.clusters + 1}`, name: 'workshop-ann', launchedAt: NOW });
      return hear(made, { clusterId: made.cluster?.id ?? '', state: 'RUNNING' }, NOW).seat;
    }
    case 'share':
      return shared(seat);
    case 'verify':
    case 'check':
      return lookedAt(seat, seen(NOW));
    case 'save':
      return lookedAfter(seat, kept(NOW));
    case 'stop':
      return hear(stopping(seat), { clusterId: id, state: 'TERMINATED', terminationType: 'SUCCESS' }, NOW).seat;
    case 'start':
      return hear(started(seat, 'starting', NOW), { clusterId: id, state: 'RUNNING' }, NOW).seat;
    default:
      throw new Error(`no such step: ${next}`);
  }
}

/** The seat after it has done all that was missing, which was this. */
function walked(seat: Seat, rules: SeatRules, expected: readonly string[]): Seat {
  const after = walk(seat, rules);
  expect(after.taken).toEqual(expected);
  return after.seat;
}

/** The seat after a listing was read, from which it did or did not die. */
function heard(seat: Seat, said: ClusterNews, now: number, died: boolean): Seat {
  const after = hear(seat, said, now);
  expect(after.died).toBe(died);
  return after.seat;
}

/** Its cluster is replaced: what was seen on the old one says nothing. */
const withoutLooks = (seat: Seat): Seat => given(seat, { id: 'another', name: 'workshop-ann', launchedAt: NOW });

test('what is wrong with a seat is known while it is tried again, and forgotten when it is well', () => {
  const last = { class: 'stockout', cause: 'no machine', toDo: 'wait', remedy: 'other-node-type' } as const;
  expect(whatIsWrong(ann({ state: 'creating', failures: 1, lost: { launches: 1, last } }))).toBe(last);
  expect(whatIsWrong(ann({ state: 'ready', failures: 0, lost: { launches: 1, last } }))).toBeUndefined();
});

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
    expect(step(seat, NOT_YET)).toBe('rest');
    expect(step(seat, { ...NOT_YET, held: true })).toBe('write');
    seat = { ...seat, letter: '' };
    expect(step(seat, { ...NOT_YET, held: true })).toBe('rest');
  });

  test('what is not a seat is told apart', () => {
    expect(isSeat(JSON.parse(JSON.stringify(settled('ready', 'RUNNING'))))).toBe(true);
    for (const other of [undefined, 7, {}, { ...ann(), target: 'the moon' }, { ...ann(), cluster: { id: 1 } }])
      expect(isSeat(other)).toBe(false);
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
    let seat = ann({ target: 'ready', person, state: 'failed', retryAt: NOW + MINUTE });
    expect(step(seat)).toBe('write');
    expect(step({ ...seat, letter: '' })).toBe('rest');
  });

  test('gets no letter while nobody knows who it is', () => {
    expect(step(ann({ target: 'ready', state: 'failed', retryAt: NOW + MINUTE }))).toBe('rest');
  });
});

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

describe('news from a listing', () => {
  test('a boot is measured from its launch', () => {
    let seat = settled('ready', 'PENDING', { wake: true });
    seat = heard(seat, news('RUNNING'), NOW, false);
    expect(seat).toMatchObject({ wake: false, cluster: { state: 'RUNNING', bootMs: 10 * MINUTE } });
  });

  test('stopped by itself is sleep; its time is added to what was used', () => {
    for (const terminationCode of ['INACTIVITY', 'USER_REQUEST']) {
      let seat = settled('ready', 'RUNNING', { readyAt: NOW - MINUTE });
      seat = heard(
        seat,
        news('TERMINATED', { terminatedAt: NOW, terminationCode, terminationType: 'SUCCESS' }),
        NOW + MINUTE,
        false,
      );
      expect(stateOf(seat)).toBe('asleep');
      expect(seat.upMs).toBe(10 * MINUTE);
    }
  });

  test('anything else it died of is a failure', () => {
    for (const terminationType of ['CLIENT_ERROR', 'SERVICE_FAULT', 'CLOUD_FAILURE']) {
      heard(
        settled('ready', 'PENDING'),
        news('TERMINATED', { terminatedAt: NOW, terminationCode: 'X', terminationType }),
        NOW,
        true,
      );
    }
  });

  test('said twice, it counts once', () => {
    let seat = settled('ready', 'RUNNING');
    const died = news('TERMINATED', { terminatedAt: NOW, terminationCode: 'X', terminationType: 'CLOUD_FAILURE' });
    seat = heard(seat, died, NOW, true);
    const after = structuredClone(seat);
    seat = heard(seat, died, NOW + MINUTE, false);
    expect(seat).toEqual(after);
  });

  test('the end of the run before the last launch is old', () => {
    let seat = settled('ready', 'PENDING', { wake: true });
    seat = heard(
      seat,
      news('TERMINATED', { terminatedAt: NOW - 20 * MINUTE, terminationType: 'CLOUD_FAILURE' }),
      NOW,
      false,
    );
    expect(seat).toMatchObject({ upMs: 0, cluster: { state: 'PENDING' } });
  });

  test('of another cluster, or for a seat without one, changes nothing', () => {
    let seat = settled('ready', 'RUNNING');
    seat = heard(seat, { clusterId: 'c9', state: 'GONE' }, NOW, false);
    expect(seat.cluster?.state).toBe('RUNNING');
    heard(ann(), news('RUNNING'), NOW, false);
  });

  test('gone from every listing, it is made again', () => {
    let seat = settled('ready', 'RUNNING');
    seat = heard(seat, news('GONE'), NOW, false);
    expect(stateOf(seat)).toBe('waiting');
    expect(step(seat)).toBe('create');
  });

  test('woken by its owner, the new run begins now', () => {
    let seat = settled('ready', 'TERMINATED', { upMs: 5 * MINUTE });
    seat = hear(seat, news('PENDING'), NOW).seat;
    seat = hear(seat, news('RUNNING'), NOW + 3 * MINUTE).seat;
    expect(seat).toMatchObject({ upMs: 5 * MINUTE, cluster: { launchedAt: NOW, bootMs: 3 * MINUTE } });
    const asleep = news('TERMINATED', { terminatedAt: NOW + 8 * MINUTE, terminationType: 'SUCCESS' });
    seat = hear(seat, asleep, NOW + 9 * MINUTE).seat;
    expect(seat.upMs).toBe(13 * MINUTE);
  });

  test('moving is what is on its way up or down', () => {
    const moving = (state: ClusterState) => isMoving(settled('ready', state));
    expect((['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'] as const).every(moving)).toBe(true);
    expect((['RUNNING', 'TERMINATED', 'ERROR', 'GONE', 'UNKNOWN'] as const).some(moving)).toBe(false);
    expect(isMoving(ann())).toBe(false);
  });
});

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

  test('a pool that was made after the access was opened is opened too', () => {
    let seat = settled('prepared', 'TERMINATED');
    expect(step(seat)).toBe('rest');
    expect(step(seat, { ...PREPARED, poolId: 'pool-1' })).toBe('open');
    expect(step({ ...seat, accessPool: 'pool-1' }, { ...PREPARED, poolId: 'pool-1' })).toBe('rest');
  });
});
