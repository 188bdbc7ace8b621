import { setTimeout as wait } from 'node:timers/promises';
import { DatabricksError, UnreachableError } from '../../databricks/workspace.ts';
import { say } from '../terminal/output.ts';

/** Milliseconds before each further try: all within a minute, since somebody sits there and waits. */
const PAUSES_MS = [1_000, 3_000, 8_000, 15_000] as const;
/** What a server asks for is granted up to this. */
const LONGEST_MS = 20_000;

/** Too many requests, or a server that is busy or being replaced. */
const PASSES = new Set([429, 500, 502, 503, 504]);

/** The connection broke off. Where nobody is there at all, or is not trusted, waiting helps nothing. */
const BROKE_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Reads something of the workspace, a few times if need be: one bad moment is no reason to begin again. Only for what
 * changes nothing.
 * @throws what the last try threw; anything that does not pass by itself at once.
 */
export async function patiently<T>(read: () => Promise<T>, pauses: readonly number[] = PAUSES_MS): Promise<T> {
  for (const pause of pauses) {
    try {
      return await read();
    } catch (error) {
      if (!passes(error)) throw error;
      const asked = error instanceof DatabricksError ? (error.retryAfterMs ?? 0) : 0;
      const ms = Math.min(Math.max(pause, asked), LONGEST_MS);
      say(`${(error as Error).message} It is tried again in ${Math.ceil(ms / 1_000)} s.`);
      await wait(ms);
    }
  }
  return read();
}

const passes = (error: unknown): boolean =>
  (error instanceof DatabricksError && PASSES.has(error.status)) ||
  (error instanceof UnreachableError && BROKE_OFF.has(error.code));
