import { expect, test } from 'vitest';
import { launchLead } from '../../../../src/domain/replayed/time/launch-lead.ts';

const MINUTE = 60_000;
const usual = {
  people: 140,
  bootMs: 6 * MINUTE,
  launchesPerSecond: 1,
  autoTerminationMs: 60 * MINUTE,
  leastLeadMs: 10 * MINUTE,
};

test('everybody’s turn to launch, and the slowest boot half as long again', () => {
  expect(launchLead(usual)).toEqual({ leadMs: 9 * MINUTE + 140_000, enough: true });
});

test('before anything was measured a boot is taken to last twelve minutes', () => {
  expect(launchLead({ ...usual, bootMs: 0 }).leadMs).toBe(18 * MINUTE + 140_000);
});

test('never less than the least', () => {
  expect(launchLead({ ...usual, people: 1, bootMs: MINUTE })).toEqual({ leadMs: 10 * MINUTE, enough: true });
});

test('never so early that auto-termination eats the first before the doors open, and then it says so', () => {
  expect(launchLead({ ...usual, people: 5_000 })).toEqual({ leadMs: 45 * MINUTE, enough: false });
  expect(launchLead({ ...usual, autoTerminationMs: 10 * MINUTE })).toEqual({ leadMs: 7.5 * MINUTE, enough: false });
});
