import { isLearntLaunches, withLearnt, type WithLearnt } from '../time/learnt-launches.ts';
import { addFailing, failingAlike, isFailingAlike, type FailingAlike } from '../diagnosis/breaker.ts';
import { isEverybodys } from '../diagnosis/failure-classes.ts';
import { isLookedAfter, isProven, isToSave } from './seat-state.ts';
import { isAttendee, isTwin, takesPart, type Seat, type SeatState } from './seat.ts';

/** One number about many seats: what a seat adds to it, and how the numbers of several cohorts become one. */
interface Total {
  /** Undefined when this seat does not count. */
  readonly of: (seat: Seat) => number | undefined;
  readonly together: 'sum' | 'most' | 'earliest';
}

const isGuest = (seat: Seat): boolean => seat.role === 'guest tester' && takesPart(seat);
const isTester = (seat: Seat): boolean => seat.role !== 'attendee' && takesPart(seat);

const isHeldUpByAll = ({ state, diagnosis }: Seat): boolean =>
  state === 'failed' && diagnosis !== undefined && isEverybodys(diagnosis.class);

const count = (who: (seat: Seat) => boolean, is: (seat: Seat) => boolean): Total => ({
  of: (seat) => (who(seat) && is(seat) ? 1 : 0),
  together: 'sum',
});
const attendees = (is: (seat: Seat) => boolean): Total => count(isAttendee, is);
const testers = (is: (seat: Seat) => boolean): Total => count(isTester, is);
/**
 * Since when everybody was asked for something, epoch milliseconds: 0 when an attendee was not, the end of time when
 * there are none.
 */
const askedOfAll = (at: (seat: Seat) => number | undefined): Total => ({
  of: (seat) => (isAttendee(seat) ? (at(seat) ?? 0) : undefined),
  together: 'earliest',
});

/** Every number that travels from a cohort to its lifecycle. Another one is another line here, and nothing else. */
const TOTALS = {
  attendees: attendees(() => true),
  /** Have, or had, a running and verified cluster. */
  everReady: attendees((seat) => seat.readyAt !== undefined),
  invited: attendees((seat) => seat.letter !== undefined),
  unwritten: attendees((seat) => seat.letterTrouble !== undefined),
  /** Seats under a second address of the same person. */
  twins: { of: (seat: Seat) => (isTwin(seat) ? 1 : 0), together: 'sum' },
  withAccess: attendees((seat) => seat.access),
  /** Of these, the ones who may query the endpoint, and the ones whom the worker was refused to let. */
  endpointOpen: attendees((seat) => seat.endpoint === 'yes'),
  endpointClosed: attendees((seat) => seat.endpoint === 'no'),
  withCluster: attendees(({ cluster }) => cluster !== undefined && cluster.state !== 'GONE'),
  verified: attendees((seat) => seat.cluster?.verified === true),
  found: attendees((seat) => seat.person !== undefined),
  notInWorkspace: attendees((seat) => seat.person === undefined && seat.state === 'failed'),
  guests: count(isGuest, () => true),
  guestsReady: count(isGuest, (seat) => seat.state === 'ready'),
  testers: testers(() => true),
  testersReady: testers((seat) => seat.state === 'ready'),
  /** Their cluster ran and has fallen asleep since. */
  testersAsleep: testers((seat) => seat.state === 'asleep' && seat.readyAt !== undefined),
  testersFailed: testers((seat) => seat.state === 'failed'),
  /** The last look at their cluster is young enough and good: by a job in their name, or by its events only. */
  seenByThem: attendees((seat) => isProven(seat) && seat.proof?.kind === 'attendee'),
  seenByEvents: attendees((seat) => isProven(seat) && seat.proof?.kind === 'events'),
  /** Wait for the workspace, or for the worker's way to it: for nothing of their own. */
  waitForWorkspace: {
    of: (seat: Seat) => (takesPart(seat) && isHeldUpByAll(seat) ? 1 : 0),
    together: 'sum',
  },
  /** Their cluster was looked at and does not serve. */
  seenFailing: attendees(({ proof }) => proof?.ok === false),
  /** Their first connection does not find the CLI that the plan pins. */
  notSeeded: attendees(({ proof }) => proof?.seeded === false),
  /** Files outside their work folder were looked at since that was asked for. */
  saved: attendees((seat) => isLookedAfter(seat) && seat.saved?.state === 'saved'),
  nothingToSave: attendees((seat) => isLookedAfter(seat) && seat.saved?.state === 'nothing'),
  notSaved: attendees((seat) => isLookedAfter(seat) && seat.saved?.state === 'failed'),
  notLookedAfter: attendees((seat) => isLookedAfter(seat) && seat.saved?.state === 'unseen'),
  /** Their cluster runs and was not looked after since that was asked for. */
  toSave: attendees(isToSave),
  checkAskedAt: askedOfAll(({ due }) => due?.check),
  saveAskedAt: askedOfAll(({ due }) => due?.save),
  upMs: { of: (seat: Seat) => seat.upMs, together: 'sum' },
  clustersCreated: { of: (seat: Seat) => seat.clusters, together: 'sum' },
  /** How often somebody's workflow was ended from outside, and started again. */
  stuck: attendees((seat) => seat.stuck === true),
  startedAgain: { of: (seat: Seat) => seat.startedAgain ?? 0, together: 'sum' },
  /** When a launch last came up, and when the youngest launch that came up was asked for; epoch milliseconds. */
  lastUpAt: { of: ({ cameUp }: Seat) => cameUp?.at, together: 'most' },
  lastUpAskedAt: { of: ({ cameUp }: Seat) => cameUp?.launchedAt, together: 'most' },
  /** The longest boot seen, milliseconds. */
  slowestBootMs: { of: (seat: Seat) => seat.cluster?.bootMs ?? 0, together: 'most' },
} as const satisfies Readonly<Record<string, Total>>;

