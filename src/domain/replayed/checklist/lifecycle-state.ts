import type { Claim } from '../claim/claim.ts';
import type { LaunchStop } from '../diagnosis/breaker.ts';
import type { AppsAtEnd } from '../ending/apps-at-end.ts';
import type { TeardownReport } from '../ending/teardown-report.ts';
import type { Details } from '../seat/details.ts';
import type { Due, Target } from '../seat/seat.ts';
import type { Totals } from '../seat/totals.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Amended } from './amendment.ts';
import type { Item } from './item.ts';
import type { Heading, LineId } from './lines.ts';
import type { Refusal } from './requests.ts';

/** Who takes part, and what is wanted of them. Only the lifecycle's crowd writes it. */
export interface CrowdState {
  /** Addresses not enrolled yet: of everybody, at the start, so nothing but the address. */
  toEnrol: string[];
  /** Address → what a roster says of them beside it; until they have a seat, which keeps it. */
  details?: Record<string, Details>;
  /** Testers who are not on the roster. */
  guests: string[];
  /** Seat key → cohort. */
  seats: Record<string, number>;
  /** How many seats each cohort ever held; a removed seat is not reused. */
  cohorts: number[];
  /** Cohorts that are gone, and of which nobody knows any more whom they looked after. */
  forgotten?: readonly number[];
  totals: Record<number, { seq: number; totals: Totals }>;
  /** What is wanted of everybody, and of testers, who are always at least as far. */
  target: Target;
  testersTarget: Target;
  /** Seats of people who take part no longer: a cohort that begins again has to hear of them once more. */
  takenOut?: Record<string, { readonly n: number; readonly by: string; readonly at: number }>;
  /** Of those who came back: which cohort has had them, and how often they were seated there. */
  seatedBefore?: Record<string, { readonly n: number; readonly times: number }>;
  /** What the cohorts heard last, of everybody and of testers: not sent again. */
  sent: { everybody?: string; testers?: string };
  /** Since when everybody's cluster is to have been looked at, and their work saved. */
  due?: Due;
}

/**
 * How many cohorts there are. One that reports is there, although a lifecycle that was set back to an earlier moment
 * has not made it yet: its people are not lost.
 */
export const cohortsKnown = ({ cohorts, totals }: Pick<CrowdState, 'cohorts' | 'totals'>): number =>
  Math.max(cohorts.length, ...Object.keys(totals).map((n) => Number(n) + 1));

/**
 * What a lifecycle carries from one heading to the next, through continue-as-new. Bounded: no e-mail address is in it
 * but those not yet enrolled and those of testers who are not on the roster.
 */
export interface LifecycleState extends CrowdState {
  readonly v: 1;
  heading: Heading;
  /** Only the lifecycle's checklist makes new ones. */
  items: readonly Item[];
  refused: Refusal[];
  policyId?: string;
  poolId?: string;
  poolsCreated: number;
  /** The pool's minimum may be up though nobody needs it; and what its line is to say once it is lowered. */
  toLower?: {
    machines: number;
    line?: LineId;
    evidence?: string;
    failed?: { message: string; toDo: string };
  };
  /** Scripts that were found changed the day before, and uploaded again. */
  scriptsMended?: readonly string[];
  /** How often workflows were ended from outside and started again: cohorts, and what these reported of attendees. */
  cohortsStartedAgain?: number;
  attendeesStartedAgain?: number;
  /** Of attendees whose workflow did not go on, when somebody was told of them last. */
  attendeesStuck?: number;
  /** Launches are stopped, because too many failed alike; how often they were; and since when failures count anew. */
  launchStop?: LaunchStop;
  launchStops?: number;
  /** What people were told of last: they are not told again when launches went on by themselves in between. */
  launchStopTold?: string;
  launchesCountFrom?: number;
  /** This run holds the claim on the workshop, or has held it. */
  claimed?: boolean;
  /** A run on another Temporal server holds it: nothing is made, started or removed here. */
  elsewhere?: Claim;
  /** Somebody said that the claim may be taken although that server seems alive. */
  claimForced?: boolean;
  /** An earlier lifecycle's run was taken over: its people may have their clusters already. */
  adopted?: boolean;
  /** Everybody's cluster was asked for. */
  launched?: boolean;
  /** The heading under which the room was opened last. */
  roomOpened?: Heading;
  /** The canary's clusters, which no seat counts. */
  canaries: number;
  /** Those that it removed itself; one that was interrupted is left to teardown. */
  canariesRemoved: number;
  canaryId?: string;
  canaryAgainId?: string;
  /** Milliseconds that VMs ran without a cluster, and canaries with one: what no seat meters. */
  poolIdleMs: number;
  /** So many instances wait in the pool since then (epoch milliseconds), and are not in `poolIdleMs` yet. */
  poolRests?: { idle: number; since: number };
  canaryUpMs: number;
  /** The longest it took to fill the pool, milliseconds. */
  fillMs: number;
  /** The slowest boot measured before the day, milliseconds. */
  bootMs: number;
  /** The last canary that looked could not download VS Code's server: laptops are to fetch it. */
  laptopsFetchServer?: boolean;
  /** The moments as they are now, once they were moved. */
  timeline?: Timeline;
  /** The moment of the removal that the reaper was told last, once it was moved: epoch milliseconds. */
  reaperTold?: number;
  /** The start that everybody's letter is to name, once it was moved: epoch milliseconds. */
  startTold?: number;
  /** What was amended of the plan that the lifecycle began with. */
  amended?: Amended;
  /** The title, contacts and channels that the reaper was told last, once they were amended. */
  reaperToldOf?: string;
  /** Somebody asked that nothing new begins for now. */
  paused?: { by: string; reason?: string | undefined; at: number };
  teardown?: TeardownReport;
  /** People's apps, when they were looked at last. */
  apps?: AppsAtEnd;
  cancelled?: { by: string; reason: string; at: number };
  /** Everybody who was invited was told of it. */
  cancellationTold?: boolean;
  /** Somebody asked for the removal to begin before the grace after the end is over. */
  graceSkipped?: { by: string; reason: string; at: number };
}

/** In characters: the whole state has to stay under 512 kB (docs/design.md section "Children and continue-as-new"). */
const LARGEST_ROSTER = 400_000;

/**
 * Whether a lifecycle can begin with all that the roster says of people; if not, it begins with their addresses, and
 * the rest can be told later by `attendees import`.
 */
export const fitAtStart = (people: readonly string[], details: Readonly<Record<string, Details>>): boolean =>
  JSON.stringify([people, details]).length <= LARGEST_ROSTER;

/**
 * The state of a lifecycle that has not begun. Testers who are not on the roster get a seat too.
 * @param details address → what the roster says of them; left out when it is too much
 */
export function newLifecycleState(
  items: readonly Item[],
  people: readonly string[],
  testers: readonly string[],
  details: Readonly<Record<string, Details>> = {},
): LifecycleState {
  return {
    v: 1,
    heading: 'first',
    items,
    toEnrol: [...new Set([...people, ...testers])],
    ...(Object.keys(details).length > 0 && fitAtStart(people, details) ? { details: { ...details } } : {}),
    guests: testers.filter((email) => !people.includes(email)),
    seats: {},
    cohorts: [],
    totals: {},
    refused: [],
    target: 'enrolled',
    testersTarget: 'enrolled',
    sent: {},
    poolsCreated: 0,
    canaries: 0,
    canariesRemoved: 0,
    poolIdleMs: 0,
    canaryUpMs: 0,
    fillMs: 0,
    bootMs: 0,
  };
}
