import { NoAnswer, NoServer, UnknownWorkshop } from './client-errors.ts';

/** Numbers of gRPC's status codes. */
const GRPC = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** `failedPrecondition` is what the server calls a workflow that is not ready; too busy and away are tried below. */
const MOMENTARY = new Set<number>([GRPC.unknown, GRPC.failedPrecondition, GRPC.internal]);

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
  'Start one with the credentials of its workspace: bin/workshop worker. One that runs, and looks after thousands, ' +
  'may have no time: ask again.';

/** A workshop goes on where it was once a worker's code fits it. */
export const stuckWorker = (id: string): string =>
  `The worker's code cannot go on with "${id}": it does not fit what this workshop has done so far, so nobody can ` +
  'answer, and nothing was asked of it. Clusters go on as they are, and nothing is lost. Start a worker of the ' +
  'version that the workshop was begun with, or of one that fits; the error is in the log of the worker, and in the ' +
  `Temporal UI, at workshop/${id}. If it names WORKSHOP_PAYLOAD_KEY, give the worker that key. If no other version ` +
  'was started, let it go through its present heading again, where it does nothing twice: ' +
  `temporal workflow reset --workflow-id workshop/${id} --type FirstWorkflowTask --reason stuck`;

/** Which workshop was asked about, and where. */
export interface Asked {
  readonly id: string;
  readonly address: string;
}

/** The server knows no workflow of this id. */
export const noWorkshop = ({ id, address }: Asked): UnknownWorkshop =>
  new UnknownWorkshop(
    `There is no running workshop "${id}" on ${address}. If it is over, its report may still be there: ` +
      `bin/workshop report ${id}`,
  );

/** What an answer of the server means for somebody who asked about one workshop; another error comes back as it is. */
export function meaningOfAnswer(error: unknown, asked: Asked): unknown {
  const service = serviceError(error);
  // The server keeps the same deadline; where it is the first to see it, it resets the stream: that is "cancelled".
  const isLate = service?.code === GRPC.deadlineExceeded || service?.code === GRPC.cancelled;
  if (saysNoPoller(error) || isLate) return new NoAnswer(noWorker(asked.id, asked.address));
  if (isMissing(error)) return noWorkshop(asked);
  const silent = silence(error, asked.address);
  // A query that a worker failed, a workflow that has too much to do, and whatever else a server may say.
  if (service && silent === error)
    return new NoAnswer(`"${asked.id}" could not be asked just now: ${service.details} (${service.code}). Ask again.`);
  return silent;
}

/** Whether the server says that it has no such workflow. */
export const isMissing = (error: unknown): boolean =>
  serviceError(error)?.code === GRPC.notFound && missingNamespace(error) === undefined;

/** Whether a question that changes nothing may well be answered a moment later. */
export function isMomentary(error: unknown): boolean {
  const code = serviceError(error)?.code;
  return code !== undefined && MOMENTARY.has(code) && !saysNoPoller(error);
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
export function missingNamespace(error: unknown): string | undefined {
  const service = serviceError(error);
  return service?.code === GRPC.notFound
    ? /^namespace "?([^"\s]+)"? (?:is )?not found/i.exec(service.details)?.[1]
    : undefined;
}

/** The server has waited for a worker already. */
function saysNoPoller(error: unknown): boolean {
  const service = serviceError(error);
  return service?.code === GRPC.failedPrecondition && /poller|worker/i.test(service.details);
}

/** The answer of the server itself, which the client wraps or not. */
function serviceError(error: unknown): { code: number; details: string } | undefined {
  for (const found of [error, (error as { cause?: unknown }).cause]) {
    const { code, details } = (found ?? {}) as { code?: unknown; details?: unknown };
    if (typeof code === 'number' && typeof details === 'string') return { code, details };
  }
  return undefined;
}
