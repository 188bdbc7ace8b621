import { expect, test } from 'vitest';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { cluster } from '../../domain/replayed/seat/sample-seats.ts';
import { Places } from '../../../src/workflows/cohort/places.ts';

const place = (key: string, more: Partial<Seat>, closed = false) => ({
  seat: { ...newSeat(key, `${key}@example.com`, 'attendee', 1), ...more },
  seq: 1,
  started: true,
  closed,
});
const failed = (at: number): Partial<Seat> => ({
  state: 'failed',
  failedLaunches: { inARow: 1, class: 'quota', cause: 'quota', at, onEveryMachine: true },
});

test('while launches are stopped, the next to try is who was never tried, then who has waited longest', () => {
  const others = [
    place('ready', { state: 'ready' }),
    place('gone', failed(1), true),
    place('unknown', { state: 'failed' }),
    place('under way', { ...failed(2), state: 'starting' }),
  ];
  const waiting = [place('late', failed(9)), place('early', failed(5))];
  expect(new Places(others).longestWaiting()).toEqual([]);
  expect(new Places([...others, ...waiting]).longestWaiting()).toEqual(['early']);
  expect(new Places([...others, ...waiting, place('new', { state: 'waiting' })]).longestWaiting()).toEqual(['new']);
});

test('what a seat has told of its cluster itself is not passed on to it, unless everything is', () => {
  const mine = () => new Places([place('ann', { cluster: cluster('TERMINATING', { id: 'c-1' }) }), place('bo', {})]);
  const stopping = { clusterId: 'c-1', state: 'TERMINATING' as const };
  expect(mine().listed(stopping, false)).toEqual([]);
  expect(mine().listed(stopping, true)).toEqual(['ann']);
  const stopped = { clusterId: 'c-1', state: 'TERMINATED' as const };
  const places = mine();
  expect(places.listed(stopped, false)).toEqual(['ann']);
  expect(places.known()).toEqual({ 'c-1': 'TERMINATED' });
  expect(places.listed(stopped, false)).toEqual([]);
});
