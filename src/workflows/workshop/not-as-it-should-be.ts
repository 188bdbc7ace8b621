import { ApplicationFailure } from '@temporalio/workflow';
import type { FailureDetail } from '../../activities/retryable-failures.ts';

/** A line of the checklist that is not as it should be, said like any other failure. */
export function problem(message: string, toDo: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'NOT_AS_IT_SHOULD_BE', { toDo } satisfies FailureDetail);
}
