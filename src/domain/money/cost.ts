import { formatMoney, toCents } from './money.ts';
import type { Plan } from '../plan/plan.ts';
import { requestsPerMinute } from '../replayed/capacity/requests-of-a-prompt.ts';
import { appsWanted } from '../replayed/capacity/app-room.ts';
import { poolCapacity } from '../replayed/made/pool-spec.ts';

export { guideTable, guideTableLines, type GuideTable } from './guide-cost.ts';
export { meteredCost, type MeteredCost, type Usage } from './metered-cost.ts';
export { formatMoney } from './money.ts';
import { HOUR, DAY } from '../replayed/time/units.ts';

export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** One line of an estimate, with all that it was computed from. */
export interface CostRow {
  readonly id: 'event' | 'pre-provisioning' | 'testers' | 'canary' | 'drill' | 'warm-up' | 'spares' | 'apps' | 'tokens';
  readonly label: string;
  readonly machines: number;
  /** Machine-hours; zero for tokens. */
  readonly hours: Range;
  readonly money: Range;
  /** The expected figure, spelt out. */
  readonly formula: string;
}

export interface Estimate {
  readonly currency: string;
  readonly people: number;
  readonly rows: readonly CostRow[];
  readonly total: Range;
  readonly notes: readonly string[];
}

/**
 * Durations that a plan does not hold. No start time is published (docs/facts/databricks.md sections 3 and 7,
 * docs/facts/databricks-workspace.md section 12): hence the ranges.
 */
export interface CostAssumptions {
  /** Boot, check and stop of one cluster a week early. */
  readonly bootMinutes: Range;
  readonly canaryMinutes: Range;
  /** Until every machine is there and gone again. */
  readonly drillMinutes: Range;
  /** Waiting in the pool, each of the two times it is warmed. */
  readonly warmUpMinutes: Range;
  /** A tester's cluster, each of the two times: use, and the wait for auto-termination. */
  readonly testerHours: Range;
}

export const COST_ASSUMPTIONS: CostAssumptions = {
  bootMinutes: { low: 6, expected: 10, high: 20 },
  canaryMinutes: { low: 10, expected: 15, high: 30 },
  drillMinutes: { low: 10, expected: 15, high: 30 },
  warmUpMinutes: { low: 10, expected: 15, high: 30 },
  testerHours: { low: 1, expected: 2, high: 4 },
};

type CostedPlan = Pick<
  Plan,
  'compute' | 'testers' | 'prices' | 'length' | 'offsets' | 'teardown' | 'agenda' | 'serving' | 'apps'
>;

/**
 * Everything a workshop is expected to cost, machines and DBU apart from each other. A machine that waits in a pool
 * costs no DBU (docs/facts/databricks.md section 7). Low: clusters used for the length only. High: the margin used up
 * as well.
 */
