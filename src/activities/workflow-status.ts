import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { STUCK_ATTEMPT } from '../domain/replayed/made/temporal-names.ts';

/** How the latest run of a workflow stands, as the server itself knows it: visibility may lag. */
export interface WorkflowStatus {
  readonly status: 'running' | 'completed' | 'ended';
  /** How often its workflow task was tried in a row; 0 when none waits. */
  readonly taskAttempt: number;
}

/** It runs, and the code of no worker can go on with it. */
export const isStuck = ({ status: standing, taskAttempt }: WorkflowStatus): boolean =>
  standing === 'running' && taskAttempt >= STUCK_ATTEMPT;

/** WorkflowExecutionStatus of Temporal's API; another one means that it has ended in another way. */
const STATUS: Readonly<Record<number, WorkflowStatus['status']>> = { 1: 'running', 2: 'completed' };

/**
 * By `describe`, and without its memo: a removal must not wait for a key that is lost. undefined: there never was such
 * a workflow, or nobody remembers it.
 */
export async function workflowStatus(temporal: Client, workflowId: string): Promise<WorkflowStatus | undefined> {
  const { namespace } = temporal.options;
  try {
    const { workflowExecutionInfo, pendingWorkflowTask } = await temporal.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    return {
      status: STATUS[workflowExecutionInfo?.status ?? 0] ?? 'ended',
      taskAttempt: pendingWorkflowTask?.attempt ?? 0,
    };
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND && !/^namespace /i.test(error.details))
      return undefined;
    throw error;
  }
}

/** The ids of the running workflows that begin so, as visibility has them. */
export async function runningBelow(temporal: Client, beginning: string): Promise<string[]> {
  const { namespace } = temporal.options;
  const query = `WorkflowId STARTS_WITH "${beginning}" AND ExecutionStatus = "Running"`;
  const ids: string[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await temporal.workflowService.listWorkflowExecutions({
      namespace,
      query,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    ids.push(...page.executions.flatMap(({ execution }) => execution?.workflowId ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return ids;
}
