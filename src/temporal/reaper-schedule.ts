import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ReaperInput } from '../workflows/reaper.ts';
import { makesApps } from '../domain/replayed/checklist/what-a-plan-has.ts';
import { fairShare } from '../domain/replayed/made/addresses.ts';
import { poolNeeded } from '../domain/replayed/ending/reaping.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Timeline } from '../domain/replayed/time/timeline.ts';
import { WORKFLOWS } from '../domain/replayed/made/temporal-names.ts';

/** What the reaper of a run is told: whom it looks after, until when, and whom it tells by which channels. */
export function reaperInput({
  run,
  pace,
  queues,
  plan,
  timeline,
}: Pick<ReaperInput, 'run' | 'pace' | 'queues'> & { readonly plan: Plan; readonly timeline: Timeline }): ReaperInput {
  const { id, title, contacts, teardown, unityCatalog, messages, apps } = plan;
  return {
    v: 1,
    run,
    pace,
    queues,
    plan: { id, title, contacts, teardown, unityCatalog, apps, ...(messages === undefined ? {} : { messages }) },
    teardownAt: timeline.teardown,
    needed: poolNeeded(timeline, plan.compute.pool.spares, pace.speed),
    ...(makesApps(plan) ? { appsSince: timeline.dayOf } : {}),
  };
}

/** Lets the reaper look at every `pace.reaper`. @param id of the schedule, and of the workflows it starts. */
export async function createReaper(client: Client, id: string, input: ReaperInput): Promise<void> {
  await client.schedule.create({
    scheduleId: id,
    spec: { intervals: [{ every: input.pace.reaper }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: input.pace.reaper },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOWS.reaper,
      workflowId: id,
      ...fairShare(input.run.workshopId),
      taskQueue: input.queues.workflows,
      args: [input],
    },
    memo: { runId: input.run.runId },
  });
}

export async function removeReaper(client: Client, id: string): Promise<void> {
  await client.schedule.getHandle(id).delete();
}

/** The run that a reaper watches over; undefined: there is no such reaper. */
export async function runIdOfReaper(client: Client, id: string): Promise<string | undefined> {
  try {
    const { memo } = await client.schedule.getHandle(id).describe();
    return memo?.['runId'] as string | undefined;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
