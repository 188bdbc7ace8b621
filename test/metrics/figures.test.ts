import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/replayed/time/units.ts';
import { exposition, METRIC_NAMES } from '../../src/metrics/exposition.ts';
import { readFigures } from '../../src/metrics/figures.ts';
import { START } from '../cli/sample-progress.ts';
import { FakeWorkshops, HERE, NOW, seatOf } from './fake-workshops.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** Lines that are no comments, by what stands before the number. */
async function rendered(fake: FakeWorkshops): Promise<Map<string, number>> {
  const text = await exposition(await readFigures(fake.reader, [HERE]), true, NOW);
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

it('tells of people, money, listings, hands and lines', async () => {
  const fake = new FakeWorkshops();
  const refused = { inARow: 2, class: 'quota', cause: 'no quota', at: NOW - MINUTE, onEveryMachine: true };
  const { cluster: _, cameUp: __, readyAt: ___, ...bare } = seatOf('cy');
  fake.seats = [seatOf('ann'), seatOf('ben'), { ...bare, state: 'failed', failedLaunches: refused, failures: 2 }];
  const hand = { from: 'page', words: 'it does not answer' } as const;
  fake.room = {
    ...fake.room,
    hands: [
      { ...hand, key: 'key-of-ann', at: NOW - 90 * SECOND },
      { ...hand, key: 'key-of-ben', at: NOW - 200 * SECOND, takenBy: 'Di', takenAt: NOW },
    ],
  };
  const waits = { machines: 4, since: NOW, perHour: '2.40 EUR', trial: false, command: 'lower it' };
  fake.looked = { poolWaits: waits };
  fake.progress = {
    ...fake.progress,
    checklist: fake.progress.checklist.map((item, n) => (n === 0 ? { ...item, state: 'failed' } : item)),
  };
  const figures = await rendered(fake);
  const of = (name: string, more = '') => figures.get(`${name}{workshop="spring"${more}}`);
  expect(of('workshop_people', ',state="ready"')).toBe(2);
  expect(of('workshop_people', ',state="failed"')).toBe(1);
  expect(of('workshop_people', ',state="parked"')).toBe(0);
  expect(of('workshop_people_refused')).toBe(1);
  expect(of('workshop_clusters_created_total')).toBe(3);
  // Two clusters for an hour, at 0.60 for the machine and 1.5 DBU at 0.40.
  expect(of('workshop_cost_total')).toBeCloseTo(2.4, 2);
  expect(of('workshop_cost_per_minute')).toBeCloseTo((2 * 1.2 + 4 * 0.6) / 60, 6);
  expect(of('workshop_listing_age_seconds')).toBe(7);
  expect(of('workshop_listing_period_seconds')).toBe(5);
  expect(of('workshop_raised_hands')).toBe(2);
  expect(of('workshop_hand_wait_seconds')).toBe(90);
  expect(of('workshop_lines_failed')).toBe(1);
  expect(of('workshop_pool_machines_waiting')).toBe(4);
  expect(of('workshop_removal_proven')).toBe(0);
  expect(of('workshop_answers')).toBe(1);
  expect(of('workshop_start_time_seconds')).toBe(START / 1_000);
  expect(figures.get('workshop_running')).toBe(1);
});

it('forecasts against the start: before it is negative', async () => {
  const figures = await rendered(new FakeWorkshops());
  expect(figures.get('workshop_forecast_seconds{workshop="spring"}')).toBe((NOW - 30 * MINUTE - START) / SECOND);
});

it('says one verdict of all that there are', async () => {
  const figures = [...(await rendered(new FakeWorkshops()))].filter(([name]) => name.startsWith('workshop_verdict{'));
  expect(figures).toHaveLength(8);
  expect(figures.filter(([, value]) => value === 1)).toEqual([
    ['workshop_verdict{workshop="spring",verdict="on track"}', 1],
  ]);
});

it('names nobody: the only labels are the workshop, a state and a verdict', async () => {
  const text = await exposition(await readFigures(new FakeWorkshops().reader, [HERE]), true, NOW);
  expect(text).not.toMatch(/@|ann|ben|Somebody|1116-/);
  expect(new Set(text.match(/(?<=[{,])\w+(?==")/g))).toEqual(new Set(['workshop', 'state', 'verdict']));
});

it('has help and a type for every metric, and says every one that it names', async () => {
  const fake = new FakeWorkshops();
  const text = await exposition(await readFigures(fake.reader, [HERE]), true, NOW);
  for (const name of METRIC_NAMES) {
    expect(text).toContain(`# HELP ${name} `);
    expect(text).toMatch(new RegExp(`^# TYPE ${name} (gauge|counter)$`, 'm'));
    expect(text, name).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
  }
  expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length);
});

it('a workshop about which nobody answers is still there, with the moments of its plan', async () => {
  const fake = new FakeWorkshops();
  fake.silence = new Error('nobody answers');
  const figures = await rendered(fake);
  expect(figures.get('workshop_answers{workshop="spring"}')).toBe(0);
  expect(figures.get('workshop_removal_time_seconds{workshop="spring"}')).toBeGreaterThan(START / SECOND);
  expect([...figures.keys()].filter((name) => name.startsWith('workshop_people'))).toEqual([]);
});

it('a workshop of another workspace is told of by its own worker only', async () => {
  const fake = new FakeWorkshops();
  fake.workspace = { ...HERE, workspaceId: '13' };
  expect((await rendered(fake)).get('workshop_running')).toBe(0);
  expect(fake.asked).toEqual([]);
});

it('one that has left its report is not asked, and one that was ended from outside is told of as gone', async () => {
  const fake = new FakeWorkshops();
  fake.known = [
    { id: 'done', state: 'completed' },
    { id: 'spring', state: 'terminated' },
  ];
  fake.looked = { state: 'closed' };
  const figures = await rendered(fake);
  expect(figures.get('workshop_running')).toBe(1);
  expect(figures.get('workshop_verdict{workshop="spring",verdict="gone"}')).toBe(1);
});

it('asks for nobody’s seat while nothing can be wrong with anybody', async () => {
  const fake = new FakeWorkshops();
  fake.progress = { ...fake.progress, heading: 'one week before' };
  await rendered(fake);
  expect(fake.asked).toEqual(['progress', 'lastLooks', 'room']);
});

it('says that the worker is not ready before anything else is known', async () => {
  expect(await exposition(undefined, false, NOW)).toContain('\nworkshop_worker_ready 0\n');
});
