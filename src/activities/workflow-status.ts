import { WorkflowNotFoundError, type Client, type WorkflowExecutionStatusName } from '@temporalio/client';

/** How the latest run of a workflow stands, as the server itself knows it: visibility may lag. */
export interface WorkflowStatus {
  readonly status: WorkflowExecutionStatusName;
  /** How often its workflow task was tried in a row; 0 when none waits. */
  readonly taskAttempt: number;
}

/** By `describe`. undefined: there never was such a workflow, or nobody remembers it. */
export async function workflowStatus(temporal: Client, workflowId: string): Promise<WorkflowStatus | undefined> {
  try {
    const { status, raw } = await temporal.workflow.getHandle(workflowId).describe();
    return { status: status.name, taskAttempt: raw.pendingWorkflowTask?.attempt ?? 0 };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
