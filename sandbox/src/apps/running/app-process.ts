import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOGIN, PRIVILEGED } from '../../nodes/machine/login.ts';
import { Machine } from '../../nodes/machine/machine.ts';
import type { RunningProgram } from '../../nodes/machine/machine.ts';
import { layOutRoot } from '../../nodes/machine/machine-root.ts';
import { APP_PORT } from './app-environment.ts';
import type { AppLog } from './front/app-log.ts';
import { BUILD_PATH, buildSteps } from './build-steps.ts';
import { DeploymentFailed } from './deployment-failed.ts';
import { LineByLine } from './line-by-line.ts';

/** Where an app's code lies, and is run. */
const SOURCE = '/app/source';
/** Until code listens (docs/facts/apps.md section 1.5). Real work takes real time, and an installation its own. */
const UNTIL_IT_LISTENS_MS = 10 * 60_000;
const LOOK_MS = 150;
/** More than the app itself gets, for what it leaves behind. */
const LAST_WORDS_MS = 2_000;

/** Code and how it is to run. */
export interface AppPlan {
  readonly name: string;
  /** On this computer, for this deployment alone. */
  readonly folder: string;
  /** Path → content; undefined where the code lies in the folder already. */
  readonly files: ReadonlyMap<string, Buffer> | undefined;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Packages for pip, on this computer; apps find none without it. */
  readonly packages: string | undefined;
  readonly workspacePort: number;
  readonly log: AppLog;
  /** The sandbox's own time. */
  readonly now: () => number;
  readonly onConnection: (socket: Socket) => void;
  /** Until it listens, in milliseconds; ten minutes without it. */
  readonly patienceMs?: number;
}

/**
 * The code of one deployment, in a machine of its own: installed, started, and there until it ends or is stopped
 * (docs/facts/apps.md section 4).
 */
export class AppProcess {
  readonly #machine: Machine;
  readonly #program: RunningProgram;
  /** How it ended, as a sentence. Never rejects. */
  readonly ended: Promise<string>;

  private constructor(machine: Machine, program: RunningProgram, lines: LineByLine) {
    this.#machine = machine;
    this.#program = program;
    this.ended = program.ended.then(({ code }) => {
      lines.end();
      return code < 0 ? `The app was ended by signal ${-code}.` : `The app ended with exit code ${code}.`;
    });
  }

  /**
   * Installs and starts the code, and waits until it listens. `signal` ends all of it.
   * @throws {DeploymentFailed} with what went wrong.
   */
  static async start(plan: AppPlan, signal: AbortSignal): Promise<AppProcess> {
    const machine = await machineFor(plan);
    const stop = (): void => void machine.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await build(machine, plan);
      const lines = new LineByLine((line) => plan.log.add('APP', line, plan.now()));
      const program = machine.run({
        argv: plan.command,
        env: { ...plan.env, PATH: BUILD_PATH, HOME: '/root', LANG: 'C.UTF-8' },
        cwd: SOURCE,
        input: '',
        onOutput: (_, text) => lines.add(text),
      });
      const started = new AppProcess(machine, program, lines);
      await started.#listens(plan.patienceMs ?? UNTIL_IT_LISTENS_MS);
      return started;
    } catch (error) {
      await machine.stop();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** @throws {Error} when it does not listen. */
  connect(): Promise<Socket> {
    return this.#machine.connect(APP_PORT);
  }

  /** SIGTERM, and SIGKILL when it has not ended after so many milliseconds; then everything else of it. */
  async stop(graceMs: number): Promise<void> {
    this.#program.stop(graceMs);
    await Promise.race([this.ended, wait(graceMs + LAST_WORDS_MS, undefined, { ref: false })]);
    await this.#machine.stop();
  }

  /** Everything of it, at once. */
  kill(): Promise<void> {
    return this.#machine.stop();
  }

  async #listens(patienceMs: number): Promise<void> {
    const late = performance.now() + patienceMs;
    let end: string | undefined;
    void this.ended.then((how) => (end = how));
    while (performance.now() < late) {
      try {
        (await this.connect()).destroy();
        return;
      } catch {
        await Promise.race([this.ended, wait(LOOK_MS)]);
      }
      if (end !== undefined) throw new DeploymentFailed(`${end} Nothing listened on port ${APP_PORT}. See its log.`);
    }
    const seconds = patienceMs / 1_000;
    throw new DeploymentFailed(`Nothing listens on port ${APP_PORT} after ${seconds} s. See the log of the app.`);
  }
}

async function machineFor({ name, folder, files, packages, workspacePort, onConnection }: AppPlan): Promise<Machine> {
  const source = join(folder, 'source');
  for (const [path, content] of files ?? []) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), content);
  }
  mkdirSync(source, { recursive: true });
  const root = join(folder, 'root');
  layOutRoot(root, name, LOGIN);
  const socketFolder = mkdtempSync(join(tmpdir(), 'dbx-'));
  try {
    const machine = await Machine.start(
      {
        root,
        socketFolder,
        programs: join(import.meta.dirname, '..', '..', 'nodes', 'machine'),
        hostName: name,
        workspacePort,
        mounts: [
          { from: source, to: SOURCE, writable: true },
          ...(packages === undefined ? [] : [{ from: packages, to: '/run/packages', writable: false }]),
        ],
        login: LOGIN,
        privileged: PRIVILEGED,
      },
      onConnection,
    );
    void machine.gone.finally(() => rmSync(socketFolder, { recursive: true, force: true }));
    return machine;
  } catch (error) {
    rmSync(socketFolder, { recursive: true, force: true });
    throw new DeploymentFailed(`The app got no machine to run on. ${(error as Error).message}`);
  }
}

/** What must be installed before the code can run. @throws {DeploymentFailed} with the tool's own words. */
async function build(machine: Machine, { files, packages, log, now }: AppPlan): Promise<void> {
  if (!files) return;
  for (const { says, argv } of buildSteps(files, packages === undefined ? undefined : readdirSync(packages))) {
    log.add('SYSTEM', says, now());
    const lines = new LineByLine((line) => log.add('SYSTEM', line, now()));
    const { code, stdout, stderr } = await machine.run({
      argv,
      env: { PATH: BUILD_PATH, HOME: '/root', LANG: 'C.UTF-8' },
      cwd: SOURCE,
      input: '',
      onOutput: (_, text) => lines.add(text),
    }).ended;
    lines.end();
    if (code !== 0) throw new DeploymentFailed(`${says} failed (${code}): ${lastWords(stderr) || lastWords(stdout)}`);
  }
}

const lastWords = (text: string): string => (text.trim().split('\n').at(-1) ?? '').slice(0, 500);
