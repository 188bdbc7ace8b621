import type { Heading, Item } from '../checklist/checklist.ts';
import type { Refusal } from '../checklist/requests.ts';
import { isLookedAfter, isProven, isToSave, type Role, type Seat, type SeatState } from './seat.ts';

/** People by state; guest testers are not attendees and are counted apart. */
export interface Totals {
  readonly attendees: number;
  readonly byState: Readonly<Partial<Record<SeatState, number>>>;
  /** Attendees who have, or had, a running and verified cluster. */
  readonly everReady: number;
  readonly invited: number;
  readonly withAccess: number;
  /** Of these, the ones who may query the endpoint, and the ones whom the worker was refused to let. */
  readonly endpointOpen: number;
  readonly endpointClosed: number;
  readonly withCluster: number;
  readonly verified: number;
  readonly found: number;
  readonly notInWorkspace: number;
  readonly guests: number;
  readonly guestsReady: number;
  readonly testersReady: number;
  /** Testers whose cluster ran and has fallen asleep since. */
  readonly testersAsleep: number;
  readonly testersFailed: number;
  readonly testers: number;
  /** Whose last look at their cluster is young enough and good: with their own eyes, or by the cluster's events only. */
  readonly seenByThem: number;
  readonly seenByEvents: number;
  /** Whose cluster was looked at and does not serve. */
  readonly seenFailing: number;
  /** Whose first connection does not find the CLI that the plan pins. */
  readonly notSeeded: number;
  /** Whose files outside their work folder were looked at since that was asked for. */
  readonly saved: number;
  readonly nothingToSave: number;
  readonly notSaved: number;
  readonly notLookedAfter: number;
  /** Whose cluster runs and was not looked after since that was asked for. */
  readonly toSave: number;
  /** The earliest moment, of all attendees, since which looking at clusters and after files was asked for; epoch milliseconds, 0 when somebody was not asked. */
  readonly checkAskedAt: number;
  readonly saveAskedAt: number;
  readonly upMs: number;
  readonly clustersCreated: number;
  /** The longest boot seen, milliseconds. */
  readonly slowestBootMs: number;
}

export const NO_TOTALS: Totals = {
  attendees: 0,
  byState: {},
  everReady: 0,
  invited: 0,
  withAccess: 0,
  endpointOpen: 0,
  endpointClosed: 0,
  withCluster: 0,
  verified: 0,
  found: 0,
  notInWorkspace: 0,
  guests: 0,
  guestsReady: 0,
  testersReady: 0,
  testersAsleep: 0,
  testersFailed: 0,
  testers: 0,
  seenByThem: 0,
  seenByEvents: 0,
  seenFailing: 0,
  notSeeded: 0,
  saved: 0,
  nothingToSave: 0,
  notSaved: 0,
  notLookedAfter: 0,
  toSave: 0,
  checkAskedAt: Number.MAX_SAFE_INTEGER,
  saveAskedAt: Number.MAX_SAFE_INTEGER,
  upMs: 0,
  clustersCreated: 0,
  slowestBootMs: 0,
};

/** True for what a cohort's report carries: a signal can be sent by anybody. */
export function isTotals(said: unknown): said is Totals {
  if (typeof said !== 'object' || said === null) return false;
  const { byState, ...numbers } = said as Record<string, unknown>;
  if (typeof byState !== 'object' || byState === null || !Object.values(byState).every((n) => typeof n === 'number'))
    return false;
  return Object.keys(NO_TOTALS).every((name) => name === 'byState' || typeof numbers[name] === 'number');
}

const isAttendee = (role: Role) => role !== 'guest tester';

