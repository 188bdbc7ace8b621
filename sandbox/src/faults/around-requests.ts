import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '../http/errors.ts';
import { ConnectionLost } from '../http/perform.ts';
import type { Around } from '../http/perform.ts';
import type { Reply } from '../http/router.ts';
import { kindOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { milliseconds } from '../time/span.ts';
import { staleClusterList } from './stale-clusters.ts';
import { requestSubject } from './subject.ts';
import type { Workspace } from '../workspace.ts';

/** Lets the faults at requests. Latencies add up; of all else, the first fault of the list that hits counts. */
export const faultyRequests =
  (workspace: Workspace): Around =>
  async (asked, next) => {
    const { faults } = workspace;
    if (faults.isEmpty) return next();
    // It counts, and so may what the request does.
    workspace.changed();
    const hit = faults.onRequest(
      `${asked.method} ${asked.rawPath}`,
      requestSubject(workspace, asked),
      workspace.advance(),
    );
    const late = hit.reduce((sum, { effect }) => sum + milliseconds(effect.latency ?? ''), 0);
    // A wait must not keep a sandbox that was closed from ending.
    if (late > 0) await wait(late, undefined, { ref: false });
    const fault = hit.find((one) => kindOf(one) !== 'latency');
    if (!fault) return next();
    const { effect } = fault;
    if (effect.reset) throw new ConnectionLost('reset');
    if (effect.ignored) return { json: {} };
    if (effect.stale !== undefined)
      return asked.caller ? staleClusterList(workspace, asked, asked.caller, milliseconds(effect.stale)) : next();
    if (!effect.lostAnswer) return answerInstead(effect);
    // A refusal is lost like any other answer.
    await next().catch(() => undefined);
    throw new ConnectionLost('closed');
  };

/** What a status says when the fault gives no words of its own (docs/facts/databricks-workspace.md section 11). */
const STANDARD: Readonly<Record<number, readonly [errorCode: string, message: string]>> = {
  400: ['BAD_REQUEST', 'The request was not understood.'],
  401: ['UNAUTHENTICATED', 'Request to access the workspace could not be authenticated.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission to do this.'],
  404: ['RESOURCE_DOES_NOT_EXIST', 'What was asked for does not exist.'],
  409: ['ABORTED', 'The request was overtaken by another one.'],
  429: [
    'REQUEST_LIMIT_EXCEEDED',
    'Too many requests: the limit of this workspace was reached. Please try again later.',
  ],
  500: ['INTERNAL_ERROR', 'An internal error happened. Please try again later.'],
  503: ['TEMPORARILY_UNAVAILABLE', 'The service is temporarily unavailable. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'The service did not answer in time.'],
};

function answerInstead({ status = 500, error_code, message, body, retryAfter }: Fault['effect']): Reply {
  const headers = retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } };
  if (typeof body === 'string')
    return {
      status,
      bytes: Buffer.from(body),
      headers: { 'content-type': body.trimStart().startsWith('<') ? 'text/html' : 'text/plain', ...headers.headers },
    };
  if (body !== undefined) return { status, json: body, ...headers };
  if (status < 400) return { status, json: {}, ...headers };
  const [code, standardMessage] = STANDARD[status] ?? STANDARD[status < 500 ? 400 : 500] ?? ['UNKNOWN', 'Unknown.'];
  throw new ApiError({
    status,
    errorCode: error_code ?? code,
    message: message ?? standardMessage,
    retryAfterSeconds: retryAfter,
  });
}
