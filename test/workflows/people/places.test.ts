import { expect, test } from 'vitest';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
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
