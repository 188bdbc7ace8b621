import { Counter, Gauge, Registry } from 'prom-client';
import type { VerdictKind } from '../domain/verdict/verdict.ts';
import type { Figures, Told, WorkshopFigures } from './figures.ts';

/** One metric about every workshop. Its only label is the workshop's id, and one of a fixed set of words. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type?: 'counter';
  /** Undefined: nothing is known of it, and nothing is said. Beside a number, or one for each word. */
  readonly of: (told: Told, now: number) => number | undefined | Readonly<Record<string, number>>;
  /** What the words are. */
  readonly label?: string;
}

const VERDICTS: readonly VerdictKind[] = [
  'on track',
  'late',
  'needs you',
  'broken',
  'paused',
  'cancelled',
  'over',
  'gone',
];

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);

/** What a worker answers about each workshop. Another figure is another entry here, and nothing else. */
const TOLD: readonly Metric[] = [
  { name: 'workshop_people', help: 'People by the state of their seat.', label: 'state', of: ({ people }) => people },
  {
    name: 'workshop_verdict',
    help: '1 for what "status" says first of the workshop, 0 for everything else.',
    label: 'verdict',
    of: ({ verdict }) => Object.fromEntries(VERDICTS.map((each) => [each, Number(each === verdict)])),
  },
  {
    name: 'workshop_forecast_seconds',
    help: 'When all are ready who can be without a person: seconds after the start, negative before it.',
    of: ({ forecastMs }) => seconds(forecastMs),
  },
  {
    name: 'workshop_people_refused',
    help: 'People whose last launch was refused, by the workspace or the cloud, and has not come up since.',
    of: ({ refused }) => refused,
  },
  {
    name: 'workshop_people_stuck',
    help: 'People whose cluster does not come up without somebody who acts.',
    of: ({ needPerson }) => needPerson,
  },
  {
    name: 'workshop_clusters_created_total',
    help: 'Clusters that were created for people so far.',
    type: 'counter',
    of: ({ clustersCreated }) => clustersCreated,
  },
  {
    name: 'workshop_cost_total',
    help: "What clusters, waiting machines and apps have cost so far, about, in the plan's currency.",
    type: 'counter',
    of: ({ cost }) => cost?.soFar,
  },
  {
    name: 'workshop_cost_per_minute',
    help: "What clusters and waiting machines cost a minute at present, about, in the plan's currency.",
    of: ({ cost }) => cost?.perMinute,
  },
  {
    name: 'workshop_listing_age_seconds',
    help: 'How long ago the workspace was last listed, by the cohort that waits longest.',
    of: ({ listing }, now) => listing && seconds(now - listing.at),
  },
  {
    name: 'workshop_listing_period_seconds',
    help: 'How often the workspace is to be listed at present.',
    of: ({ listing }) => listing && seconds(listing.everyMs),
  },
  { name: 'workshop_raised_hands', help: 'Hands that are up in the room.', of: ({ raisedHands }) => raisedHands },
  {
    name: 'workshop_hand_wait_seconds',
    help: 'How long the first hand has been up to which nobody has gone; 0 without one.',
    of: ({ oldestHandAt }, now) => (oldestHandAt === undefined ? 0 : seconds(now - oldestHandAt)),
  },
  { name: 'workshop_lines_failed', help: 'Lines of the checklist that failed.', of: ({ linesFailed }) => linesFailed },
  {
    name: 'workshop_lines_waiting',
    help: 'Lines of the checklist that wait for a person to answer.',
    of: ({ linesForAPerson }) => linesForAPerson,
  },
  {
    name: 'workshop_pool_machines_waiting',
    help: 'Machines that the pool was asked to keep waiting: each costs money.',
    of: ({ machinesWaiting }) => machinesWaiting,
  },
  {
    name: 'workshop_removal_proven',
    help: '1 once two empty listings have proven that everything was removed.',
    of: ({ isProven }) => Number(isProven),
  },
];

/** What is known of each workshop even where nobody answers for it. */
const KNOWN: readonly (Omit<Metric, 'of' | 'type'> & { readonly of: (known: WorkshopFigures) => number })[] = [
  {
    name: 'workshop_answers',
    help: '1 where a worker answered about the workshop, 0 where nobody did.',
    of: ({ answers }) => Number(answers),
  },
  {
    name: 'workshop_preparation_time_seconds',
    help: 'When its day begins and machines are wanted, Unix time.',
    of: ({ preparation }) => preparation / 1_000,
  },
  { name: 'workshop_start_time_seconds', help: 'When it begins, Unix time.', of: ({ start }) => start / 1_000 },
  { name: 'workshop_end_time_seconds', help: 'When it ends, Unix time.', of: ({ end }) => end / 1_000 },
  {
    name: 'workshop_removal_time_seconds',
    help: 'When everything is to be removed, Unix time.',
    of: ({ removal }) => removal / 1_000,
  },
];

/** About the reading itself. */
const READING: readonly (Omit<Metric, 'of' | 'type'> & { readonly of: (figures: Figures, now: number) => number })[] = [
  {
    name: 'workshop_reading_age_seconds',
    help: 'How long ago Temporal was asked about the workshops.',
    of: ({ at }, now) => (now - at) / 1_000,
  },
  {
    name: 'workshop_reading_duration_seconds',
    help: 'How long it took to ask Temporal about all workshops.',
    of: ({ tookMs }) => tookMs / 1_000,
  },
  {
    name: 'workshop_running',
    help: "Workshops that run in this worker's workspace.",
    of: ({ workshops }) => workshops.size,
  },
];

export const WORKER_READY = 'workshop_worker_ready';
const WORKER_READY_HELP = '1 while this worker takes work, 0 while it starts or stops.';

/** The names of all metrics that are told of workshops and of this worker. */
export const METRIC_NAMES: readonly string[] = [
  WORKER_READY,
  ...[...READING, ...KNOWN, ...TOLD].map(({ name }) => name),
];

/**
 * Prometheus' text format, version 0.0.4.
 * @param figures undefined: Temporal was not heard yet. @param now epoch milliseconds
 */
export function exposition(figures: Figures | undefined, isReady: boolean, now: number): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: WORKER_READY, help: WORKER_READY_HELP, registers }).set(Number(isReady));
  if (figures === undefined) return registry.metrics();
  for (const { name, help, of } of READING) new Gauge({ name, help, registers }).set(of(figures, now));
  const workshops = [...figures.workshops];
  for (const { name, help, of } of KNOWN) {
    const gauge = new Gauge({ name, help, registers, labelNames: ['workshop'] });
    for (const [workshop, known] of workshops) gauge.set({ workshop }, of(known));
  }
  for (const { name, help, type, label, of } of TOLD) {
    const options = { name, help, registers, labelNames: ['workshop', ...(label === undefined ? [] : [label])] };
    // Both begin anew with each answer: a counter then only says what its number is.
    const metric = type === 'counter' ? new Counter(options) : new Gauge(options);
    for (const [workshop, { told }] of workshops) {
      const value = told && of(told, now);
      if (typeof value === 'number') metric.inc({ workshop }, value);
      else
        for (const [word, number] of Object.entries(value ?? {})) metric.inc({ workshop, [label ?? '']: word }, number);
    }
  }
  return registry.metrics();
}
