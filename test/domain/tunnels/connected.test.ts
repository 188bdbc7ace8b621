import { describe, expect, it } from 'vitest';
import {
  notConnectedYet,
  whoIsConnected,
  type Connection,
  type ListedCluster,
  type Listings,
  type PersonConnected,
} from '../../../src/domain/tunnels/connected.ts';
import { keptAwake } from '../../../src/domain/tunnels/kept-awake.ts';
import { roomWords, setupIsOverAt } from '../../../src/domain/tunnels/room.ts';
import { tunnelsOf, type ListedRun } from '../../../src/domain/tunnels/tunnels.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { examplePlan } from '../plan/example-plan.ts';
import { ann, cluster, MINUTE, NOW } from '../replayed/seat/sample-seats.ts';

const HOUR = 60 * MINUTE;
const DAY = { dayOf: NOW - 30 * MINUTE, end: NOW + 4 * HOUR };

const run = (minutesAgo: number, state: NonNullable<ListedRun['state']>, endedMinutesAgo?: number): ListedRun => ({
  run_name: 'ssh-server-bootstrap-c1',
  start_time: NOW - minutesAgo * MINUTE,
  end_time: endedMinutesAgo === undefined ? 0 : NOW - endedMinutesAgo * MINUTE,
  state,
});
const OPEN = { life_cycle_state: 'RUNNING' };
const COMING = { life_cycle_state: 'PENDING' };
const OVER = { life_cycle_state: 'TERMINATED', result_state: 'SUCCESS' };
const FAILED = { life_cycle_state: 'INTERNAL_ERROR', result_state: 'FAILED', state_message: 'no sshd here' };

const listings = (
  state: string | undefined,
  runs: readonly ListedRun[],
  more: Partial<ListedCluster> = {},
): Listings => ({
  clusters: new Map(state === undefined ? [] : [['c1', { state, startedAt: NOW - 20 * MINUTE, ...more }]]),
  tunnels: tunnelsOf(runs),
});
const withCluster = (more: Partial<Seat> = {}) => ann({ state: 'ready', cluster: cluster('RUNNING'), ...more });
const who = (seat: Seat, seen: Listings, now = NOW) => whoIsConnected([seat], seen, DAY, now)[0];

describe('runs of the tunnel', () => {
  it('are told from others by their name, and the newest counts', () => {
    const others = [
      { run_name: 'workshop check', state: OPEN },
      { run_name: 'ssh-server-bootstrap-', state: OPEN },
      {},
    ];
    expect([...tunnelsOf(others)]).toEqual([]);
    expect(tunnelsOf([run(30, FAILED, 29), run(5, OPEN), run(60, OVER, 40)]).get('c1')).toEqual([
      { state: 'open', beganAt: NOW - 5 * MINUTE },
      { state: 'failed', beganAt: NOW - 30 * MINUTE, endedAt: NOW - 29 * MINUTE, said: 'no sshd here' },
      { state: 'over', beganAt: NOW - 60 * MINUTE, endedAt: NOW - 40 * MINUTE },
    ]);
  });
});

