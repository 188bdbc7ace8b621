import { setCurrentDetails, sleep } from '@temporalio/workflow';
import type { PoolLeft } from '../activities/ending/removal.ts';
import type { Run } from '../activities/run.ts';
import type { NotDone } from '../domain/replayed/ending/not-removed.ts';
import { cohortAddress, workshopAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { judge, judgeMinimum, type Found, type PoolNeeded } from '../domain/replayed/ending/reaping.ts';
import { appsInWords, notEndedYet } from '../domain/replayed/ending/apps-at-end.ts';
import { removalOf } from '../domain/replayed/ending/removal-of.ts';
import { ignoreUnlessCancelled } from './shared/ignore-unless-cancelled.ts';
import { addressed } from './shared/addressed.ts';
import { callsFor, type Calls } from './shared/calls.ts';
import { POOL_IDLE_MINUTES } from '../domain/replayed/made/pool-spec.ts';

export interface ReaperInput {
  readonly v: 1;
  readonly run: Run;
  readonly pace: Pace;
  readonly queues: Queues;
  readonly plan: Pick<Plan, 'id' | 'title' | 'contacts' | 'teardown' | 'unityCatalog' | 'messages'> &
    Partial<Pick<Plan, 'apps'>>;
  /** End of the workshop plus its grace, epoch milliseconds. */
  readonly teardownAt: number;
  /** Absent where an earlier version made the reaper: then no running lifecycle's pool is looked at. */
  readonly needed?: PoolNeeded;
  /** Since when people's apps are the workshop's, epoch milliseconds. Absent where it makes none. */
  readonly appsSince?: number;
}

/** Comes by once a period and asks one question: is anybody still looking after this workshop? */
export async function reaper(input: ReaperInput): Promise<string> {
  const { run, pace } = input;
  const calls = callsFor(input.queues, pace);
  const standing = await calls.standingOf({ workflowId: workshopAddress(run.workshopId) });
  const isThere = standing === 'running' || standing === 'stuck';
  const left = isThere ? undefined : await calls.lookForRemains(run);
  const cohort = isThere ? 'none' : await calls.standingOf({ workflowId: cohortAddress(run.workshopId, 0) });
  const verdict = judge({
    id: run.workshopId,
    standing,
    peopleRun: cohort === 'running' || cohort === 'stuck',
    remains: left
      ? left.clusters.length +
        // Of what could not be read nobody may say that it is empty.
        left.unread.length +
        left.pools.filter(
          (pool) => pool.min + pool.used + pool.idle + pool.pending > 0 || input.plan.teardown.deletePool,
        ).length
      : 0,
    now: Date.now(),
    teardownAt: input.teardownAt,
    speed: pace.speed,
  });
  setCurrentDetails(verdict.because);
  if (verdict.act === 'alarm') {
    const { contact } = input.plan.contacts.leadFacilitator;
    await calls.notify(run, {
      name: `reaper-alarm-${verdict.kind}`,
      message: { to: contact, subject: `[${input.plan.title}] ${verdict.because}`, text: verdict.toDo },
      ...addressed(input.plan, 'leadFacilitator'),
    });
  }
  if (input.needed && verdict.act !== 'teardown') await lowerForgotten(input, input.needed, calls, standing);
  // Asked again just before anything is removed: somebody may have taken the workshop up in between.
  const isStill = async () => (await calls.standingOf({ workflowId: workshopAddress(run.workshopId) })) === standing;
  // Nobody's cluster is touched, and those end by themselves; but a pool's minimum is paid for until somebody lowers
  // it.
  const waiting =
    verdict.act === 'alarm' && verdict.kind === 'gone'
      ? (left?.pools ?? []).filter(({ min, idle, pending }) => min + idle + pending > 0)
      : [];
  if (waiting.length > 0 && (await isStill()) && !(await isTakenOver(input, calls))) {
    for (const pool of waiting) {
      const notDone = await calls.quietPool(run, { pool }).catch(untilTheNextVisit);
      if (notDone) await tellOfPool(input, calls, pool, notDone);
    }
  }
  if (verdict.act === 'teardown' && (await isStill())) {
    await calls.startTeardown({ run, pace, queues: input.queues, ...removalOf(input.plan) });
    await endAppsLeft(input, calls);
  }
  if (verdict.act === 'retire') await calls.removeReaper(run);
  return verdict.because;
}

/**
 * Beside a lifecycle that is there, too, a minimum that nobody needs soon is lowered: it is billed for as long as it
 * stands. What cannot be read or lowered is tried again at the next visit.
 */
async function lowerForgotten(
  { run, pace, plan }: ReaperInput,
  needed: PoolNeeded,
  calls: Calls,
  standing: Found['standing'],
): Promise<void> {
  const look = async () =>
    ((await calls.lookAtPools(run).catch(untilTheNextVisit)) ?? []).flatMap((pool) => {
      const verdict = judgeMinimum({ standing, min: pool.min, now: Date.now(), needed });
      return verdict === 'leave' ? [] : [{ pool, verdict }];
    });
  let found = standing === 'running' || standing === 'stuck' ? await look() : [];
  if (found.some(({ verdict }) => verdict === 'lower if it stays')) {
    // As long as a trial of the pool may take.
    await sleep(pace.poolFill + pace.step, { summary: 'until a trial of the pool would be over' });
    found = await look();
  }
  if (found.length > 0 && (await isTakenOver({ run, plan }, calls))) return;
  for (const { pool, verdict } of found) {
    const idleMinutes = verdict === 'lower, and let them wait' ? POOL_IDLE_MINUTES.gathering : 0;
    try {
      await tellOfPool({ run, plan }, calls, pool, await calls.quietPool(run, { pool, idleMinutes }));
    } catch (error) {
      // Not known how it ended, so nothing is said: the next visit shows it.
      ignoreUnlessCancelled(error);
    }
  }
}

/** Of two hundred people each: no workshop is larger. */
const MOST_COHORTS = 100;

/** Nobody else ends people's apps any more. Tried once a visit, beside the removal; what still runs is told. */
async function endAppsLeft({ run, plan, appsSince }: ReaperInput, calls: Calls): Promise<void> {
  const { apps } = plan;
  if (apps === undefined || appsSince === undefined) return;
  const isThere = async (n: number) =>
    (await calls.standingOf({ workflowId: cohortAddress(run.workshopId, n) })) !== 'none';
  let cohorts = 0;
  while (cohorts < MOST_COHORTS && (await isThere(cohorts))) cohorts += 1;
  const ended = await calls
    .endApps(run, { plan: { apps }, timeline: { dayOf: appsSince }, cohorts, known: [] })
    .catch((error: unknown) => {
      ignoreUnlessCancelled(error);
      return undefined;
    });
  if (ended !== undefined && notEndedYet(ended).length === 0) return;
  const said = ended === undefined ? "People's apps could not be read." : `${appsInWords(ended)}.`;
  await calls.notify(run, {
    name: 'reaper-apps',
    message: {
      to: plan.contacts.leadFacilitator.contact,
      subject: `[${plan.title}] People's apps may still run, and cost money`,
      text:
        `${said} The workshop's lifecycle is gone, so nobody waits for them. ` +
        'Look, and end those that nobody needs: databricks apps list; databricks apps stop <name>',
    },
    ...addressed(plan, 'leadFacilitator'),
  });
}

/** Another Temporal server works with what this run has made, and looks after its pool. */
async function isTakenOver({ run, plan }: Pick<ReaperInput, 'run' | 'plan'>, calls: Calls): Promise<boolean> {
  const volume = plan.unityCatalog.scripts;
  return (await calls.takenOver(run, { volume }).catch(untilTheNextVisit)) !== undefined;
}

async function tellOfPool(
  { run, plan }: Pick<ReaperInput, 'run' | 'plan'>,
  calls: Calls,
  pool: PoolLeft,
  notDone: NotDone | undefined,
): Promise<void> {
  const kept = `The pool ${pool.name} kept ${pool.min} machines waiting that nobody needs soon`;
  await calls.notify(run, {
    name: 'reaper-alarm-pool',
    message: {
      to: plan.contacts.databricksAdmin.contact,
      subject: `[${plan.title}] ${kept}`,
      text: notDone
        ? `${kept}. Its minimum could not be lowered (${notDone.why}), and is tried again. Type: ${notDone.toDo}`
        : `${kept}. Its minimum was set to 0. See why it was up: bin/workshop status ${plan.id}`,
    },
    ...addressed(plan, 'databricksAdmin'),
  });
}

/** The alarm is out; what could not be lowered is tried again when the reaper comes by again. */
const untilTheNextVisit = (): undefined => undefined;
