import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ConnectError, DatabricksError, UnreachableError } from '../databricks/workspace.ts';
import { giveMissingRight } from './missing-right.ts';

/**
 * What a failed activity tells the workflow, beside its message: what a person should do, and the exact commands for an
 * admin.
 */
export interface FailureDetail {
  readonly toDo: string;
  readonly handOff?: readonly string[];
}

const ADVICE: Readonly<Record<number, string>> = {
  401:
    "Renew the worker's credentials (DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET) " +
    'and restart the worker.',
  404: 'Check the name in the plan: the workspace does not know it.',
};

/** No retry cures these: the request itself, or the right to make it, is wrong. */
const isFinal = ({ status, errorCode }: DatabricksError) =>
  // A cluster that is still going down, or a change that lost a race, is another matter a moment later.
  errorCode !== 'INVALID_STATE' &&
  errorCode !== 'ABORTED' &&
  [301, 302, 307, 308, 400, 401, 403, 404, 409, 413, 501].includes(status);

/**
 * Turns what went wrong at the workspace into what Temporal should do about it.
 * `Retry-After` becomes the next attempt's delay; what no retry can cure is non-retryable; the rest is tried again.
 * Every activity's errors pass through here (see index.ts); one that knows commands for an admin asks for itself.
 * @param handOff exact commands for an admin, when a missing right is the likely cause.
 */
export function asFailure(error: unknown, handOff?: readonly string[]): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof DatabricksError) {
    const forbidden = error.status === 403;
    return ApplicationFailure.create({
      message: error.message,
      type: error.errorCode,
      nonRetryable: isFinal(error),
      details: [
        {
          toDo: forbidden
            ? giveMissingRight(error.call)
            : (ADVICE[error.status] ?? "It is tried again; if it goes on, look at the workspace's status page."),
          ...(forbidden && handOff ? { handOff } : {}),
        } satisfies FailureDetail,
      ],
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
      cause: error,
    });
  }
  if (error instanceof UnreachableError) {
    return ApplicationFailure.create({
      message: error.message,
      type: 'UNREACHABLE',
      details: [
        {
          toDo: 'Check that the worker reaches the workspace: its address, the proxy (HTTPS_PROXY), the certificate.',
        } satisfies FailureDetail,
      ],
    });
  }
  if (error instanceof ConnectError)
    return lasting('WRONG_SETTINGS', error.message, "Correct the worker's settings and restart it.");
  return error instanceof Error ? error : new Error(String(error));
}

/** A failure that waiting cannot mend: says what it is, what to do, and for whom. */
export function lasting(type: string, message: string, toDo: string, handOff?: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type, {
    toDo,
    ...(handOff ? { handOff } : {}),
  } satisfies FailureDetail);
}

/** True when the same attempt would fail again, however often it is made. */
export function isLasting(error: unknown): boolean {
  const failure = asFailure(error);
  return failure instanceof ApplicationFailure && failure.nonRetryable === true;
}

/** True for an answer that says "you may not". */
export const isForbidden = (error: unknown): boolean => error instanceof DatabricksError && error.status === 403;
