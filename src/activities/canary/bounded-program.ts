import { spawn } from 'node:child_process';
import type { Printed } from '../../domain/replayed/canary/words.ts';

export interface Bounds {
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limitMs: number;
  /** Ends it at once, and everything it started. */
  readonly signal: AbortSignal;
  readonly onStderr?: (text: string) => void;
}

const KEPT = 100_000;
/** Between asking to end and insisting. */
const GRACE_MS = 1_000;

/** Runs a program to its end, which comes when its time is over or nobody wants it any more. Never throws. */
export function runBounded(
  file: string,
  args: readonly string[],
  { env, cwd, limitMs, signal, onStderr }: Bounds,
): Promise<Printed> {
  return new Promise((resolve) => {
    // A group of its own, so that nothing it started outlives it.
    const child = spawn(file, args, { env: { ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const printed = { stdout: '', stderr: '' };
    let ranOut = false;
    let last: NodeJS.Timeout | undefined;
    const kill = (how: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, how);
      } catch {
        // Gone already.
      }
    };
    const end = (code: number | null, why = '') => {
      clearTimeout(limit);
      clearTimeout(last);
      signal.removeEventListener('abort', insist);
      process.off('exit', insist);
      // What it left behind in its group goes, too.
      kill('SIGKILL');
      resolve({ code, stdout: printed.stdout, stderr: printed.stderr + why, ranOut, limitMs });
    };
    const insist = () => {
      kill('SIGKILL');
      // Whoever holds its pipes must not hold us.
      last = setTimeout(() => end(null), GRACE_MS);
    };
    const limit = setTimeout(() => {
      ranOut = true;
      kill('SIGTERM');
      last = setTimeout(insist, GRACE_MS);
    }, limitMs);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        printed[name] = (printed[name] + text).slice(-KEPT);
        if (name === 'stderr') onStderr?.(text);
      });
    }
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code));
    signal.addEventListener('abort', insist, { once: true });
    process.once('exit', insist);
    if (signal.aborted) insist();
  });
}
