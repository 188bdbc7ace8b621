import { ScheduleNotFoundError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { fairShare, reaperAddress, teardownAddress, type Queues } from '../../domain/replayed/made/addresses.ts';
import { poolNeeded, type PoolNeeded } from '../../domain/replayed/ending/reaping.ts';
import type { RemovalSettings } from '../../domain/replayed/ending/removal-of.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';

/** Of what a reaper is told, the part that goes with the workshop's moments, and whom it tells. */
interface Watching {
  readonly pace: Pace;
  readonly teardownAt: number;
  readonly plan: object;
  readonly needed?: PoolNeeded;
  readonly appsSince?: number;
}

/** What the reaper does besides looking. */
export const reapingActivities = ({ temporal }: ActivityDeps) => ({
  /** Starts the removal, or joins the one that runs. */
  async startTeardown({
    run,
    pace,
    queues,
    ...settings
  }: {
    run: Run;
    pace: Pace;
    queues: Queues;
  } & RemovalSettings): Promise<void> {
    try {
      await temporal.workflow.start(WORKFLOWS.teardown, {
        workflowId: teardownAddress(run.workshopId),
        ...fairShare(run.workshopId),
        taskQueue: queues.workflows,
        args: [{ v: 1, run, pace, queues, ...settings }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  },

  /**
   * The workshop's moments were moved, or its title, contacts, channels or apps amended. Idempotent; a reaper that is
   * gone has nothing to learn.
   */
  async moveReaper(
    run: Run,
    {
      timeline,
      plan,
    }: { timeline: Timeline; plan?: Pick<Plan, 'title' | 'contacts' | 'messages'> & Partial<Pick<Plan, 'apps'>> },
  ): Promise<void> {
    try {
      await temporal.schedule.getHandle(reaperAddress(run.workshopId)).update((schedule) => {
        const { action } = schedule;
        const [input] = (action.args ?? []) as [Watching?];
        if (input === undefined) return schedule;
        const needed = input.needed && poolNeeded(timeline, input.needed.spares, input.pace.speed);
        const moved = {
          ...input,
          plan: { ...input.plan, ...plan },
          teardownAt: timeline.teardown,
          ...(needed ? { needed } : {}),
          ...(input.appsSince === undefined ? {} : { appsSince: timeline.dayOf }),
        };
        return { ...schedule, action: { ...action, args: [moved] } };
      });
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  },

  /** The reaper's own end, once nothing is left to watch. Idempotent. */
  async removeReaper(run: Run): Promise<void> {
    try {
      await temporal.schedule.getHandle(reaperAddress(run.workshopId)).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  },
});
