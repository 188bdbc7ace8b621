import { setCurrentDetails } from '@temporalio/workflow';
import type { Run } from '../activities/run.ts';
import { workshopAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { judge } from '../domain/replayed/ending/reaping.ts';
import { callsFor } from './shared/calls.ts';

export interface ReaperInput {
  readonly v: 1;
  readonly run: Run;
  readonly pace: Pace;
  readonly queues: Queues;
  readonly plan: Pick<Plan, 'id' | 'title' | 'contacts' | 'teardown'>;
  /** End of the workshop plus its grace, epoch milliseconds. */
  readonly teardownAt: number;
}

/** Comes by once a period and asks one question: is anybody still looking after this workshop? */
export async function reaper(input: ReaperInput): Promise<string> {
  const { run, pace } = input;
  const calls = callsFor(input.queues, pace);
  const standing = await calls.standingOf({ workflowId: workshopAddress(run.workshopId) });
  const left = standing === 'running' || standing === 'stuck' ? undefined : await calls.lookForRemains(run);
  const verdict = judge({
    standing,
    remains: left
      ? left.clusters.length +
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
    });
  }
  // Asked again just before anything is removed: somebody may have taken the workshop up in between.
  const isStill = async () => (await calls.standingOf({ workflowId: workshopAddress(run.workshopId) })) === standing;
  // Nobody's cluster is touched, and those end by themselves; but a pool's minimum is paid for until somebody lowers
  // it.
  const waiting =
    verdict.act === 'alarm' && verdict.kind === 'gone'
      ? (left?.pools ?? []).filter(({ min, idle, pending }) => min + idle + pending > 0)
      : [];
  if (waiting.length > 0 && (await isStill())) {
    for (const pool of waiting) await calls.quietPool(run, { pool }).catch(untilTheNextVisit);
  }
  if (verdict.act === 'teardown' && (await isStill()))
    await calls.startTeardown({ run, pace, queues: input.queues, deletePool: input.plan.teardown.deletePool });
  if (verdict.act === 'retire') await calls.removeReaper(run);
  return verdict.because;
}

/** The alarm is out; what could not be lowered is tried again when the reaper comes by again. */
const untilTheNextVisit = (): void => {};
