import {
  Connection,
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type ConnectionOptions,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError, TerminatedFailure } from '@temporalio/common';
import { EndedWithoutReport, NoAnswer, NoServer, Refused } from './client-errors.ts';

export { EndedWithoutReport, NoAnswer, NoServer, Refused } from './client-errors.ts';

/** Numbers of gRPC's status codes. */
const GRPC = { notFound: 5, permissionDenied: 7, failedPrecondition: 9, unavailable: 14, unauthenticated: 16 } as const;

const CONNECT_MS = 5_000;

/**
 * Connects to Temporal, and sees that the namespace is there: without it a worker would wait for ever.
 * @throws {NoServer} when nobody answers; {NoAnswer} when the server refuses us, or has no such namespace.
 */
export async function reachTemporal(
  options: ConnectionOptions & { readonly address: string },
  namespace: string,
): Promise<Connection> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, connectTimeout: CONNECT_MS });
  } catch (error) {
    throw noServer(error, options.address);
  }
  try {
    await connection.withDeadline(Date.now() + CONNECT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    // Whoever may not look at the namespace may still use it.
    if (missingNamespace(error) !== undefined) {
      await connection.close();
      throw silence(error, options.address);
    }
  }
  return connection;
}

/** What it means that a connection did not come about. */
export function noServer(error: unknown, address: string): NoAnswer {
  const refusal = silence(error, address);
  if (refusal instanceof NoAnswer && serviceError(error)?.code !== GRPC.unavailable) return refusal;
  return new NoServer(
    `No Temporal server answers at ${address}. Start one with "bin/workshop local", or set TEMPORAL_ADDRESS. ` +
      `(${(error as Error).message})`,
  );
}

/** Temporal keeps a workshop's state, but answers nothing about it by itself. */
export const noWorker = (id: string, address: string): string =>
  `No worker answers for "${id}" on ${address}: only a worker can tell what a workshop is doing. ` +
  'Start one with the credentials of its workspace: bin/workshop worker';

/**
 * What an error of Temporal's client means for somebody who asked about one workshop; an error of another kind comes
 * back as it is.
 */
export function meaningOf(error: unknown, { id, address }: { id: string; address: string }): unknown {
  if (error instanceof WorkflowNotFoundError) {
    return new Refused(
      `There is no running workshop "${id}" on ${address}. If it is over, its report may still be there: ` +
        `bin/workshop report ${id}`,
    );
  }
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
  const service = serviceError(error);
  const noPoller = service?.code === GRPC.failedPrecondition && /poller|worker/i.test(service.details);
  if (noPoller || isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new NoAnswer(noWorker(id, address));
  }
  return silence(error, address);
}

/** The same for what concerns no workshop in particular. */
export function silence(error: unknown, address: string): unknown {
  const namespace = missingNamespace(error);
  if (namespace !== undefined)
    return new NoAnswer(
      `The Temporal server at ${address} has no namespace "${namespace}": create it, or correct TEMPORAL_NAMESPACE.`,
    );
  const service = serviceError(error);
  if (service?.code === GRPC.unavailable)
    return new NoAnswer(`The Temporal server at ${address} has stopped answering. (${service.details})`);
  if (service?.code === GRPC.permissionDenied || service?.code === GRPC.unauthenticated) {
    return new NoAnswer(
      `The Temporal server at ${address} refuses these credentials: ` +
        `see TEMPORAL_API_KEY and the TEMPORAL_TLS_… variables. (${service.details})`,
    );
  }
  return error;
}

/** The namespace that the server says it does not have. */
function missingNamespace(error: unknown): string | undefined {
  if (error instanceof NamespaceNotFoundError) return error.namespace;
  const service = serviceError(error);
  return service?.code === GRPC.notFound
    ? /^namespace "?([^"\s]+)"? (?:is )?not found/i.exec(service.details)?.[1]
    : undefined;
}

/** The answer of the server itself, which the client wraps or not. */
function serviceError(error: unknown): { code: number; details: string } | undefined {
  const { cause } = error as { cause?: unknown };
  const found = [error, cause].find(isGrpcServiceError);
  return found && { code: found.code, details: found.details };
}
