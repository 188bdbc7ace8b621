import { describe, expect, it } from 'vitest';
import { forecast } from '../../../src/domain/verdict/forecast.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { ann, MINUTE, NOW } from '../replayed/seat/sample-seats.ts';
import { SimulatedWave, type WaveRules } from './simulated-wave.ts';

const BOOT_MS = 4 * MINUTE;
const RULES = { now: NOW, start: NOW + 30 * MINUTE, speed: 1, bootMs: BOOT_MS };
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** How far off, as a share of the whole wave, each forecast was that was asked for from its middle on. */
function misses(rules: WaveRules): number[] {
  const wave = new SimulatedWave(rules);
  const tookMs = wave.endedAt - wave.beganAt;
  const off: number[] = [];
  for (let now = wave.beganAt + tookMs / 2; now < wave.endedAt; now += MINUTE) {
    const { allReadyAt = 0 } = forecast(wave.seatsAt(now), { ...RULES, now }) ?? {};
    off.push(Math.abs(allReadyAt - wave.endedAt) / tookMs);
  }
  return off;
}

describe('asked every minute from half of the wave on', () => {
  const throttled = { people: 140, burst: 3, perSecond: 0.05, bootMs: BOOT_MS };
  it.each([
    ['one in ten failing, clusters made the week before', { ...throttled, failing: 0.1, preProvision: true }],
    ['one in ten failing, clusters made on the day', { ...throttled, failing: 0.1, preProvision: false }],
    ['none failing, four times as quick', { ...throttled, burst: 10, perSecond: 0.2, failing: 0, preProvision: true }],
  ])('is never more than 15 percent off: throttled launches, %s', (_, rules) => {
    for (const seed of SEEDS) expect(Math.max(...misses({ ...rules, seed })), `seed ${seed}`).toBeLessThanOrEqual(0.15);
  });

  it('is less sure where one launch that fails late is a quarter of the wave', () => {
    const rules = { people: 140, burst: 10, perSecond: 0.2, bootMs: BOOT_MS, failing: 0.1, preProvision: true };
    const all = SEEDS.flatMap((seed) => misses({ ...rules, seed }));
    expect(all.reduce((sum, off) => sum + off, 0) / all.length).toBeLessThan(0.1);
    expect(Math.max(...all)).toBeLessThan(0.25);
  });
});

const up: Seat = ann({
  state: 'ready',
  target: 'ready',
  readyAt: NOW,
  cluster: {
    id: 'c',
    name: 'c',
    state: 'RUNNING',
    shared: true,
    verified: true,
    option: 0,
    launchedAt: NOW - BOOT_MS,
    bootMs: BOOT_MS,
  },
});
const refused: Seat = ann({
  state: 'failed',
  target: 'ready',
  failures: 1,
  diagnosis: { class: 'person unknown', cause: 'Nobody of that name.', toDo: 'Add them.', remedy: 'person' },
});
const waiting: Seat = ann({ state: 'waiting', target: 'ready' });

it('says the same to whoever asks twice', () => {
  const seats = new SimulatedWave({
    people: 30,
    burst: 1,
    perSecond: 0.1,
    bootMs: BOOT_MS,
    failing: 0.1,
    preProvision: true,
    seed: 1,
  }).seatsAt(NOW + 4 * MINUTE);
  expect(forecast(seats, { ...RULES, now: NOW + 4 * MINUTE })).toEqual(
    forecast(seats, { ...RULES, now: NOW + 4 * MINUTE }),
  );
});

it('forecasts nothing before the day, when only testers are wanted ready; who is told last is waited for', () => {
  const parked = ann({ state: 'parked', target: 'prepared' });
  expect(forecast([parked], RULES)).toBeUndefined();
  expect(forecast([{ ...up, role: 'tester' }, parked], RULES)).toBeUndefined();
  expect(forecast([up, up, parked], RULES)).toMatchObject({ people: 3, ready: 2 });
});

it('all are ready: since when', () => {
  expect(forecast([up, up], RULES)).toEqual({ people: 2, ready: 2, needPerson: 0, allReadyAt: NOW, readyByStart: 2 });
});

it('promises nothing of those who need a person, and counts no tester who is not an attendee', () => {
  expect(forecast([up, refused, { ...up, role: 'guest tester' }], RULES)).toEqual({
    people: 2,
    ready: 1,
    needPerson: 1,
    allReadyAt: NOW,
    readyByStart: 1,
  });
  const nobody = forecast([refused], RULES);
  expect(nobody).toEqual({ people: 1, ready: 0, needPerson: 1, readyByStart: 0 });
});

it('what fails again and again will not come up by itself', () => {
  const again = (inARow: number) =>
    ann({
      state: 'starting',
      target: 'ready',
      failures: inARow,
      failedLaunches: { inARow, class: 'quota', cause: '', at: NOW, onEveryMachine: true },
      diagnosis: { class: 'quota', cause: '', toDo: '', remedy: 'other-node-type' },
    });
  expect(forecast([again(3)], RULES)).toMatchObject({ needPerson: 0 });
  expect(forecast([again(4)], RULES)).toMatchObject({ needPerson: 1 });
});

it('before anything has come up, by what was measured before the day', () => {
  const at = (bootMs: number) => (forecast([waiting], { ...RULES, bootMs })?.allReadyAt ?? 0) - NOW;
  expect(at(BOOT_MS) / BOOT_MS).toBeCloseTo(1, 0);
  // Nothing was: the time that is planned for.
  expect(at(0) / (12 * MINUTE)).toBeCloseTo(1, 0);
  expect(forecast([waiting], { ...RULES, start: NOW + MINUTE })).toMatchObject({ readyByStart: 0 });
});

it('whoever should have been tried again by now is taken to need as long again', () => {
  const resting = (retryAt: number): Seat => ({
    ...refused,
    diagnosis: { class: 'spark', cause: '', toDo: '', remedy: 'again' },
    retryAt,
  });
  const readyIn = (retryAt: number) => (forecast([resting(retryAt)], RULES)?.allReadyAt ?? 0) - NOW;
  expect(readyIn(NOW - 10 * MINUTE)).toBe(readyIn(NOW + 10 * MINUTE));
  expect(readyIn(NOW - 10 * MINUTE)).toBeGreaterThan(readyIn(NOW));
});
