import { expect, test } from 'vitest';
import {
  addFailing,
  failingAlike,
  isFailingAlike,
  isHeldBack,
  pauseBetweenTries,
  peopleToStop,
  runThatStops,
  stopWords,
} from '../../../../src/domain/replayed/diagnosis/breaker.ts';
import type { Diagnosis } from '../../../../src/domain/replayed/diagnosis/diagnosis.ts';
import { failed } from '../../../../src/domain/replayed/seat/failing.ts';
import type { Seat } from '../../../../src/domain/replayed/seat/seat.ts';
import { addTotals, readTotals, totalsOf } from '../../../../src/domain/replayed/seat/totals.ts';
import { allowedAgain, askedAgain, lookedAt, raised } from '../../../../src/domain/replayed/seat/transitions.ts';
import { paceAt } from '../../../../src/domain/replayed/time/pace.ts';
import { ann, cluster, heard, news, NOW, PREPARED, seen, settled, step } from '../seat/sample-seats.ts';

const pace = paceAt(1);
const trouble = (name: string, remedy: Diagnosis['remedy'] = 'person'): Diagnosis => ({
  class: name,
  cause: `${name} it was`,
  toDo: 'x',
  remedy,
});

/** Somebody whose launch came to nothing. */
function lost(n: number, diagnosis = trouble('init script'), times = 1): Seat {
  const from = ann({ key: `k${n}`, email: `p${n}@example.com`, target: 'prepared' });
  return Array.from({ length: times }).reduce<Seat>(
    (seat) =>
      failed(seat, diagnosis, {
        cost: 'a launch',
        otherMachines: 2,
        pace,
        now: NOW + n,
        isEventOn: false,
        isLaunch: true,
      }),
    from,
  );
}
const up = (at: number): Seat => ({ ...settled('ready', 'RUNNING'), key: 'up', cameUp: { launchedAt: at - 1, at } });
const stops = (seats: readonly Seat[], { people = 3, since = 0 } = {}) =>
  runThatStops(totalsOf(seats), { people, since });

test('a run of people whose launches fail alike stops the others', () => {
  const run = [lost(1), lost(2), lost(3)];
  expect(stops(run)).toEqual({
    class: 'init script',
    people: 3,
    lastAt: NOW + 3,
    example: 'init script it was',
    exampleAt: NOW + 1,
  });
  expect(stops(run.slice(1))).toBeUndefined();
});

test('one person alone never does, however often their launch fails', () => {
  expect(stops([lost(1, trouble('init script'), 50)], { people: peopleToStop(1, undefined) })).toBeUndefined();
  expect(stops([lost(1, trouble('init script'), 50), ann()], { people: 2 })).toBeUndefined();
});

test('failures that are not alike are no run', () => {
  expect(stops([lost(1), lost(2, trouble('stockout')), lost(3, trouble('network'))])).toBeUndefined();
});

test('a launch that came up in between ends the run', () => {
  const run = [lost(1), lost(2), lost(3)];
  expect(stops([...run, up(NOW + 2)])).toBeUndefined();
  expect(stops([...run, up(NOW + 9)])).toBeUndefined();
  expect(stops([...run, up(NOW)])).toMatchObject({ people: 3 });
});

test('whoever has machines left to try is not counted yet', () => {
  const stockout = trouble('stockout', 'other-node-type');
  expect(stops([1, 2, 3].map((n) => lost(n, stockout, 2)))).toBeUndefined();
  expect(stops([1, 2, 3].map((n) => lost(n, stockout, 3)))).toMatchObject({ class: 'stockout', people: 3 });
});

test('codes of one class are alike', () => {
  expect(
    stops([lost(1, trouble('PERMISSION_DENIED')), lost(2, trouble('HTTP_403')), lost(3, trouble('FORBIDDEN'))]),
  ).toMatchObject({ class: 'permission', people: 3 });
});

test.each(['throttled', 'TEMPORARILY_UNAVAILABLE', 'HTTP_503', 'TIMEOUT', 'UNREACHABLE', 'UNAUTHENTICATED'])(
  '%s passes by itself: nothing is stopped by it',
  (name) => {
    expect(stops([1, 2, 3, 4].map((n) => lost(n, trouble(name))))).toBeUndefined();
  },
);

test('what was forgiven does not stop them again, what fails anew does', () => {
  const run = [lost(1), lost(2), lost(3)];
  expect(stops(run, { since: NOW + 5 })).toBeUndefined();
  expect(stops(run, { since: NOW + 2 })).toMatchObject({ people: 3 });
  for (const again of [allowedAgain, askedAgain, (seat: Seat) => raised({ ...seat, target: 'ready' }, 'ready', true)])
    expect(failingAlike(run.map((seat) => again(seat)))).toEqual([]);
});

test("the threshold is the plan's, or follows the size of the crowd", () => {
  expect(peopleToStop(140, 12)).toBe(12);
  expect([2, 12, 60, 140, 600].map((people) => peopleToStop(people, undefined))).toEqual([3, 3, 3, 7, 30]);
});

test('what several cohorts report is one run', () => {
  const parts = [[lost(1), lost(4)], [lost(2)], []].map((seats) => totalsOf(seats));
  const sum = addTotals(parts);
  expect(sum.failingAlike).toEqual([
    { class: 'init script', people: 3, lastAt: NOW + 4, example: 'init script it was', exampleAt: NOW + 1 },
  ]);
  expect(runThatStops(sum, { people: 3, since: 0 })).toBeDefined();
  expect(runThatStops(addTotals([...parts, totalsOf([up(NOW + 7)])]), { people: 3, since: 0 })).toBeUndefined();
  expect(addFailing([])).toEqual([]);
});

