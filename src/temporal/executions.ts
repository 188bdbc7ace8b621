import { setTimeout as wait } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { fairShare, teardownAddress } from '../domain/replayed/made/addresses.ts';
import { WORKFLOWS } from '../domain/replayed/made/temporal-names.ts';
import type { TeardownInput } from '../workflows/teardown.ts';

/** Whether it was started by this call: it may be running already. */
export async function startedBy(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Starts a removal, or joins the one that runs. */
export async function removalOf({ workflow }: Client, input: TeardownInput): Promise<WorkflowHandle> {
  const { workshopId } = input.run;
  const workflowId = teardownAddress(workshopId);
  const start = { ...fairShare(workshopId), workflowId, taskQueue: input.queues.workflows, args: [input] };
  await startedBy(() => workflow.start(WORKFLOWS.teardown, start));
  return workflow.getHandle(workflowId);
}

/** Terminates a workflow and all whose ids are below its own. What cannot be terminated has ended by itself. */
export async function terminateAll(client: Client, workflowId: string, reason: string): Promise<void> {
  const end = (id: string) =>
    client.workflow
      .getHandle(id)
      .terminate(reason)
      .catch(() => undefined);
  // The parent first, so that it starts nothing more; the listing may lag behind, so it is read until it is empty.
  await end(workflowId);
  for (let looks = 0, open = 1; looks < 10 && open > 0; looks += 1) {
    open = 0;
    const query = `WorkflowId STARTS_WITH "${workflowId}/" AND ExecutionStatus = "Running"`;
    for await (const found of client.workflow.list({ query })) {
      open += 1;
      await end(found.workflowId);
    }
    if (open > 0) await wait(500);
  }
}
