import { isGrpcDeadlineError, isGrpcServiceError, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure } from '@temporalio/common';

/** Something asked of a workshop that cannot be had, said for people. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Temporal, or a worker behind it, gives no answer: nothing is known about whether the workshop is well. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** A lifecycle that ended without a report: failed, terminated or timed out from outside. */
export class EndedWithoutReport extends Error {
  override readonly name = 'EndedWithoutReport';
}

/** Numbers of gRPC's status codes. */
const GRPC = { permissionDenied: 7, failedPrecondition: 9, unavailable: 14, unauthenticated: 16 } as const;

/** Temporal keeps a workshop's state, but answers nothing about it by itself. */
export const noWorker = (id: string, address: string): string =>
  `No worker answers for "${id}" on ${address}: only a worker can tell what a workshop is doing. Start one with the credentials of its workspace: bin/workshop worker`;

/** What an error of Temporal's client means for somebody who asked about one workshop; an error of another kind comes back as it is. */
export function meaningOf(error: unknown, { id, address }: { id: string; address: string }): unknown {
  if (error instanceof WorkflowNotFoundError) {
    return new Refused(`There is no running workshop "${id}" on ${address}. If it is over, its report may still be there: bin/workshop report ${id}`);
  }
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return new Refused(error.cause.message);
  if (error instanceof WorkflowFailedError) {
    const { cause } = error;
    const how = cause instanceof TerminatedFailure ? 'was terminated from outside' : `ended without a report: ${cause?.message ?? error.message}`;
    return new EndedWithoutReport(`The lifecycle of "${id}" ${how}. See what is left of it in the workspace: bin/workshop teardown ${id} --dry-run`);
  }
  const service = serviceError(error);
  const noPoller = service?.code === GRPC.failedPrecondition && /poller|worker/i.test(service.details);
  if (noPoller || isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new NoAnswer(noWorker(id, address));
  }
  return silence(error, address);
}

/** The same for what concerns no workshop in particular. */
export function silence(error: unknown, address: string): unknown {
  const service = serviceError(error);
  if (service?.code === GRPC.unavailable) return new NoAnswer(`The Temporal server at ${address} has stopped answering. (${service.details})`);
  if (service?.code === GRPC.permissionDenied || service?.code === GRPC.unauthenticated) {
    return new NoAnswer(`The Temporal server at ${address} refuses these credentials: see TEMPORAL_API_KEY and the TEMPORAL_TLS_… variables. (${service.details})`);
  }
  return error;
}

/** The answer of the server itself, which the client wraps or not. */
function serviceError(error: unknown): { code: number; details: string } | undefined {
  const { cause } = error as { cause?: unknown };
  const found = [error, cause].find(isGrpcServiceError);
  return found && { code: found.code, details: found.details };
}
