import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startWorkerProcess, type WorkerProcess } from '../../src/cli/rehearsal/embedded/worker-process.ts';
import { NoAnswer, Refused } from '../../src/client.ts';
import { HOUR } from '../../src/domain/replayed/time/units.ts';
import { RealStack } from '../../test/workflows/stage/real-stack.ts';
import { WELL, type Opened, type Running, type StandIn, type Where } from './stand-in.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LOOK_MS = 500;
const BY = 'the bench';

/**
 * This program: a workshop whose start is an hour away, so that what it does is the week before: everybody's cluster is
 * made, looked at in their name, and stopped. What is killed is the worker; another one is started before anything is
 * asked again.
 */
export const ours: StandIn = {
  name: 'ours',
  async open(where) {
    const stack = await RealStack.start({ people: where.people.length, sandbox: where.sandbox });
    return new Ours(stack, where);
  },
};

class Ours implements Opened {
  readonly #stack: RealStack;
  readonly #where: Where;
  #worker: WorkerProcess | undefined;
  readonly #others: WorkerProcess[] = [];
  #id: string | undefined;
  #closed: Promise<unknown> = Promise.resolve();

  constructor(stack: RealStack, where: Where) {
    this.#stack = stack;
    this.#where = where;
    this.#worker = stack.workers[0];
  }

  up(): Running {
    return this.#runs(async (signal) => {
      await this.#withWorker();
      const refused = await this.#start();
      while (!signal.aborted && (await this.#verified()) < this.#where.people.length) await sleep(LOOK_MS);
      return refused ?? WELL;
    });
  }

  down(): Running {
    return this.#runs(async () => {
      await this.#withWorker();
      if (this.#id === undefined) return 'nothing was started';
      await this.#stack.client.cancel(this.#id, { by: BY, reason: 'the bench has seen enough' });
      await this.#closed;
      return WELL;
    });
  }

  async close(): Promise<void> {
    for (const worker of this.#others) await worker.stop();
    await this.#stack.stop();
  }

  #runs(act: (signal: AbortSignal) => Promise<string>): Running {
    const stopped = new AbortController();
    const killed = once(stopped.signal, 'abort').then(() => 'killed');
    const acted = act(stopped.signal).catch((error: unknown) => String(error));
    return {
      ended: Promise.race([acted, killed]),
      kill: () => {
        if (this.#worker) process.kill(this.#worker.pid, 'SIGKILL');
        this.#worker = undefined;
        stopped.abort();
      },
    };
  }

  async #withWorker(): Promise<void> {
    if (this.#worker) return;
    const { sandbox, env, folder } = this.#stack;
    this.#worker = await startWorkerProcess({
      env: { ...env, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken },
      logFile: join(folder, `worker-again-${this.#others.length}.log`),
      entry: [MAIN, 'worker', '--folder', folder, '--speed', String(sandbox.speed)],
    });
    this.#others.push(this.#worker);
  }

  /** The second time it is refused, because it runs: that is what whoever runs it again is told. */
  async #start(): Promise<string | undefined> {
    try {
      this.#id = await this.#stack.open({}, this.#id === undefined ? {} : { id: this.#id }, { soonerMs: -HOUR });
      this.#closed = this.#stack.report(this.#id);
      // It is waited for when everything is taken away.
      this.#closed.catch(() => {});
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return `${WELL}: ${error.message}`;
      throw error;
    }
  }

  async #verified(): Promise<number> {
    try {
      return (await this.#stack.client.progress(this.#id ?? '')).attendees.verified;
    } catch (error) {
      // Nobody answers while there is no worker, or while it is busy.
      if (error instanceof NoAnswer) return 0;
      throw error;
    }
  }
}
