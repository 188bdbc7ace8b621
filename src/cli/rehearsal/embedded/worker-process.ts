import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DidNotStart } from './did-not-start.ts';
import { startBackgroundProcess } from './background-process.ts';
import { lastLines, logLength, logSince } from './log-tail.ts';

export interface WorkerProcessOptions {
  /** What the worker is to know. Besides this it sees PATH, HOME, TMPDIR and LANG, and nothing else of ours. */
  readonly env: NodeJS.ProcessEnv;
  /** Its output is appended to this file. */
  readonly logFile: string;
  /** The program and its arguments, after options of Node; `src/cli/main.ts worker` if not given. */
  readonly entry?: readonly string[];
}

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when the worker has ended, also if it crashed, with how: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Lets it finish what it is doing, then insists. Idempotent. */
  stop(): Promise<void>;
}

/** The line on stdout by which a worker says that it takes work. */
export const WORKER_READY = 'worker ready';

const READY_DEADLINE_MS = 120_000;
const LOOK_AGAIN_MS = 50;
/** Longer than the worker's own shutdownGraceTime of 30 s. */
const STOP_GRACE_MS = 45_000;
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const;
/** Without it each of many threads keeps what it has freed for itself (docs/facts/temporal.md section 9). */
const SHARES_MEMORY = { MALLOC_ARENA_MAX: '2' };

/**
 * Starts a worker in a process of its own, as in production, and waits until it is ready. It ends with this
 * program, even if that is killed.
 * @throws {DidNotStart} with the end of its log when it ends, or is not ready in two minutes.
 */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const entry = options.entry ?? [fileURLToPath(new URL('../../main.ts', import.meta.url)), 'worker'];
  const logged = logLength(options.logFile);
  const worker = await startBackgroundProcess({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', ...entry],
    env: {
      ...SHARES_MEMORY,
      ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
      ...options.env,
    },
    log: options.logFile,
    graceMs: STOP_GRACE_MS,
  });

  const readyLine = new RegExp(`^${WORKER_READY}`, 'm');
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!readyLine.test(logSince(options.logFile, logged))) {
    const late = performance.now() > deadline;
    if (late) await worker.stop();
    if (late || worker.hasEnded()) {
      const what = late
        ? `was not ready in ${READY_DEADLINE_MS / 1_000} s`
        : `ended before it was ready (${await worker.ended})`;
      throw new DidNotStart(
        `The worker ${what}. The end of its log, ${options.logFile}:\n${lastLines(options.logFile, logged)}`,
      );
    }
    await wait(LOOK_AGAIN_MS);
  }
  return { pid: worker.pid, ended: worker.ended, stop: worker.stop };
}
