import { execa } from 'execa';
import type { Printed } from '../../domain/replayed/canary/words.ts';

export interface Bounds {
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limitMs: number;
  /** Ends it, and everything it started. */
  readonly signal: AbortSignal;
  readonly onStderr?: (text: string) => void;
}

/** Characters of each stream, counted from its end. */
const KEPT = 100_000;
/** Between asking to end and insisting. */
const GRACE_MS = 1_000;

/** Runs a program to its end, which comes when its time is over or nobody wants it any more. Never throws. */
export async function runBounded(
  file: string,
  args: readonly string[],
  { env, cwd, limitMs, signal, onStderr }: Bounds,
): Promise<Printed> {
  const program = execa(file, args, {
    env,
    extendEnv: false,
    cwd,
    stdin: 'ignore',
    // Its own buffers are full at some point, and then it ends the program; the end of a long text is what tells.
    buffer: false,
    timeout: limitMs,
    cancelSignal: signal,
    forceKillAfterDelay: GRACE_MS,
    killDescendants: true,
    reject: false,
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    program[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] = (printed[name] + text).slice(-KEPT);
      if (name === 'stderr') onStderr?.(text);
    });
  }
  // A process that left the group and holds the pipes must not hold us.
  AbortSignal.any([signal, AbortSignal.timeout(limitMs)]).addEventListener('abort', () => {
    setTimeout(() => [program.stdout, program.stderr].forEach((pipe) => pipe.destroy()), 2 * GRACE_MS).unref();
  });
  const { exitCode, timedOut, code, originalMessage } = await program;
  // What it left behind goes, too.
  program.kill('SIGKILL');
  const why = exitCode === undefined && code !== undefined ? (originalMessage ?? '') : '';
  return { code: exitCode ?? null, stdout: printed.stdout, stderr: printed.stderr + why, ranOut: timedOut, limitMs };
}
