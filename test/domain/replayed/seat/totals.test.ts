import { describe, expect, test } from 'vitest';
import { addTotals, NO_TOTALS, readTotals, totalsOf } from '../../../../src/domain/replayed/seat/totals.ts';
import { newSeat, type Seat } from '../../../../src/domain/replayed/seat/seat.ts';

const seat = (role: Seat['role'], more: Partial<Seat> = {}): Seat => ({
  ...newSeat('k', 'x@example.com', role, 1),
  ...more,
});
const cluster = {
  id: 'c',
  name: 'c',
  state: 'RUNNING',
  shared: true,
  verified: true,
  launchedAt: 0,
  option: 0,
  bootMs: 7,
} as const;
const person = { userName: 'x', workspaceAccess: 'yes' } as const;

describe('totals', () => {
  test('of nobody are nothing', () => {
    expect(totalsOf([])).toEqual(NO_TOTALS);
    expect(addTotals([])).toEqual(NO_TOTALS);
  });

  test('testers on the roster are attendees, guests are not', () => {
    const totals = totalsOf([
      seat('attendee', { state: 'ready', readyAt: 1, person, access: true, letter: '', cluster, clusters: 1, upMs: 5 }),
      seat('tester', { state: 'failed', person }),
      seat('guest tester', { state: 'ready', readyAt: 1, cluster: { ...cluster, bootMs: 9 }, clusters: 2 }),
    ]);
    expect(totals).toEqual({
      attendees: 2,
      byState: { ready: 1, failed: 1 },
      everReady: 1,
      invited: 1,
      withAccess: 1,
      endpointOpen: 0,
      endpointClosed: 0,
      withCluster: 1,
      verified: 1,
      found: 2,
      notInWorkspace: 0,
      guests: 1,
      guestsReady: 1,
      testers: 2,
      testersReady: 1,
      testersAsleep: 0,
      testersFailed: 1,
      seenByThem: 0,
      seenByEvents: 0,
      waitForWorkspace: 0,
      seenFailing: 0,
      notSeeded: 0,
      saved: 0,
      nothingToSave: 0,
      notSaved: 0,
      notLookedAfter: 0,
      toSave: 0,
      twins: 0,
      unwritten: 0,
      checkAskedAt: 0,
      saveAskedAt: 0,
      clustersCreated: 3,
      upMs: 5,
      slowestBootMs: 9,
      startedAgain: 0,
      stuck: 0,
      lastUpAt: 0,
      lastUpAskedAt: 0,
      failingAlike: [],
    });
  });

  test('ready once stays counted; a cluster that is gone does not', () => {
    const totals = totalsOf([
      seat('attendee', { state: 'asleep', readyAt: 1, cluster: { ...cluster, state: 'GONE' } }),
    ]);
    expect(totals).toMatchObject({ everReady: 1, withCluster: 0, byState: { asleep: 1 } });
  });

  test('a tester whose cluster has fallen asleep since it ran is told apart from one whose never ran', () => {
    expect(
      totalsOf([seat('tester', { state: 'asleep', readyAt: 1 }), seat('tester', { state: 'asleep' })]),
    ).toMatchObject({ testersReady: 0, testersAsleep: 1 });
  });

  test('what was seen counts only when it is young enough, what everybody was asked only once all were', () => {
    const proof = (kind: 'attendee' | 'events', at: number, ok = true) => ({ kind, at, ok, said: '' });
    const saved = (state: 'saved' | 'nothing' | 'failed', at: number) => ({ state, at, files: 0, said: '' });
    const due = { check: 10, save: 20 };
    const totals = totalsOf([
      seat('attendee', { due, proof: proof('attendee', 10), saved: saved('saved', 20) }),
      seat('attendee', { due, proof: proof('attendee', 9), saved: saved('saved', 19), cluster }),
      seat('attendee', { due: { check: 12 }, proof: proof('events', 12), saved: saved('nothing', 1) }),
      seat('attendee', { due, proof: proof('attendee', 30, false), saved: saved('failed', 30) }),
    ]);
    expect(totals).toMatchObject({
      seenByThem: 1,
      seenByEvents: 1,
      seenFailing: 1,
      saved: 1,
      nothingToSave: 1,
      notSaved: 1,
      toSave: 1,
      checkAskedAt: 10,
      saveAskedAt: 0,
    });
    expect(addTotals([totals, { ...totals, checkAskedAt: 3, saveAskedAt: 4 }])).toMatchObject({
      seenByThem: 2,
      toSave: 2,
      checkAskedAt: 3,
      saveAskedAt: 0,
    });
  });

  test('what is not totals is told apart', () => {
    const totals = totalsOf([seat('attendee')]);
    expect(readTotals(JSON.parse(JSON.stringify(totals)))).toEqual(totals);
    for (const other of [
      undefined,
      null,
      3,
      [],
      {},
      { ...totals, byState: undefined },
      { ...totals, byState: { ready: 'x' } },
      { ...totals, everReady: '1' },
    ])
      expect(readTotals(other)).toBeUndefined();
  });

  test('a number that an older worker does not know counts as 0, and one that we do not know is left out', () => {
    const { everReady: _, ...older } = totalsOf([seat('attendee', { readyAt: 1 })]);
    expect(readTotals({ ...older, later: 3 })).toEqual({ ...older, everReady: 0 });
  });

  test('nobody found means not in the workspace only once the search has failed', () => {
    expect(totalsOf([seat('attendee'), seat('attendee', { state: 'failed' })]).notInWorkspace).toBe(1);
  });

  test('of several cohorts are those of all their seats', () => {
    const all = [
      seat('attendee', { state: 'ready', clusters: 1 }),
      seat('attendee', { state: 'parked', upMs: 3, cluster }),
      seat('guest tester', { cluster: { ...cluster, bootMs: 20 } }),
      seat('tester', { state: 'ready' }),
    ];
    expect(addTotals([totalsOf(all.slice(0, 1)), totalsOf(all.slice(1, 3)), totalsOf(all.slice(3))])).toEqual(
      totalsOf(all),
    );
  });
});

test('a second address of the same person is nobody else', () => {
  const person = { userName: 'ann@example.com', workspaceAccess: 'yes' } as const;
  const twin = { ...person, sameAs: 'ann@example.com' };
  const seats = [person, twin].map((one, i) => ({ ...newSeat(`k${i}`, `a${i}@x.y`, 'attendee', 1), person: one }));
  expect(totalsOf(seats)).toMatchObject({ attendees: 1, found: 1, twins: 1, byState: { enrolled: 1 } });
});

test('a number that an older version did not carry along counts as nothing', () => {
  const { twins: _, ...older } = totalsOf([seat('attendee')]);
  expect(addTotals([older as typeof NO_TOTALS])).toEqual({ ...older, twins: 0 });
});

describe('what was learnt of launches', () => {
  const launches = { perSecond: 0.8, atOnce: 40, at: 7 };

  test('travels with the totals, the newest of all cohorts', () => {
    const older = totalsOf([seat('attendee', { launches: { perSecond: 1, atOnce: 30, at: 3 } })]);
    const newer = totalsOf([seat('attendee', { launches }), seat('attendee')]);
    expect(addTotals([newer, older, NO_TOTALS]).launches).toEqual(launches);
    expect(readTotals(newer)?.launches).toEqual(launches);
  });

  test('is missing in what an older worker sends, and nonsense of it refuses nothing', () => {
    expect(readTotals({ ...NO_TOTALS })).toEqual(NO_TOTALS);
    expect(readTotals({ ...NO_TOTALS, launches: { perSecond: 'many' } })).toEqual(NO_TOTALS);
  });
});
