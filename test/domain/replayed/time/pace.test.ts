import { expect, test } from 'vitest';
import { paceAt, type Pace } from '../../../../src/domain/replayed/time/pace.ts';

const SPEEDS = [1, 10, 60, 1_000];
const paces = SPEEDS.map((speed): [number, Pace] => [speed, paceAt(speed)]);

test('a real workshop’s', () => {
  expect(paceAt(1)).toMatchObject({
    speed: 1,
    call: 60_000,
    step: 600_000,
    watchMoving: 7_000,
    watchQuiet: 30_000,
    reaper: 3_600_000,
  });
});

test.each(paces)('at speed %s the proof waits longer than the longest create and a stale listing', (_, pace) => {
  expect(pace.proofGap).toBeGreaterThan(pace.createCall + pace.listStaleness);
});

test.each(paces)('at speed %s nothing is quicker than a real call on a slow machine', (_, pace) => {
  expect(pace.call).toBeGreaterThanOrEqual(15_000);
  expect(pace.step).toBeGreaterThan(pace.call);
  expect(pace.heartbeat).toBeGreaterThan(2 * pace.poll);
  for (const [name, ms] of Object.entries(pace)) expect(Number.isInteger(ms) && ms > 0, `${name}: ${ms}`).toBe(true);
});

test('a faster clock is never slower', () => {
  for (const [i, [, pace]] of paces.entries()) {
    const { speed: _, ...slower } = paces[i - 1]?.[1] ?? pace;
    for (const [name, ms] of Object.entries(slower)) expect(pace[name as keyof Pace], name).toBeLessThanOrEqual(ms);
  }
});

test.each([1, 8, 20])('on a computer %s times slower whoever leaves has time for a save that hangs', (slowness) => {
  for (const speed of SPEEDS) {
    const { closing, job, call } = paceAt(speed, slowness);
    expect(closing).toBeGreaterThan(job + call);
  }
});

test('jobs of thousands are looked at as often as those of a few: each holds its place until then', () => {
  expect(paceAt(240, 20).watchJobs).toBeLessThanOrEqual(3 * paceAt(240).watchJobs);
  expect(paceAt(1, 20).watchJobs).toBe(10_000);
});

test('a speed below real time is refused', () => {
  for (const speed of [0, 0.5, -1, Number.NaN]) expect(() => paceAt(speed)).toThrow(RangeError);
});
test('on a slow computer what a fast clock would cut short gets more time, up to a real workshop’s', () => {
  const slow = paceAt(60, 8);
  expect(slow).toMatchObject({ launch: 8 * paceAt(60).launch, step: 8 * paceAt(60).step, call: 60_000 });
  for (const [name, ms] of Object.entries(slow)) {
    if (name === 'speed') continue;
    expect(ms, name).toBeGreaterThanOrEqual(paceAt(60)[name as keyof Pace]);
    expect(ms, name).toBeLessThanOrEqual(
      Math.max(paceAt(1)[name as keyof Pace], slow.createCall + slow.listStaleness + 1),
    );
  }
});
