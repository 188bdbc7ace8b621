import type { LearntLaunches } from './learnt-launches.ts';

/**
 * Until something has been measured, a boot is taken to last this long: the 95th percentile planned for
 * (docs/facts/databricks-workspace.md section 12).
 */
export const UNMEASURED_BOOT = 12 * 60_000;
const BOOT_MARGIN = 1.5;
/**
 * A cluster that has idled for this share of its auto-termination time is too close to being stopped under its owner.
 */
const MOST_IDLE = 0.75;

/** What decides when the last launch has to begin. Times in milliseconds of the plan's own clock. */
export interface LaunchPlan {
  readonly people: number;
  /** The slowest boot measured so far; 0 when nothing was. */
  readonly bootMs: number;
  readonly launchesPerSecond: number;
  /** So many launches go at once before that; none if not given. */
  readonly atOnce?: number | undefined;
  readonly autoTerminationMs: number;
  /** However quick boots are. */
  readonly leastLeadMs: number;
}

/**
 * How long before the start clusters are launched: time for everybody's launch and the slowest boot with a margin,
 * but never so long that auto-termination stops them before the doors open.
 */
export function launchLead(plan: LaunchPlan): { leadMs: number; enough: boolean } {
  const needed = Math.max(
    plan.leastLeadMs,
    (plan.bootMs || UNMEASURED_BOOT) * BOOT_MARGIN +
      (Math.max(0, plan.people - (plan.atOnce ?? 0)) / plan.launchesPerSecond) * 1_000,
  );
  const most = plan.autoTerminationMs * MOST_IDLE;
  return { leadMs: Math.min(needed, most), enough: needed <= most };
}

/**
 * Warming the pool begins this share of the time before the launches that a pool may take at most to fill; with the
 * shortest lead that is the guide's half hour before the start.
 */
export const LEAST_WARMING = 0.75;

/**
 * Nodes a second that are taken to be launched until the workspace has shown how many; the real bucket's size is
 * unpublished (docs/facts/databricks.md section 1).
 */
export const LAUNCHES_PER_SECOND = 1;

/** Another day others may launch there, too: of a rate that was learnt so much is counted on. */
const OF_LEARNT_RATE = 0.8;

/** What the lead is reckoned from: what was learnt of launches, or what is assumed. */
export const launchesToPlanBy = (
  learnt: Pick<LearntLaunches, 'perSecond' | 'atOnce'> | undefined,
): Pick<LaunchPlan, 'launchesPerSecond' | 'atOnce'> => ({
  launchesPerSecond: learnt?.perSecond === undefined ? LAUNCHES_PER_SECOND : learnt.perSecond * OF_LEARNT_RATE,
  atOnce: learnt?.atOnce,
});
