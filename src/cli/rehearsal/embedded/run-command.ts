import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and everything it started is killed. */
  readonly deadlineMs: number;
  /** Asked every second; a sentence kills the command, for that reason. */
  readonly giveUp?: () => string | undefined;
}

export interface CommandResult {
  readonly ok: boolean;
  /** The end of what it printed, stdout and stderr together. */
  readonly output: string;
  /** Empty when it went well; else one line that says what went wrong. */
  readonly reason: string;
}

const KEPT_OUTPUT = 20_000;

/**
 * Runs a command to its end and never throws: a command that is missing, fails or takes too long is a result with a
 * reason.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((done) => {
    // A group of its own, so that nothing it started survives the deadline.
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let reason = '';
    const stop = (why: string) => {
      reason ||= why;
      killGroup(child.pid);
    };
    const deadline = setTimeout(
      () => stop(`no end after ${Math.round(options.deadlineMs / 1_000)} s`),
      options.deadlineMs,
    );
    const watch = setInterval(() => {
      const why = options.giveUp?.();
      if (why !== undefined) stop(why);
    }, 1_000);
    const stopWithUs = () => killGroup(child.pid);
    process.once('exit', stopWithUs);

    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT_OUTPUT);
      });
    }
    const end = (why: string) => {
      clearTimeout(deadline);
      clearInterval(watch);
      process.off('exit', stopWithUs);
      done({ ok: why === '', output, reason: why });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) end('');
      else end(reason || lastLine(output) || (signal ? `stopped by ${signal}` : `exit code ${code}`));
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
