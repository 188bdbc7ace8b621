import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

const OFTEN_MS = 2_000;
/** In each heartbeat timeout, so many; the SDK throttles what is sent. */
const BEATS = 3;

/** Not at once, and no oftener than is needed: each is paid for, and most of what waits is soon done. */
function beatingOf(context: Context): NodeJS.Timeout {
  const everyMs = Math.max(OFTEN_MS, (context.info.heartbeatTimeoutMs ?? 0) / BEATS);
  return setInterval(() => context.heartbeat(), everyMs);
}

/**
 * Calls `look` every `everyMs` until it returns something, heartbeating all along, so that a lost worker is noticed.
 * Ends early, as retryable, when the worker is asked to stop; ends as cancelled when the workflow no longer wants it.
 */
export async function pollUntil<T>(
  closing: AbortSignal,
  everyMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const context = Context.current();
  const beating = beatingOf(context);
  try {
    for (;;) {
      if (closing.aborted) throw stopping();
      const found = await look();
      if (found !== undefined) return found;
      await pause(everyMs, [closing, context.cancellationSignal]);
      if (context.cancellationSignal.aborted) await context.cancelled;
    }
  } finally {
    clearInterval(beating);
  }
}

/**
 * Does work that has no polls of its own, heartbeating all along. Its signal is aborted when the worker is asked to
 * stop or the workflow no longer wants it; then it ends as {@link pollUntil} does, whatever the work makes of that.
 */
export async function whileWanted<T>(closing: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const signal = AbortSignal.any([closing, context.cancellationSignal]);
  const beating = beatingOf(context);
  try {
    if (!signal.aborted) return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(beating);
  }
  if (context.cancellationSignal.aborted) await context.cancelled;
  throw stopping();
}

const stopping = () => ApplicationFailure.retryable('this worker is stopping; another one goes on', 'WORKER_STOPPING');

function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    for (const signal of signals) {
      if (signal.aborted) finish();
      else signal.addEventListener('abort', finish);
    }
  });
}