export function estimate(plan: CostedPlan, people: number, assumptions: CostAssumptions = COST_ASSUMPTIONS): Estimate {
  const { compute, prices, testers } = plan;
  const { pool } = compute;
  const { vmPerHour, dbuPerHour, perDbu, currency } = prices;
  const withDbu = { rate: vmPerHour + dbuPerHour * perDbu, text: `(${vmPerHour} VM + ${dbuPerHour} DBU x ${perDbu})` };
  const vmOnly = { rate: vmPerHour, text: `${vmPerHour} VM, no DBU while idle` };

  const row = (
    id: CostRow['id'],
    label: string,
    machines: number,
    each: Range,
    price: typeof withDbu,
    mostMachines = machines,
  ): CostRow => {
    const hours = { low: machines * each.low, expected: machines * each.expected, high: mostMachines * each.high };
    return {
      id,
      label,
      machines,
      hours,
      money: scale(hours, price.rate),
      formula: `${machines} x ${span(each.expected)} x ${price.text}`,
    };
  };

  const lengthHours = plan.length / HOUR;
  const eventHours = (plan.offsets.dayOf.days * DAY + plan.offsets.dayOf.ms + plan.length + plan.teardown.grace) / HOUR;
  const event = { low: lengthHours, expected: eventHours, high: eventHours };
  // Spares are let go when the event ends.
  const untilTheEnd = eventHours - plan.teardown.grace / HOUR;
  const gathered = { low: lengthHours, expected: untilTheEnd, high: untilTheEnd };
  const room = poolCapacity(plan, people);
  const apps = appsWanted(plan.apps, people);
  const perApp = prices.apps.dbuPerHour * prices.apps.perDbu;
  const appHours = plan.agenda.handsOn / HOUR;
  const rows = [
    row(
      'event',
      'Clusters on the day, from readiness to the end and the grace',
      people,
      event,
      withDbu,
      people + pool.margin,
    ),
    compute.preProvision &&
      row(
        'pre-provisioning',
        'Every cluster started once, a week before, and stopped',
        people,
        inHours(assumptions.bootMinutes),
        withDbu,
      ),
    testers.length > 0 &&
      row(
        'testers',
        'Clusters of the testers, two weeks and a day before',
        testers.length,
        twice(assumptions.testerHours),
        withDbu,
      ),
    row('canary', 'The first cluster of all, to see that one starts', 1, inHours(assumptions.canaryMinutes), withDbu),
    pool.use &&
      pool.drill &&
      row(
        'drill',
        'Capacity drill: every machine once, two weeks before',
        room,
        inHours(assumptions.drillMinutes),
        vmOnly,
      ),
    pool.use &&
      row(
        'warm-up',
        'Machines waiting in the pool while it warms, twice',
        people,
        twice(inHours(assumptions.warmUpMinutes)),
        vmOnly,
      ),
    pool.use &&
      pool.spares > 0 &&
      row('spares', 'Spare machines on the day, until the end', pool.spares, gathered, vmOnly),
    apps > 0 &&
      row(
        'apps',
        "People's apps, while people work on them",
        apps,
        { low: appHours / 2, expected: appHours, high: lengthHours + plan.teardown.grace / HOUR },
        { rate: perApp, text: `(${prices.apps.dbuPerHour} DBU x ${prices.apps.perDbu})` },
      ),
    tokensRow(plan, people),
  ].filter((candidate) => typeof candidate === 'object');

  return {
    currency,
    people,
    rows,
    total: {
      low: sum(rows.map(({ money }) => money.low)),
      expected: sum(rows.map(({ money }) => money.expected)),
      high: sum(rows.map(({ money }) => money.high)),
    },
    notes: [
      ...(prices.tokens ? [] : ['model serving tokens: not included']),
      ...(apps > 0 && plan.apps.afterwards === 'keep'
        ? [
            `people's apps are kept: ${formatMoney(apps * perApp * 24, currency)} a day, until somebody stops them ` +
              '(databricks apps stop <name>)',
          ]
        : []),
      'disks, network traffic and storage: not included',
      'computed from the prices in the plan, not from your contract',
    ],
  };
}

/** Half to twice the expected tokens: how much people will ask is anybody's guess. */
function tokensRow(plan: CostedPlan, people: number): CostRow | undefined {
  const { tokens } = plan.prices;
  if (!tokens) return undefined;
  const { inputTokens, outputTokens } = plan.serving.demand;
  const requests = people * requestsPerMinute(plan.serving.demand) * (plan.agenda.handsOn / 60_000);
  const each = (inputTokens * tokens.perMillionInput + outputTokens * tokens.perMillionOutput) / 1_000_000;
  return {
    id: 'tokens',
    label: 'Model serving tokens during the hands-on part',
    machines: 0,
    hours: { low: 0, expected: 0, high: 0 },
    money: scale({ low: requests / 2, expected: requests, high: requests * 2 }, each),
    formula:
      `${short(requests)} requests x (${inputTokens} in x ${tokens.perMillionInput} + ${outputTokens} out x ` +
      `${tokens.perMillionOutput}) / 1,000,000`,
  };
}

/** The estimate as lines of text. */
export function estimateLines({ rows, total, currency, people, notes }: Estimate): string[] {
  const money = (amount: number): string => formatMoney(amount, currency);
  return [
    ...rows.map((row) => `${money(row.money.expected).padStart(12)}  ${row.label}: ${row.formula}`),
    `${money(total.expected).padStart(12)}  in all for ${people} people (between ${money(total.low)} and ` +
      `${money(total.high)})`,
    ...notes.map((note) => `              ${note}`),
  ];
}

const inHours = ({ low, expected, high }: Range): Range => ({
  low: low / 60,
  expected: expected / 60,
  high: high / 60,
});
const twice = ({ low, expected, high }: Range): Range => ({ low: low * 2, expected: expected * 2, high: high * 2 });
const scale = ({ low, expected, high }: Range, rate: number): Range => ({
  low: toCents(low * rate),
  expected: toCents(expected * rate),
  high: toCents(high * rate),
});
const sum = (amounts: readonly number[]): number => toCents(amounts.reduce((total, amount) => total + amount, 0));
/** Minutes below an hour: 0.17 h would not multiply to the figure beside it. */
const span = (hours: number): string => (hours < 1 ? `${short(hours * 60)} min` : `${short(hours)} h`);
const short = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