describe('a person', () => {
  it.each([
    ['connected', 'RUNNING', [run(5, OPEN)]],
    ['connected', 'RESIZING', [run(5, OPEN), run(9, FAILED, 8)]],
    ['ready', 'RUNNING', []],
    ['ready', 'RUNNING', [run(1, COMING)]],
    ['ready', 'RUNNING', [run(15, OVER, 2)]],
    // The run before this one of the cluster ended with it.
    ['ready', 'RUNNING', [run(40, FAILED, 25)]],
    ['starting', 'PENDING', [run(1, COMING)]],
    ['starting', 'RESTARTING', []],
    // A listing that lags behind: the cluster has gone to sleep.
    ['asleep', 'TERMINATED', [run(30, OPEN)]],
    ['asleep', 'TERMINATING', []],
    ['broken', 'RUNNING', [run(2, FAILED, 1)]],
    ['broken', 'ERROR', []],
    ['broken', undefined, []],
  ] as const)('is %s with a cluster %s and these runs: %j', (state, listed, runs) => {
    expect(who(withCluster(), listings(listed, runs))).toMatchObject({ state, cluster: 'c1' });
  });

  it('is told why they are broken, and what to do', () => {
    const diagnosis = { class: 'quota', cause: 'The quota is used up.', toDo: 'Raise it.', remedy: 'person' } as const;
    const failed = withCluster({ state: 'failed', diagnosis });
    expect(who(failed, listings('TERMINATED', []))).toMatchObject({ cause: diagnosis.cause, toDo: diagnosis.toDo });
    expect(who(failed, listings('RUNNING', [run(5, OPEN)]))?.state).toBe('connected');
    const lost = listings('TERMINATED', [], { failure: 'the machine was lost' });
    expect(who(withCluster(), lost)).toMatchObject({ state: 'broken', cause: expect.stringContaining('was lost') });
    const noServer = listings('RUNNING', [run(2, FAILED, 1)]);
    expect(who(withCluster(), noServer)).toMatchObject({ cause: expect.stringContaining('no sshd here') });
  });

  it('without a cluster waits for one, and a guest or somebody removed is not in the room', () => {
    expect(who(ann(), listings(undefined, []))).toEqual({ email: 'ann@example.com', state: 'starting' });
    const removed = ann({ takenOut: { by: 'Cy', at: NOW } });
    expect(whoIsConnected([removed, ann({ role: 'guest tester' })], listings(undefined, []), DAY, NOW)).toEqual([]);
  });

  it('who was connected today is not missing; who was yesterday is', () => {
    const today = who(withCluster(), listings('RUNNING', [run(25, OVER, 10)]));
    expect(today).toMatchObject({ state: 'ready', until: NOW - 10 * MINUTE });
    const yesterday = who(withCluster(), listings('RUNNING', [run(20 * 60, OVER, 19 * 60)]));
    const connected = who(withCluster(), listings('RUNNING', [run(5, OPEN)]));
    const all = [today, yesterday, connected].filter((one) => one !== undefined);
    expect(notConnectedYet(all)).toEqual([yesterday]);
  });
});

describe('kept awake', () => {
  const { prices } = examplePlan();
  const awake = (seat: Seat, seen: Listings, now: number) => keptAwake([seat], seen, { timeline: DAY, prices, now });
  const open = listings('RUNNING', [run(5, OPEN)], { startedAt: NOW - 10 * HOUR });
  const weekBefore = { ...DAY, dayOf: NOW + 7 * 24 * HOUR, end: NOW + 8 * 24 * HOUR };

  it('is whoever keeps a connection open before the day or after the end, with what it has cost so far', () => {
    const [one] = keptAwake([withCluster()], open, { timeline: weekBefore, prices, now: NOW });
    // Ten hours at 0.25 for the machine and 0.55 for its DBU.
    expect(one).toMatchObject({ email: 'ann@example.com', role: 'attendee', cluster: 'c1', ms: 10 * HOUR, cost: 8 });
    expect(awake(withCluster(), open, DAY.end)).toHaveLength(1);
  });

  it('is nobody during the event, nor whose cluster sleeps or runs without a connection', () => {
    expect(awake(withCluster(), open, NOW)).toEqual([]);
    expect(awake(withCluster(), listings('TERMINATED', [run(5, OPEN)]), DAY.end)).toEqual([]);
    expect(awake(withCluster(), listings('RUNNING', [run(5, OVER, 1)]), DAY.end)).toEqual([]);
  });
});

it('for those who walk the room: who was not connected yet, by table, and when that is said', () => {
  const one = (email: string, state: Connection, more: Partial<PersonConnected> = {}): PersonConnected => ({
    email,
    state,
    ...more,
  });
  const people = [
    one('ann@example.com', 'connected'),
    one('bo@example.com', 'ready', { name: 'Bo', table: '10' }),
    one('cleo@example.com', 'starting', { table: '2' }),
    one('dora@example.com', 'asleep', { until: 1 }),
  ];
  expect(roomWords('spring', people)).toBe(
    'Not connected yet, 2 of 4: cleo@example.com (2), Bo (10). All, by table: bin/workshop connected spring',
  );
  expect(roomWords('spring', people.slice(0, 1))).toBeUndefined();
  expect(setupIsOverAt(examplePlan(), 100 * MINUTE)).toBe(135 * MINUTE);
});
