import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import type { LineId } from '../../../src/domain/replayed/checklist/lines.ts';
import type { Pace } from '../../../src/domain/replayed/time/pace.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';

export const PEOPLE = 6;

/** How a scenario is run, and what it comes to. */
export interface Day {
  /** Its worst moment. */
  readonly worst: (progress: Progress, seats: readonly Seat[]) => boolean;
  /** Lines of the checklist that the golden page has; others differ with the speed of the machine. */
  readonly lines: readonly LineId[];
  /** The golden page has nobody's name. */
  readonly isWithoutPeople?: boolean;
  /** The program copes by itself: no line may be red, and everybody is ready. */
  readonly isCalm?: boolean;
  /** Who is not ready at the end, by number. */
  readonly notReady?: readonly number[];
  /** Milliseconds that the event is longer than six seconds: the worst moment has to come before its end. */
  readonly longerMs?: number;
  /** Milliseconds that the event begins sooner than in a rehearsal; 31 s if left out. */
  readonly soonerMs?: number;
  readonly pace?: Partial<Pace>;
}

const EVERYBODY = [1, 2, 3, 4, 5, 6] as const;
/** Failures that are over in seconds, on a fast clock, stay long enough to be looked at. */
const SLOW_TO_TRY_AGAIN = { retryFirst: 6_000, retryMost: 6_000, eventRetry: 16_000 };

const red =
  (...ids: LineId[]) =>
  ({ checklist }: Progress): boolean =>
    ids.every((id) => checklist.some((item) => item.id === id && item.state === 'failed'));
const failing =
  (...numbers: number[]) =>
  (_: unknown, seats: readonly Seat[]): boolean =>
    numbers.every((n) => seats.some(({ email, failures }) => email === attendee(n) && failures > 0));

/** As rehearsals call their people. */
export const attendee = (n: number): string => `attendee${String(n).padStart(3, '0')}@example.com`;

const both =
  (...moments: Day['worst'][]): Day['worst'] =>
  (progress, seats) =>
    moments.every((moment) => moment(progress, seats));

const CALM: Day = {
  worst: ({ heading, attendees }) => heading === 'during' && attendees.byState.ready === PEOPLE,
  lines: ['clusters', 'watch'],
  isCalm: true,
  longerMs: 10_000,
};

/** Every scenario, by the name of its file; the longest first. */
export const DAYS: Readonly<Record<string, Day>> = {
  'clusters-hang': {
    worst: both(red('clusters'), failing(2, 5)),
    lines: ['clusters'],
    notReady: [2, 5],
    longerMs: 40_000,
    pace: { launch: 25_000 },
  },
  'quota-used-up': {
    worst: both(red('launches'), failing(...EVERYBODY)),
    lines: ['launches'],
    // Whose launch is tried now and then is the breaker's choice, and that one has not failed for good yet.
    isWithoutPeople: true,
    notReady: EVERYBODY,
    longerMs: 30_000,
  },
  'dies-mid-event': {
    worst: failing(1, 4),
    lines: ['clusters'],
    // There has to be a first launch before that of the day.
    soonerMs: 0,
    longerMs: 20_000,
    pace: SLOW_TO_TRY_AGAIN,
  },
  'subnet-full-half-way': {
    worst: both(red('launches', 'clusters'), failing(4, 5, 6)),
    lines: ['launches', 'clusters'],
    notReady: [4, 5, 6],
    longerMs: 20_000,
  },
  // What is refused at first, and to whom, is a matter of milliseconds.
  'credentials-expire': { worst: red('workspace'), lines: ['workspace'], isWithoutPeople: true, longerMs: 30_000 },
  'init-script-fails-for-one': {
    worst: both(red('clusters'), failing(2, 3)),
    lines: ['clusters'],
    notReady: [2, 3],
    longerMs: 10_000,
  },
  'stockout-for-some': { worst: failing(1, 3, 6), lines: [], pace: SLOW_TO_TRY_AGAIN },
  'init-script-broken-for-all': {
    worst: red('canary'),
    lines: ['canary'],
    notReady: EVERYBODY,
  },
  'somebody-is-not-in-the-workspace': { worst: red('people'), lines: ['people'], notReady: [4, 5] },
  'endpoint-refuses': { worst: red('endpoint-responsive'), lines: ['endpoint-responsive'] },
  'pool-may-not-be-changed': { worst: red('warm-pool'), lines: ['warm-pool'], longerMs: 10_000 },
  'pinned-at-the-end': {
    worst: ({ checklist }) => checklist.some(({ id, toDo }) => id === 'teardown' && toDo !== undefined),
    lines: ['teardown'],
  },
  'throttled-launches': CALM,
  'lost-answers': CALM,
  'stale-lists-and-lazy-deletes': CALM,
};
