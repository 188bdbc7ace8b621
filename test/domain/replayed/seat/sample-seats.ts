import { expect } from 'vitest';
import { hearNews } from '../../../../src/domain/replayed/seat/cluster-news.ts';
import { letterIsDue, nextStep, type SeatRules } from '../../../../src/domain/replayed/seat/next-step.ts';
import { stateOf } from '../../../../src/domain/replayed/seat/seat-state.ts';
import {
  given,
  lookedAfter,
  lookedAt,
  opened,
  found,
  shared,
  started,
  stopping,
  writtenTo,
} from '../../../../src/domain/replayed/seat/transitions.ts';
import {
  newSeat,
  type ClusterNews,
  type ClusterState,
  type Proof,
  type Saved,
  type Seat,
  type SeatCluster,
  type Target,
} from '../../../../src/domain/replayed/seat/seat.ts';

/** A Tuesday morning: the clock of every test of seats. */
export const NOW = Date.parse('2027-03-16T08:00:00Z');
/** In milliseconds. */
export const MINUTE = 60_000;
/** Everything is there that a cluster needs. */
export const PREPARED: SeatRules = { preProvision: true, mayCreate: true, held: false };
/** Clusters may not be created yet. */
export const NOT_YET: SeatRules = { preProvision: true, mayCreate: false, held: false };

/** Ann's seat, enrolled and nothing more. */
export const ann = (more: Partial<Seat> = {}): Seat => ({
  ...newSeat('k1', 'ann@example.com', 'attendee', 1),
  ...more,
});
/** Ann, as the workspace knows her. */
export const person = { userName: 'Ann@example.com', workspaceAccess: 'yes' } as const;
/** Ann's cluster, launched ten minutes ago, shared with her and verified. */
export const cluster = (state: ClusterState, more: Partial<SeatCluster> = {}): SeatCluster => ({
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
export const settled = (target: Target, state: ClusterState, more: Partial<Seat> = {}): Seat =>
  ann({ target, person, access: true, letter: 'c1', cluster: cluster(state), ...more });
/** What a listing says of Ann's cluster. */
export const news = (state: ClusterState, more: Partial<ClusterNews> = {}): ClusterNews => ({
  clusterId: 'c1',
  state,
  ...more,
});
/** Looked at by a job that ran as her. */
export const seen = (at: number, ok = true): Proof => ({ kind: 'attendee', at, ok, said: 'seen' });
/** What lies outside her work folder was saved. */
export const kept = (at: number): Saved => ({ state: 'saved', at, files: 1, said: 'one file' });
/** What comes next for a seat. */
export const step = (seat: Seat, rules = PREPARED, now = NOW) => nextStep(seat, rules, now);
/** A letter, which is written beside everything else, or what comes next. */
const letterOrStep = (seat: Seat, rules: SeatRules) => (letterIsDue(seat, rules, NOW) ? 'write' : step(seat, rules));
/** A seat takes in what a listing says. */
export const hear = hearNews;

/** Does what `nextStep` says as a perfect workspace would, until it rests; returns the steps in order. */
function walk(from: Seat, rules: SeatRules): { readonly seat: Seat; readonly taken: readonly string[] } {
  const taken: string[] = [];
  let seat = from;
  for (let next = letterOrStep(seat, rules); next !== 'rest' && next !== 'leave'; next = letterOrStep(seat, rules)) {
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
export function walked(seat: Seat, rules: SeatRules, expected: readonly string[]): Seat {
  const after = walk(seat, rules);
  expect(after.taken).toEqual(expected);
  return after.seat;
}

/** The seat after a listing was read, from which it did or did not die. */
export function heard(seat: Seat, said: ClusterNews, now: number, died: boolean): Seat {
  const after = hear(seat, said, now);
  expect(after.died).toBe(died);
  return after.seat;
}

/** Its cluster is replaced: what was seen on the old one says nothing. */
export const withoutLooks = (seat: Seat): Seat => given(seat, { id: 'another', name: 'workshop-ann', launchedAt: NOW });
