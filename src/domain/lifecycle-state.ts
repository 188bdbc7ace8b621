import type { Heading, Item } from './checklist.ts';
import type { Refusal } from './messages.ts';
import type { Totals } from './progress.ts';
import type { TeardownReport } from './teardown-report.ts';
import type { Role, Target } from './seat.ts';

/** What a lifecycle carries from one heading to the next, through continue-as-new. Bounded: no e-mail address is in it but those not yet enrolled. */
export interface LifecycleState {
  readonly v: 1;
  heading: Heading;
  items: Item[];
  /** Roster addresses not enrolled yet. */
  toEnrol: { email: string; role: Role }[];
  /** Seat key → cohort. */
  seats: Record<string, number>;
  /** How many seats each cohort ever held; a removed seat is not reused. */
  cohorts: number[];
  totals: Record<number, { seq: number; totals: Totals }>;
  refused: Refusal[];
  /** What is wanted of everybody, and of testers, who are always at least as far. */
  wanted: Target;
  testersWanted: Target;
  policyId?: string;
  poolId?: string;
  poolsCreated: number;
  /** Everybody's cluster was asked for. */
  launched?: boolean;
  /** The canary's clusters, which no seat counts. */
  canaries: number;
  canaryId?: string;
  /** What the cohorts were last told is wanted, of everybody and of testers. */
  told: Record<string, string>;
  /** Milliseconds that VMs ran without a cluster, and canaries with one: what no seat meters. */
  poolIdleMs: number;
  canaryUpMs: number;
  /** The longest it took to fill the pool, milliseconds. */
  fillMs: number;
  /** The slowest boot measured before the day, milliseconds. */
  bootMs: number;
  teardown?: TeardownReport;
  cancelled?: { by: string; reason: string; at: number };
}

/** The state of a lifecycle that has not begun. */
export function newLifecycleState(items: Item[], people: readonly string[], testers: readonly string[]): LifecycleState {
  const onRoster = new Set(people);
  return {
    v: 1,
    heading: 'first',
    items,
    toEnrol: [
      ...people.map((email) => ({ email, role: testers.includes(email) ? ('tester' as const) : ('attendee' as const) })),
      ...testers.filter((email) => !onRoster.has(email)).map((email) => ({ email, role: 'guest tester' as const })),
    ],
    seats: {}, cohorts: [], totals: {}, refused: [], wanted: 'enrolled', testersWanted: 'enrolled', poolsCreated: 0, canaries: 0, told: {}, poolIdleMs: 0, canaryUpMs: 0, fillMs: 0, bootMs: 0,
  };
}
