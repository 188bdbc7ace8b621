import { expect, test } from 'vitest';
import { meteredApps, type AppsAtEnd, type RunningApp } from '../../../../src/domain/replayed/ending/apps-at-end.ts';

const HOUR = 3_600_000;
const NOON = 1_000 * HOUR;

const ann: RunningApp = { name: 'ann', madeAt: NOON, size: 1 };
const ben: RunningApp = { name: 'ben', madeAt: NOON + HOUR, size: 2 };

const seen = (...ran: readonly RunningApp[]): AppsAtEnd => ({
  afterwards: 'keep',
  names: ran.map(({ name }) => name),
  there: [],
  refused: [],
  ran,
});

test('the first look counts from when each was made', () => {
  expect(meteredApps(undefined, seen(ann, ben), NOON + 2 * HOUR)).toMatchObject({
    lookedAt: NOON + 2 * HOUR,
    // Ann's two hours, and one of Ben's, which is large.
    upMs: 4 * HOUR,
  });
});

test('later looks add what ran since, and what ran at the look before up to now', () => {
  const first = meteredApps(undefined, seen(ann), NOON + HOUR);
  const second = meteredApps(first, seen(ben), NOON + 3 * HOUR);
  expect(second.upMs).toBe(HOUR + 2 * HOUR + 2 * 2 * HOUR);
  expect(meteredApps(second, seen(), NOON + 3 * HOUR).upMs).toBe(second.upMs);
});

test('what nobody ran costs nothing, and no clock makes time negative', () => {
  const none = meteredApps(undefined, seen(), NOON);
  expect(none.upMs).toBe(0);
  expect(meteredApps(none, seen({ ...ann, madeAt: NOON + HOUR }), NOON + 1).upMs).toBe(0);
});
