import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { join } from 'node:path';
import type { Workspace } from '../../databricks/workspace.ts';
import { meteredCost } from '../../domain/money/cost.ts';
import { cohortsKnown, type LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { OwnMachine } from '../../domain/papers/apps-in-report.ts';
import { reportOf, type Report } from '../../domain/papers/report.ts';
import { sealedJson } from '../../domain/papers/report-seal.ts';
import { reportPage } from '../../domain/papers/report-page.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { privateFolder, writePrivately } from '../../private-file.ts';
import type { ActivityDeps } from '../deps.ts';
import { isLasting } from '../retryable-failures.ts';
import type { ClusterListings } from '../clusters/listings.ts';
import { ownMachines } from './own-machines.ts';
import { takeBackRights } from './take-back-rights.ts';
import { askRosters } from '../people/rosters.ts';
import type { Run } from '../run.ts';

/** Tries at the cohorts and at the logs volume before the report has to do without. */
const TRIES = 4;

export interface ReportRequest {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly pace: Pace;
  readonly estimate: number;
  readonly state: LifecycleState;
}

/** Since when a machine of somebody's is of this workshop's time: since they were invited, or it began, if later. */
const sinceInvited = ({ items }: LifecycleState, { oneWeekBefore }: Timeline): number =>
  Math.max(oneWeekBefore, items.find(({ id }) => id === 'enrol')?.at ?? 0);

/** What people made for themselves; after a few tries in words, that nobody knows. */
async function machinesOf(workspace: Workspace, seats: readonly Seat[], since: number): Promise<OwnMachine[] | string> {
  const emails = seats.map(({ email }) => email);
  try {
    return await ownMachines(workspace, emails, since);
  } catch (error) {
    if (!isLasting(error) && Context.current().info.attempt < TRIES) throw error;
    return `Whether people made machines for themselves is not known: ${(error as Error).message.slice(0, 200)}`;
  }
}

/** The last thing a lifecycle does. */
export const reportActivities = (
  { workspace, temporal, folder, reportKey }: ActivityDeps,
  listings: ClusterListings,
) => ({
  /** Of somebody who takes part no longer; what cannot be taken back is listed at the end. Idempotent. */
  async takeBackRightsOf(run: Run, { plan, seat }: { plan: Plan; seat: Seat }): Promise<void> {
    const lastTry = Context.current().info.attempt >= TRIES;
    await takeBackRights(workspace, listings, run, { plan, seats: [seat], silent: 0, poolKept: true, lastTry });
  },

  /**
   * Takes people's rights back, and then writes the report where it outlives Temporal's history: a local folder, and
   * the workshop's logs volume, which they could read until then. A volume that refuses it is said, not fatal: the
   * folder has it. Nor is a cohort that does not answer. Passing trouble is waited out a few times first. Idempotent.
   *
   * The volume is written to by every attendee's cluster: the seal tells whether what lies there is still this report.
   */
  async writeReport(
    run: Run,
    { plan, timeline, pace, estimate, state }: ReportRequest,
  ): Promise<{ report: Report; where: string }> {
    const { seats, silent } = await askRosters(temporal, run.workshopId, cohortsKnown(state));
    // What is not heard of after a few tries is missing in the report, and the report says so.
    if (silent.length > 0 && Context.current().info.attempt < TRIES)
      throw ApplicationFailure.retryable(
        silent.map(({ n, why }) => `Cohort ${n} does not say who is in it: ${why}`).join(' '),
        'NO_ANSWER',
      );
    const upMs =
      seats.reduce((sum, seat) => sum + seat.upMs, 0) +
      silent.reduce((sum, { n }) => sum + (state.totals[n]?.totals.upMs ?? 0), 0) +
      state.canaryUpMs +
      (state.teardown?.upMs ?? 0);
    const actual = meteredCost(
      {
        clusterUpMs: upMs * pace.speed,
        poolIdleMs: state.poolIdleMs * pace.speed,
        appsUpMs: (state.apps?.upMs ?? 0) * pace.speed,
      },
      plan.prices,
    );
    const rights = await takeBackRights(workspace, listings, run, {
      plan,
      seats,
      silent: silent.length,
      poolKept: state.teardown?.poolKept === true,
      lastTry: Context.current().info.attempt >= TRIES,
    });
    const machines = await machinesOf(workspace, seats, sinceInvited(state, timeline));
    const report = reportOf({
      plan,
      timeline,
      run,
      seats,
      state,
      estimate,
      actual: actual.total,
      forApps: actual.apps,
      silent,
      rights,
      ownMachines: machines,
    });
    const json = sealedJson(report, reportKey);
    const page = reportPage(report);
    const home = join(folder, run.workshopId);
    await privateFolder(home);
    for (const [name, text] of [
      ['report.json', json],
      ['report.txt', page],
    ] as const) {
      await writePrivately(join(home, name), text);
    }
    const path = volumePath(plan.unityCatalog.logs, `workshop-${run.workshopId}-${run.runId}.json`);
    try {
      await workspace.files.upload(path, Buffer.from(json), { overwrite: true });
      return { report, where: `${home} and ${path}` };
    } catch (error) {
      if (!isLasting(error) && Context.current().info.attempt < TRIES) throw error;
      return { report, where: `${home}; not in ${path}: ${(error as Error).message.slice(0, 200)}` };
    }
  },
});
