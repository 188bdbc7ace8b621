import { describe, expect, test } from 'vitest';
import {
  estimate,
  estimateLines,
  formatMoney,
  guideTable,
  guideTableLines,
  meteredCost,
} from '../../../src/domain/money/cost.ts';
import { examplePlan } from '../plan/example-plan.ts';

describe('the guide’s table', () => {
  test('exactly', () => {
    const { scenarios, scope } = guideTable();
    expect(scope).toBe('VM only');
    expect(scenarios).toEqual([
      { name: 'Half-day', hours: 4, clusters: 140, low: 112, high: 224 },
      { name: 'Full-day', hours: 8, clusters: 140, low: 224, high: 448 },
    ]);
  });

  test('as text', () => {
    expect(guideTableLines().join('\n')).toMatch(
      /Half-day.*140 clusters {2}\$112 to \$224 {2}\(VM only\)\n.*\$224 to \$448/,
    );
  });
});

describe('the estimate', () => {
  const plan = examplePlan();

  test('counts everything, machines and DBU', () => {
    const { rows, total } = estimate(plan, 140);
    const expected = Object.fromEntries(rows.map(({ id, money }) => [id, money.expected]));
    expect(expected).toEqual({
      event: 616, // 140 x 5.5 h x 0.80
      'pre-provisioning': 18.67, // 140 x 10 min x 0.80
      testers: 6.4, // 2 people x 2 times x 2 h x 0.80
      canary: 0.2, // 15 min x 0.80
      drill: 9.38, // 150 machines x 15 min x 0.25
      'warm-up': 17.5, // 140 x 2 x 15 min x 0.25
      spares: 5.63, // 5 x 4.5 h x 0.25: they are let go at the end, before the grace
      apps: 4.69, // 5 shown apps x 2.5 h of hands-on x 0.5 DBU x 0.75
    });
    expect(total.expected).toBe(678.47);
    expect(total.low).toBeLessThan(total.expected);
    expect(total.high).toBeGreaterThan(total.expected);
  });

  test('every row explains itself, and rows add up to the total', () => {
    const result = estimate(plan, 140);
    expect(result.rows[0]).toMatchObject({
      machines: 140,
      hours: { low: 560, expected: 770 },
      formula: '140 x 5.5 h x (0.25 VM + 1 DBU x 0.55)',
    });
    for (const which of ['low', 'expected', 'high'] as const) {
      expect(result.rows.reduce((sum, { money }) => sum + money[which], 0)).toBeCloseTo(result.total[which], 6);
    }
    expect(estimateLines(result).join('\n')).toContain('in all for 140 people');
  });

  test('idle machines in a pool cost no DBU', () => {
    const free = examplePlan(['vmPerHour: 0.25', 'vmPerHour: 0']);
    const byId = new Map(estimate(free, 140).rows.map((row) => [row.id, row.money.expected]));
    expect([byId.get('drill'), byId.get('warm-up'), byId.get('spares')]).toEqual([0, 0, 0]);
    expect(byId.get('event')).toBeGreaterThan(0);
  });

  test('what the plan switches off is not in it', () => {
    const bare = examplePlan(
      ['use: true', 'use: false'],
      ['preProvision: true', 'preProvision: false'],
      ['testers:\n  - tester.one@example.com\n  - tester.two@example.com', 'testers: []'],
      ['\n  way: local', '\n  way: none'],
    );
    expect(estimate(bare, 140).rows.map(({ id }) => id)).toEqual(['event', 'canary']);
  });

  test('apps that are kept cost money after the workshop, and that is said', () => {
    expect(estimate(plan, 140).notes.join()).not.toContain('kept');
    const kept = examplePlan(['\n  way: local', '\n  way: each'], ['\n  afterwards: stop', '\n  afterwards: keep']);
    const { rows, notes } = estimate(kept, 140);
    expect(rows.at(-1)).toMatchObject({ id: 'apps', machines: 140, money: { expected: 131.25 } });
    expect(notes.join()).toContain("people's apps are kept: $1,260 a day");
  });

  test('tokens are counted only with prices for them', () => {
    expect(estimate(plan, 140).notes).toContain('model serving tokens: not included');
    const priced = examplePlan([
      '  # tokens:\n  #   perMillionInput: 3\n  #   perMillionOutput: 15',
      '  tokens:\n    perMillionInput: 3\n    perMillionOutput: 15',
    ]);
    const { rows, notes } = estimate(priced, 140);
    expect(rows.at(-1)).toMatchObject({ id: 'tokens', money: { expected: 2_205 } }); // 21,000 requests x 0.105
    expect(notes.join()).not.toContain('tokens');
  });
});

test('metered time becomes money, and says that it is no invoice', () => {
  const { prices } = examplePlan();
  expect(
    meteredCost({ clusterUpMs: 10 * 3_600_000, appsUpMs: 8 * 3_600_000, poolIdleMs: 2 * 3_600_000 }, prices),
  ).toEqual({
    currency: 'USD',
    clusterHours: 10,
    poolIdleHours: 2,
    vm: 2.5,
    dbu: 5.5,
    poolIdle: 0.5,
    apps: 3,
    total: 11.5,
    label: 'metered, not the invoice',
  });
});

test('money for people', () => {
  expect([formatMoney(112, 'USD'), formatMoney(1234.5, 'USD'), formatMoney(1234.5, 'EUR')]).toEqual([
    '$112',
    '$1,234.50',
    '1,234.50 EUR',
  ]);
});
