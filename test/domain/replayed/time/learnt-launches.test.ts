import { expect, test } from 'vitest';
import { launchesToPlanBy, launchLead } from '../../../../src/domain/replayed/time/launch-lead.ts';
import { isLearntLaunches, launchesSaid, withLearnt } from '../../../../src/domain/replayed/time/learnt-launches.ts';

const MINUTE = 60_000;
const usual = { people: 140, bootMs: 6 * MINUTE, autoTerminationMs: 120 * MINUTE, leastLeadMs: 10 * MINUTE };

test('the day is planned by what was learnt, with room for others who launch, and by one a second until then', () => {
  const lead = (learnt: Parameters<typeof launchesToPlanBy>[0]) =>
    launchLead({ ...usual, ...launchesToPlanBy(learnt) }).leadMs;
  expect(lead(undefined)).toBe(9 * MINUTE + 140_000);
  expect(lead({ perSecond: 0.25, atOnce: 40 })).toBe(9 * MINUTE + (100 / 0.2) * 1_000);
  expect(lead({ perSecond: 5, atOnce: 40 })).toBeLessThan(10 * MINUTE + 1);
  // Nothing was refused: as quickly as was assumed, for those that are more.
  expect(lead({ atOnce: 40 })).toBe(9 * MINUTE + 100_000);
  expect(lead({ atOnce: 200 })).toBe(10 * MINUTE);
});

test('the newest that says how quickly launches go on counts, or the newest of all', () => {
  const of = (perSecond: number | undefined, at: number) => ({
    launches: { ...(perSecond === undefined ? {} : { perSecond }), atOnce: 10, at },
  });
  expect(withLearnt([])).toEqual({});
  expect(withLearnt([{}, {}])).toEqual({});
  expect(withLearnt([of(1, 5), of(2, 7), of(undefined, 9), {}])).toEqual(of(2, 7));
  expect(withLearnt([of(undefined, 5), of(undefined, 9)])).toEqual(of(undefined, 9));
});

test('nonsense of a stranger is not taken for it', () => {
  expect(isLearntLaunches({ perSecond: 0.8, atOnce: 40, at: 1 })).toBe(true);
  expect(isLearntLaunches({ atOnce: 40, at: 1 })).toBe(true);
  for (const given of [
    undefined,
    null,
    7,
    {},
    { atOnce: 'x', at: 1 },
    { perSecond: 0, atOnce: 1, at: 1 },
    { atOnce: 1 },
  ])
    expect(isLearntLaunches(given)).toBe(false);
});

test('is said in a few words', () => {
  expect(launchesSaid({ perSecond: 0.8123, atOnce: 40 })).toBe('launches: about 0.81 a second, 40 at once');
  expect(launchesSaid({ atOnce: 40 })).toBe('launches: at least 40 at once, none was refused');
});
