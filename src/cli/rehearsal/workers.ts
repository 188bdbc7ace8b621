import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorkerProcess, type WorkerProcess } from './embedded/worker-process.ts';

/** With its workflows in memory, one worker that does everything for so many people stays below 1.5 GB. */
const PEOPLE_ALONE = 1_000;
/** What a worker remembers that only takes steps of workflows (bench/README.md). */
const PEOPLE_BESIDE = 1_700;
/**
 * Steps of workflows at once, in all workers together: no more than one server answers in the ten seconds that a step
 * has.
 */
export const STEPS = 150;
/** Who does everything else too takes few of them where others are there. */
const STEPS_OF_FIRST = 10;

const MAIN = join(import.meta.dirname, '..', 'main.ts');
/** Loaded before a worker's program where people are many (docs/facts/temporal.md section 9). */
const QUICK_WORKFLOW_THREADS = fileURLToPath(new URL('embedded/quick-workflow-threads.cjs', import.meta.url));

const ONLY_STEPS = ['--only', 'workflows'];

/** What a worker process begins with: the program and its arguments, after options of Node. */
export function workerEntry({
  main = MAIN,
  folder,
  speed,
  slowness,
  steps,
}: Pick<WorkersOptions, 'main' | 'folder' | 'speed' | 'slowness'> & {
  /** Of workflows, so many at once. */
  readonly steps: number;
}): string[] {
  const quick = slowness > 1 ? ['--require', QUICK_WORKFLOW_THREADS] : [];
  const tempo = ['--speed', String(speed), '--slowness', String(slowness)];
  return [...quick, main, 'worker', '--folder', folder, ...tempo, '--steps', String(steps)];
}

export interface Workers {
  /** Resolves when one of them has ended, however, with a sentence that says so and where its log is. */
  readonly died: Promise<string>;
  /** All of them; idempotent. */
  stop(): Promise<void>;
}

export interface WorkersOptions {
  /** How many people are looked after. */
  readonly people: number;
  readonly speed: number;
  /** How many times longer everything may take because there are so many of them. */
  readonly slowness: number;
  /** What the workers are to know. */
  readonly env: NodeJS.ProcessEnv;
  /** Where letters, reports and logs go. */
  readonly folder: string;
  /** The program of `workshop`; `src/cli/main.ts` if not given. */
  readonly main?: string;
}

/**
 * One worker that does everything and, where people are many, others beside it that only take steps of workflows: what
 * they remember of everybody is shared among them.
 * @throws {DidNotStart} where one of them does not; none runs then
 */
export async function startWorkers({
  people,
  speed,
  slowness,
  env,
  folder,
  main = MAIN,
}: WorkersOptions): Promise<Workers> {
  const others = Math.ceil(Math.max(0, people - PEOPLE_ALONE) / PEOPLE_BESIDE);
  const started: { worker: WorkerProcess; logFile: string }[] = [];
  const stop = async () => void (await Promise.all(started.map(({ worker }) => worker.stop())));
  try {
    for (let n = 0; n <= others; n += 1) {
      const logFile = join(folder, n === 0 ? 'worker.log' : `worker-${n + 1}.log`);
      const steps = others === 0 ? STEPS : n === 0 ? STEPS_OF_FIRST : Math.ceil(STEPS / others);
      const entry = [...workerEntry({ main, folder, speed, slowness, steps }), ...(n === 0 ? [] : ONLY_STEPS)];
      const worker = await startWorkerProcess({ env, logFile, entry });
      started.push({ worker, logFile });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const deaths = started.map(({ worker, logFile }) =>
    worker.ended.then((how) => `The worker has ended (${how}). Its log: ${logFile}`),
  );
  return { died: Promise.race(deaths), stop };
}