type TotalName = keyof typeof TOTALS;
const NAMES = Object.keys(TOTALS) as TotalName[];

/** People by state, and every number of the table. Guest testers are not attendees and are counted apart. */
export type Totals = Readonly<Record<TotalName, number>> &
  WithLearnt & {
    readonly byState: Readonly<Partial<Record<SeatState, number>>>;
    /** Whose launches fail, by what they fail of. */
    readonly failingAlike: readonly FailingAlike[];
  };

const TOGETHER: Readonly<Record<Total['together'], (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  most: (values) => Math.max(0, ...values),
  // Nobody to ask counts as asked.
  earliest: (values) => Math.min(Number.MAX_SAFE_INTEGER, ...values),
};

const eachTotal = (value: (name: TotalName) => number): Record<TotalName, number> =>
  Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<TotalName, number>;

/** Totals of some seats. */
export function totalsOf(seats: readonly Seat[]): Totals {
  const byState: Partial<Record<SeatState, number>> = {};
  for (const { state } of seats.filter(isAttendee)) byState[state] = (byState[state] ?? 0) + 1;
  return {
    ...eachTotal((name) => {
      const { of, together }: Total = TOTALS[name];
      return TOGETHER[together](seats.map(of).filter((value) => value !== undefined));
    }),
    byState,
    failingAlike: failingAlike(seats),
    ...withLearnt(seats),
  };
}

export const NO_TOTALS: Totals = totalsOf([]);

/** Sums the totals of all cohorts. A number that an older version did not carry along counts as 0. */
export function addTotals(all: readonly Totals[]): Totals {
  const byState: Partial<Record<SeatState, number>> = {};
  for (const { byState: part } of all) {
    for (const [state, n] of Object.entries(part)) byState[state as SeatState] = (byState[state as SeatState] ?? 0) + n;
  }
  return {
    ...eachTotal((name) => TOGETHER[TOTALS[name].together](all.map((part: Partial<Totals>) => part[name] ?? 0))),
    byState,
    // An older cohort knows nothing of them.
    failingAlike: addFailing(all.flatMap((part: Partial<Totals>) => part.failingAlike ?? [])),
    ...withLearnt(all),
  };
}

/**
 * Reads what a cohort's report carries; undefined when that is not totals: a signal can be sent by anybody. A number
 * that is missing counts as 0, so that an older worker's report is never refused by a newer one.
 */
export function readTotals(given: unknown): Totals | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { byState, failingAlike: alike = [], launches, ...numbers } = given as Record<string, unknown>;
  if (typeof byState !== 'object' || byState === null) return undefined;
  if (!Object.values(byState).every((n) => typeof n === 'number')) return undefined;
  if (!isFailingAlike(alike)) return undefined;
  if (!NAMES.every((name) => numbers[name] === undefined || typeof numbers[name] === 'number')) return undefined;
  return {
    ...eachTotal((name) => (numbers[name] as number | undefined) ?? 0),
    byState,
    failingAlike: alike,
    // Whoever sends nonsense of it is heard all the same: it is a help and no more.
    ...(isLearntLaunches(launches) ? { launches } : {}),
  };
}
