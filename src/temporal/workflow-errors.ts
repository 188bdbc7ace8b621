import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure } from '@temporalio/common';
import { meaningOfAnswer, noWorker, noWorkshop, type Asked } from './answers.ts';
import { EndedWithoutReport, NoAnswer, Refused } from './client-errors.ts';

/**
 * What an error of Temporal's client means for somebody who asked something of one workshop; an error of another kind
 * comes back as it is.
 */
export function meaningOf(error: unknown, asked: Asked): unknown {
  const { id, address } = asked;
  if (error instanceof WorkflowNotFoundError) return noWorkshop(asked);
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return new Refused(error.cause.message);
  if (error instanceof WorkflowFailedError) {
    const { cause } = error;
    const how =
      cause instanceof TerminatedFailure
        ? 'was terminated from outside'
        : `ended without a report: ${cause?.message ?? error.message}`;
    return new EndedWithoutReport(
      `The lifecycle of "${id}" ${how}. See what is left of it in the workspace: bin/workshop teardown ${id} --dry-run`,
    );
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return new NoAnswer(noWorker(id, address));
  return meaningOfAnswer(error, asked);
}