test('a report that carries something else is none, and an older one carries nothing', () => {
  const { failingAlike: _, ...older } = totalsOf([lost(1)]);
  expect(readTotals(older)?.failingAlike).toEqual([]);
  expect(readTotals({ ...older, failingAlike: [{ class: 7 }] })).toBeUndefined();
  expect(isFailingAlike([null])).toBe(false);
  expect(isFailingAlike('x')).toBe(false);
});

test('a launch that comes up is remembered, and what failed before it is not', () => {
  const failing = { ...lost(1), cluster: cluster('PENDING', { launchedAt: NOW }) };
  const seat = heard(failing, news('RUNNING'), NOW + 60_000, false);
  expect(seat.failedLaunches).toBeUndefined();
  expect(seat.cameUp).toEqual({ launchedAt: NOW, at: NOW + 60_000 });
  expect(totalsOf([seat])).toMatchObject({ lastUpAt: NOW + 60_000, lastUpAskedAt: NOW, failingAlike: [] });
});

test("an owner's restart is no launch that came up", () => {
  const runs = settled('ready', 'RUNNING', { cameUp: { launchedAt: NOW - 600_000, at: NOW - 300_000 } });
  const restarts = heard(runs, news('RESTARTING'), NOW, false);
  expect(totalsOf([heard(restarts, news('RUNNING'), NOW + 60_000, false)])).toEqual(totalsOf([runs]));
});

test('a cluster that was never looked at has come up once it is seen to serve', () => {
  const unseen = { ...lost(1), cluster: cluster('PENDING', { launchedAt: NOW, verified: false }) };
  const runs = heard(unseen, news('RUNNING'), NOW + 60_000, false);
  expect([runs.failedLaunches?.inARow, runs.cameUp]).toEqual([1, undefined]);
  expect(lookedAt(runs, seen(NOW + 90_000, false)).failedLaunches).toBeDefined();
  const serves = lookedAt(runs, seen(NOW + 90_000));
  expect([serves.failedLaunches, serves.cameUp]).toEqual([undefined, { launchedAt: NOW, at: NOW + 90_000 }]);
  // Being looked at once more is no new launch.
  expect(lookedAt(serves, seen(NOW + 500_000)).cameUp).toEqual(serves.cameUp);
});

test('while launches are stopped nothing is launched, and all else goes on', () => {
  const stopped = { ...PREPARED, stopped: true };
  const found = ann({ target: 'prepared', person: { userName: 'a', workspaceAccess: 'yes' }, access: true });
  expect([step(found), step(found, stopped)]).toEqual(['create', 'rest']);
  const asleep = settled('ready', 'TERMINATED', { wake: true });
  expect([step(asleep), step(asleep, stopped)]).toEqual(['start', 'rest']);
  const unseen = settled('ready', 'RUNNING', { cluster: cluster('RUNNING', { verified: false }) });
  expect(step(unseen, stopped)).toBe('verify');
  expect(step({ ...unseen, cluster: cluster('RUNNING', { shared: false }) }, stopped)).toBe('share');
});

test('before the event everybody waits; during it only those whose own launches fail like that', () => {
  const stop = { class: 'init script' };
  expect(isHeldBack(ann(), stop, false)).toBe(true);
  expect(isHeldBack(ann(), undefined, false)).toBe(false);
  expect(isHeldBack(lost(1), stop, true)).toBe(true);
  expect(isHeldBack(ann(), stop, true)).toBe(false);
  expect(isHeldBack(lost(1, trouble('spark')), stop, true)).toBe(false);
  expect(isHeldBack(lost(1, trouble('init script', 'other-node-type')), stop, true)).toBe(false);
});

test('one launch is tried every two minutes in the event; before it only what costs nothing, ever more rarely', () => {
  expect(pauseBetweenTries({ class: 'init script', tries: 9 }, pace, true)).toBe(pace.eventRetry);
  expect(pauseBetweenTries({ class: 'init script', tries: 0 }, pace, false)).toBeUndefined();
  expect(pauseBetweenTries({ class: 'launch', tries: 0 }, pace, false)).toBeUndefined();
  expect([0, 1, 2, 40].map((tries) => pauseBetweenTries({ class: 'stockout', tries }, pace, false))).toEqual([
    pace.recheck,
    2 * pace.recheck,
    4 * pace.recheck,
    pace.reminder,
  ]);
});

test('people are told what happened, what it means, and what to type', () => {
  const run = { class: 'quota', people: 7, lastAt: 1, example: 'QuotaExceeded: 0 of 100 left', exampleAt: 1 };
  const { evidence, toDo } = stopWords(run, 'spring', 'ever more rarely');
  expect(evidence).toContain('7 people');
  expect(evidence).toContain("The cloud subscription's vCPU quota is used up.");
  expect(evidence).toContain('QuotaExceeded: 0 of 100 left');
  const what = "The cloud subscription's vCPU quota is used up.";
  const alike = stopWords({ ...run, example: `${what} (QuotaExceeded)` }, 'spring', 'not').evidence;
  expect(alike.split(what), 'said once').toHaveLength(2);
  expect(toDo).toContain('nothing more is spent');
  expect(toDo).toContain('Total Regional vCPUs');
  expect(toDo).toContain('bin/workshop retry spring launches');
  expect(stopWords({ ...run, class: 'init script' }, 'spring', 'not').toDo).toContain('nothing before the day');
});
