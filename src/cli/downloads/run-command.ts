import { execa } from 'execa';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and everything it started is killed. */
  readonly deadlineMs: number;
  /** Kills the command too; its reason, a sentence, becomes the result's. */
  readonly giveUp?: AbortSignal;
}

export interface CommandResult {
  readonly ok: boolean;
  /** What it printed, stdout and stderr together. */
  readonly output: string;
  /** Empty when it went well; else one line that says what went wrong. */
  readonly reason: string;
}

/**
 * Runs a command to its end and never throws: a command that is missing, fails or takes too long is a result with a
 * reason. Nothing it started survives it or us.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd = process.cwd(), env = process.env, deadlineMs, giveUp }: CommandOptions,
): Promise<CommandResult> {
  const result = await execa(file, args, {
    cwd,
    env: { ...env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: deadlineMs,
    ...(giveUp ? { cancelSignal: giveUp } : {}),
    killSignal: 'SIGKILL',
    killDescendants: true,
  });
  const output = result.all ?? '';
  if (!result.failed) return { ok: true, output, reason: '' };
  return { ok: false, output, reason: whyStopped() || lastLine(output) || whyFailed() };

  function whyStopped(): string {
    if (result.timedOut) return `no end after ${Math.round(deadlineMs / 1_000)} s`;
    return result.isCanceled ? String(giveUp?.reason) : '';
  }
  function whyFailed(): string {
    if (result.originalMessage) return result.originalMessage;
    return result.signal ? `stopped by ${result.signal}` : `exit code ${result.exitCode}`;
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
