import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

export interface BackgroundOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** stdout and stderr are appended here; the folder is made if missing. */
  readonly log: string;
  /** Milliseconds between SIGTERM and SIGKILL, when stopped and when we die. */
  readonly graceMs: number;
}

export interface BackgroundProcess {
  readonly pid: number;
  /** Settles when the process has ended, however that came about: `exit code 1`, `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /** SIGTERM, then SIGKILL after the grace; resolves when the process is gone. Idempotent. */
  readonly stop: () => Promise<void>;
}

/**
 * Waits for the end of its stdin, which is the end of this program, however violent: the kernel closes the pipe.
 * Costs one sleeping shell of about a megabyte. "$1" is the process, "$2" the grace in seconds.
 */
const WATCHDOG = `
read -r _
kill -TERM "$1" || exit 0
waited=0
while [ "$waited" -lt "$2" ]; do kill -0 "$1" || exit 0; sleep 1; waited=$((waited + 1)); done
kill -KILL "$1"
`;

/**
 * Starts a program that ends with this one, even when this one is killed with SIGKILL, and that Ctrl-C in the
 * terminal does not reach: we decide when it stops. Not with execa: its processes keep this program alive, and it can
 * end them only while this program still runs.
 * @throws {Error} when the program cannot be started at all.
 */
export async function startBackgroundProcess(options: BackgroundOptions): Promise<BackgroundProcess> {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a');
  let child: ChildProcess;
  try {
    // A session of its own: Ctrl-C goes to the terminal's foreground group.
    child = spawn(options.command, options.args, {
      env: { ...options.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
  const { pid } = child;
  if (pid === undefined) {
    const error = await new Promise<Error>((settle) => child.once('error', settle));
    throw new Error(`${options.command} cannot be started: ${error.message}`, { cause: error });
  }

  const watchdog = spawn(
    '/bin/sh',
    ['-c', WATCHDOG, 'watchdog', String(pid), String(Math.ceil(options.graceMs / 1_000))],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  watchdog.once('error', () => child.kill('SIGTERM'));
  watchdog.stdin.on('error', () => {});
  // Neither keeps this program alive: when it has nothing left to do, it ends and they end with it.
  watchdog.unref();
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref();
  child.unref();

  let over = false;
  const ended = new Promise<string>((settle) => {
    child.once('exit', (code, signal) => {
      over = true;
      // At once, so that the watchdog can never mean another process that got the same id.
      watchdog.kill('SIGKILL');
      watchdog.stdin.destroy();
      settle(signal ?? `exit code ${code}`);
    });
  });

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    if (over) return;
    child.ref();
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), options.graceMs);
    await ended;
    clearTimeout(kill);
  };
  return { pid, ended, hasEnded: () => over, stop: () => (stopping ??= stop()) };
}
