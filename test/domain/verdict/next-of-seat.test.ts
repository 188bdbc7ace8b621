import { expect, it } from 'vitest';
import { nextOfSeat } from '../../../src/domain/verdict/next-of-seat.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { progressAt, START } from '../../cli/sample-progress.ts';

const MINUTE = 60_000;
const NOW = START - 60 * MINUTE;
const seat = (more: Partial<Seat>): Seat => ({ ...newSeat('k', 'ann@example.com', 'attendee', 1), ...more });
const booting = {
  id: 'c',
  name: 'n',
  state: 'PENDING',
  shared: true,
  verified: false,
  launchedAt: NOW,
  option: 0,
} as const;
const next = (more: Partial<Seat>, changes: Parameters<typeof progressAt>[1] = {}, launchLimitMs?: number) =>
  nextOfSeat(seat(more), {
    checklist: progressAt('day of', changes).checklist,
    timeline: { dayOf: NOW + 5 * MINUTE, start: START },
    now: NOW,
    launchLimitMs,
  });

it('a failed seat says when it is tried again, and that nothing is launched while launches are stopped', () => {
  expect(next({ state: 'failed', retryAt: NOW + MINUTE })).toEqual({
    words: 'It is tried again by itself:',
    at: NOW + MINUTE,
  });
  expect(next({ state: 'failed', retryAt: NOW - 1 }).words).toBe('It is being tried again now.');
  expect(next({ state: 'failed' }).words).toBe('It is not tried again by itself.');
  const stopped = next({ state: 'failed', retryAt: NOW + MINUTE }, { endpoint: { id: 'launches', state: 'failed' } });
  expect(stopped).toEqual({ words: expect.stringContaining('Launches are stopped for everybody') });
});

it('a cluster that boots says when it is begun anew', () => {
  expect(next({ state: 'creating', cluster: booting }, {}, 20 * MINUTE).at).toBe(NOW + 20 * MINUTE);
  const restarted = { ...booting, state: 'RESTARTING', phaseAt: NOW + MINUTE } as const;
  expect(next({ state: 'starting', cluster: restarted }, {}, 20 * MINUTE).at).toBe(NOW + 21 * MINUTE);
  expect(next({ state: 'creating', cluster: booting }).at).toBeUndefined();
});

it('who waits for a cluster is told which line of the guide it waits for', () => {
  const done = Object.fromEntries(
    ['volumes', 'scripts', 'policy', 'pool'].map((id) => [id, { state: 'passed' } as const]),
  );
  expect(next({ state: 'waiting', target: 'prepared' }, { ...done, canary: { state: 'failed' } }).words).toMatch(
    /^Its cluster is made once this is done: ".*", which is failed\.$/,
  );
  expect(next({ state: 'waiting', target: 'prepared' }, { ...done, canary: { state: 'passed' } }).words).toBe(
    'Its cluster is made as soon as it is its turn.',
  );
});

it('who rests is told until when, and who is well that nothing follows', () => {
  expect(next({ state: 'parked' })).toEqual({
    words: expect.stringContaining('started for the day'),
    at: NOW + 5 * MINUTE,
  });
  expect(next({ state: 'enrolled' })).toMatchObject({ at: NOW + 5 * MINUTE });
  expect(next({ state: 'ready' }).words).toBe('Nothing: it runs, and is watched.');
  expect(next({ state: 'asleep' }).words).toContain('connecting wakes it');
  expect(next({ state: 'released' }).words).toContain('let go of this seat');
});
