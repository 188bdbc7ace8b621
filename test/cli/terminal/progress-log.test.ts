import { expect, it } from 'vitest';
import { ProgressLog } from '../../../src/cli/terminal/progress-log.ts';
import { progressAt, START } from '../sample-progress.ts';

const ready = (n: number) => ({ byState: { ready: n, starting: 140 - n } });

it("says a heading and each change of an item once, with the time in the plan's zone", () => {
  const log = new ProgressLog('Europe/Berlin');
  expect(log.changes(progressAt('first', {}, { attendees: 0, byState: {} }), START)).toEqual(['09:00:00 -- first --']);
  const passed = progressAt(
    'first',
    { rights: { state: 'passed', evidence: 'an\nadmin' } },
    { attendees: 0, byState: {} },
  );
  expect(log.changes(passed, START)).toEqual([
    '09:00:00 passed     What the worker itself may do in the workspace: an admin',
  ]);
  expect(log.changes(passed, START + 1_000)).toEqual([]);
});

it('counts people every five seconds at most, and at the end what was held back', () => {
  const log = new ProgressLog('UTC');
  expect(log.changes(progressAt('day of', {}, ready(1)), START)).toHaveLength(2);
  expect(log.changes(progressAt('day of', {}, ready(2)), START + 1_000)).toEqual([]);
  expect(log.changes(progressAt('day of', {}, ready(3)), START + 5_000)).toEqual([
    '08:00:05 people     3 ready, 137 starting',
  ]);
  expect(log.changes(progressAt('day of', {}, ready(140)), START + 6_000, true).join()).toContain('140 ready');
});

it('does not repeat a failure that is tried again and fails again', () => {
  const log = new ProgressLog('UTC');
  const failed = progressAt('first', { rights: { state: 'failed', evidence: 'refused' } });
  log.changes(failed, START);
  expect(log.changes(progressAt('first', { rights: { state: 'running', evidence: 'refused' } }), START)).toEqual([]);
  expect(log.changes(failed, START)).toEqual([]);
  expect(log.changes(progressAt('first', { rights: { state: 'passed' } }), START)).toHaveLength(1);
});
