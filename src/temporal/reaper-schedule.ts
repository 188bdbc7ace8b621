import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ReaperInput } from '../workflows/reaper.ts';
import { WORKFLOWS } from '../domain/replayed/made/temporal-names.ts';

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