/** Totals of some seats. */
export function totalsOf(seats: readonly Seat[]): Totals {
  const byState: Partial<Record<SeatState, number>> = {};
  const count = (of: readonly Seat[], test: (seat: Seat) => boolean) => of.filter(test).length;
  const attendees = seats.filter((seat) => isAttendee(seat.role));
  const guests = seats.filter((seat) => !isAttendee(seat.role));
  const testers = seats.filter((seat) => seat.role !== 'attendee');
  for (const seat of attendees) byState[seat.state] = (byState[seat.state] ?? 0) + 1;
  return {
    attendees: attendees.length,
    byState,
    everReady: count(attendees, (seat) => seat.readyAt !== undefined),
    invited: count(attendees, (seat) => seat.letter !== undefined),
    withAccess: count(attendees, (seat) => seat.access),
    endpointOpen: count(attendees, (seat) => seat.endpoint === 'yes'),
    endpointClosed: count(attendees, (seat) => seat.endpoint === 'no'),
    withCluster: count(attendees, (seat) => seat.cluster !== undefined && seat.cluster.state !== 'GONE'),
    verified: count(attendees, (seat) => seat.cluster?.verified === true),
    found: count(attendees, (seat) => seat.person !== undefined),
    notInWorkspace: count(attendees, (seat) => seat.person === undefined && seat.state === 'failed'),
    guests: guests.length,
    guestsReady: count(guests, (seat) => seat.state === 'ready'),
    testers: testers.length,
    testersReady: count(testers, (seat) => seat.state === 'ready'),
    testersAsleep: count(testers, (seat) => seat.state === 'asleep' && seat.readyAt !== undefined),
    testersFailed: count(testers, (seat) => seat.state === 'failed'),
    seenByThem: count(attendees, (seat) => isProven(seat) && seat.proof?.kind === 'attendee'),
    seenByEvents: count(attendees, (seat) => isProven(seat) && seat.proof?.kind === 'events'),
    seenFailing: count(attendees, ({ proof }) => proof?.ok === false),
    notSeeded: count(attendees, ({ proof }) => proof?.seeded === false),
    saved: count(attendees, (seat) => isLookedAfter(seat) && seat.saved?.state === 'saved'),
    nothingToSave: count(attendees, (seat) => isLookedAfter(seat) && seat.saved?.state === 'nothing'),
    notSaved: count(attendees, (seat) => isLookedAfter(seat) && seat.saved?.state === 'failed'),
    notLookedAfter: count(attendees, (seat) => isLookedAfter(seat) && seat.saved?.state === 'unseen'),
    toSave: count(attendees, isToSave),
    checkAskedAt: earliest(attendees.map(({ due }) => due?.check ?? 0)),
    saveAskedAt: earliest(attendees.map(({ due }) => due?.save ?? 0)),
    clustersCreated: seats.reduce((sum, seat) => sum + seat.clusters, 0),
    upMs: seats.reduce((sum, seat) => sum + seat.upMs, 0),
    slowestBootMs: seats.reduce((most, seat) => Math.max(most, seat.cluster?.bootMs ?? 0), 0),
  };
}

/** Nobody to ask counts as asked. */
const earliest = (moments: readonly number[]): number => Math.min(Number.MAX_SAFE_INTEGER, ...moments);

/** Sums the totals of all cohorts. */
export function addTotals(all: readonly Totals[]): Totals {
  const byState: Partial<Record<SeatState, number>> = {};
  for (const { byState: part } of all) {
    for (const [state, n] of Object.entries(part)) byState[state as SeatState] = (byState[state as SeatState] ?? 0) + n;
  }
  const sum = (field: { [K in keyof Totals]: Totals[K] extends number ? K : never }[keyof Totals]) =>
    all.reduce((total, part) => total + (part[field as keyof Totals] as number), 0);
  return {
    attendees: sum('attendees'),
    byState,
    everReady: sum('everReady'),
    invited: sum('invited'),
    withAccess: sum('withAccess'),
    endpointOpen: sum('endpointOpen'),
    endpointClosed: sum('endpointClosed'),
    withCluster: sum('withCluster'),
    verified: sum('verified'),
    found: sum('found'),
    notInWorkspace: sum('notInWorkspace'),
    guests: sum('guests'),
    guestsReady: sum('guestsReady'),
    testers: sum('testers'),
    testersReady: sum('testersReady'),
    testersAsleep: sum('testersAsleep'),
    testersFailed: sum('testersFailed'),
    seenByThem: sum('seenByThem'),
    seenByEvents: sum('seenByEvents'),
    seenFailing: sum('seenFailing'),
    notSeeded: sum('notSeeded'),
    saved: sum('saved'),
    nothingToSave: sum('nothingToSave'),
    notSaved: sum('notSaved'),
    notLookedAfter: sum('notLookedAfter'),
    toSave: sum('toSave'),
    checkAskedAt: earliest(all.map(({ checkAskedAt }) => checkAskedAt)),
    saveAskedAt: earliest(all.map(({ saveAskedAt }) => saveAskedAt)),
    upMs: sum('upMs'),
    clustersCreated: sum('clustersCreated'),
    slowestBootMs: all.reduce((most, part) => Math.max(most, part.slowestBootMs), 0),
  };
}

/** What the `progress` query answers: where the workshop is, at one look. Instants in epoch milliseconds. */
export interface Progress {
  readonly v: 1;
  readonly workshop: { readonly id: string; readonly title: string; readonly runId: string };
  readonly heading: Heading;
  /** The lifecycle's outcome: running until the report is written. */
  readonly status: 'running' | 'cancelling' | 'finished';
  readonly start: number;
  readonly end: number;
  readonly checklist: readonly Item[];
  readonly attendees: Totals;
  readonly refused: readonly Refusal[];
  readonly cohorts: number;
}
