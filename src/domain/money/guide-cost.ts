import { formatMoney, toCents } from './money.ts';

/** The facilitator guide's own table, reproduced so that people recognise it before they see the whole cost. */
export interface GuideTable {
  readonly machines: readonly {
    readonly nodeType: string;
    readonly vCpus: number;
    readonly ramGb: number;
    readonly perHour: number;
  }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly hours: number;
    readonly clusters: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly scope: 'VM only';
  readonly currency: 'USD';
}

const PEOPLE = 140;
const MACHINES = [
  { nodeType: 'Standard_DS3_v2', vCpus: 4, ramGb: 14, perHour: 0.2 },
  { nodeType: 'Standard_DS4_v2', vCpus: 8, ramGb: 28, perHour: 0.4 },
  { nodeType: 'Standard_E4ds_v4', vCpus: 4, ramGb: 32, perHour: 0.3 },
] as const;

/**
 * 140 people for half a day and a whole one, from its cheapest machine to its dearest. Machines only: no DBU, no pool,
 * no drill.
 */
export function guideTable(): GuideTable {
  const prices = MACHINES.map(({ perHour }) => perHour);
  const scenario = (name: string, hours: number) => ({
    name,
    hours,
    clusters: PEOPLE,
    low: toCents(PEOPLE * hours * Math.min(...prices)),
    high: toCents(PEOPLE * hours * Math.max(...prices)),
  });
  return {
    machines: MACHINES,
    scenarios: [scenario('Half-day', 4), scenario('Full-day', 8)],
    scope: 'VM only',
    currency: 'USD',
  };
}

/** The table as lines of text. */
export function guideTableLines(table: GuideTable = guideTable()): string[] {
  const { machines, scenarios, scope, currency } = table;
  return [
    ...machines.map(
      ({ nodeType, vCpus, ramGb, perHour }) =>
        `${nodeType.padEnd(18)}${String(vCpus).padStart(2)} vCPUs ${String(ramGb).padStart(4)} GB   about ` +
        `$${perHour.toFixed(2)} an hour`,
    ),
    ...scenarios.map(
      ({ name, hours, clusters, low, high }) =>
        `${name.padEnd(9)} (${hours} h)  ${clusters} clusters  ${formatMoney(low, currency)} to ` +
        `${formatMoney(high, currency)}  (${scope})`,
    ),
  ];
}
