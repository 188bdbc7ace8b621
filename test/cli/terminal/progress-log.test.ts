import { expect, it } from 'vitest';
import { ProgressLog } from '../../../src/cli/terminal/progress-log.ts';
import type { Verdict } from '../../../src/domain/verdict/verdict.ts';
import { progressAt, START } from '../sample-progress.ts';

const FINE: Verdict = { kind: 'on track', text: 'On track: 100 of 140 ready' };
const ready = (n: number) => ({ byState: { ready: n, starting: 140 - n } });

it("says a heading and each change of an item once, with the time in the plan's zone", () => {
  const log = new ProgressLog('Europe/Berlin');
  expect(log.changes(progressAt('first', {}, { attendees: 0, byState: {} }), FINE, START)).toEqual([
    '09:00:00 -- first --',
    '09:00:00 On track: 100 of 140 ready',
  ]);
  const passed = progressAt(
    'first',
    { rights: { state: 'passed', evidence: 'an\nadmin' } },
    { attendees: 0, byState: {} },
  );
  expect(log.changes(passed, FINE, START)).toEqual([
    '09:00:00 passed     What the worker itself may do in the workspace: an admin',
  ]);
  expect(log.changes(passed, FINE, START + 1_000)).toEqual([]);
});

it('counts people every five seconds at most, and at the end what was held back', () => {
  const log = new ProgressLog('UTC');
  expect(log.changes(progressAt('day of', {}, ready(1)), FINE, START)).toHaveLength(3);
  expect(log.changes(progressAt('day of', {}, ready(2)), FINE, START + 1_000)).toEqual([]);
  expect(log.changes(progressAt('day of', {}, ready(3)), FINE, START + 5_000)).toEqual([
    '08:00:05 people     3 ready, 137 starting',
  ]);
  expect(log.changes(progressAt('day of', {}, ready(140)), FINE, START + 6_000, true).join()).toContain('140 ready');
});

it('does not repeat a failure that is tried again and fails again', () => {
  const log = new ProgressLog('UTC');
  const failed = progressAt('first', { rights: { state: 'failed', evidence: 'refused' } });
  log.changes(failed, FINE, START);
  expect(log.changes(progressAt('first', { rights: { state: 'running', evidence: 'refused' } }), FINE, START)).toEqual(
    [],
  );
  expect(log.changes(failed, FINE, START)).toEqual([]);
  expect(log.changes(progressAt('first', { rights: { state: 'passed' } }), FINE, START)).toHaveLength(1);
});

it('says the verdict when it turns, and not whenever its figures change', () => {
  const log = new ProgressLog('UTC');
  const progress = progressAt('day of');
  log.changes(progress, FINE, START);
  expect(log.changes(progress, { kind: 'on track', text: 'On track: 101 of 140 ready' }, START)).toEqual([]);
  expect(log.changes(progress, { kind: 'late', text: 'Late: 101 of 140 ready' }, START)).toEqual([
    '08:00:00 Late: 101 of 140 ready',
  ]);
});
