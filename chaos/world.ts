import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startSandbox, type Sandbox } from '../sandbox/index.ts';
import { startTemporalServer, type TemporalServer } from '../src/cli/rehearsal/embedded/temporal-server.ts';
import { STEPS, workerEntry } from '../src/cli/rehearsal/workers.ts';
import { startWorkerProcess, type WorkerProcess } from '../src/cli/rehearsal/embedded/worker-process.ts';
import { WorkshopClient } from '../src/client.ts';
import { temporalOptions } from '../src/temporal/connection-options.ts';
import { SEARCH_ATTRIBUTES } from '../src/temporal/register-search-attributes.ts';
import { WORKERS, type Day } from './day.ts';

export const SPEED = 60;
/** As a supervisor would: what has ended is started again. */
const RESTART_MS = 1_000;
const LOOK_MS = 100;

/** A stretch of time in which something was away, epoch milliseconds. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** A Temporal server, workers and a sandbox of one's own, each of which can be killed and comes back. */
export class World {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly client: WorkshopClient;
  readonly temporal: Client;
  readonly outages: Outage[] = [];
  readonly #connection: Connection;
  #sandbox: Sandbox;
  #server: TemporalServer;
  readonly #workers: (WorkerProcess | undefined)[] = [];
  readonly #pauses: number[] = [];
  readonly #running: Promise<void>[] = [];
  readonly #slowness: number;
  #stopping = false;

  private constructor(parts: {
    folder: string;
    env: Readonly<Record<string, string>>;
    client: WorkshopClient;
    connection: Connection;
    temporal: Client;
    sandbox: Sandbox;
    server: TemporalServer;
    slowness: number;
  }) {
    this.folder = parts.folder;
    this.env = parts.env;
    this.client = parts.client;
    this.#connection = parts.connection;
    this.temporal = parts.temporal;
    this.#sandbox = parts.sandbox;
    this.#server = parts.server;
    this.#slowness = parts.slowness;
  }

  /** @param folder is made, and left behind */
  static async start(day: Day, folder: string): Promise<World> {
    await mkdir(folder, { recursive: true });
    const sandbox = await startSandbox({
      speed: SPEED,
      people: [...day.people, ...day.colleagues],
      faults: day.faults,
      seed: day.seed,
      state: join(folder, 'sandbox'),
    });
    const { slowness } = day;
    const server = await startServer(folder, slowness);
    const env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    const client = await WorkshopClient.connect(env);
    const { connection: address, namespace, dataConverter } = temporalOptions(env);
    const connection = await Connection.connect(address);
    const temporal = new Client({ connection, namespace, dataConverter });
    const world = new World({ folder, env, client, connection, temporal, sandbox, server, slowness });
    for (let n = 0; n < WORKERS; n += 1) world.#running.push(world.#keepWorker(n));
    return world;
  }

  get sandbox(): Sandbox {
    return this.#sandbox;
  }

  /** `kill -9`; it comes back when it has been away that long, milliseconds. */
  async killWorker(n: number, away: number): Promise<void> {
    const worker = this.#workers[n];
    if (!worker) return;
    await this.#away(async () => {
      this.#pauses[n] = away;
      process.kill(worker.pid, 'SIGKILL');
      while (this.#workers[n] === worker && !this.#stopping) await wait(LOOK_MS);
    });
  }

  async killTemporal(away: number): Promise<void> {
    await this.#away(async () => {
      const port = Number(this.#server.address.split(':')[1]);
      process.kill(this.#server.pid, 'SIGKILL');
      await this.#server.ended;
      await wait(away);
      this.#server = await startServer(this.folder, this.#slowness, port);
    });
  }

  async restartSandbox(away: number): Promise<void> {
    await this.#away(async () => {
      await this.#sandbox.close();
      await wait(away);
      this.#sandbox = await startSandbox({ state: join(this.folder, 'sandbox') });
    });
  }

  /** Every worker is asked to end, one after the other, and another takes its place. */
  async deploy(): Promise<void> {
    await this.#away(async () => {
      for (const [n, worker] of this.#workers.entries()) {
        await worker?.stop();
        while (this.#workers[n] === worker && !this.#stopping) await wait(LOOK_MS);
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.client.close();
    await this.#connection.close();
    await Promise.all(this.#workers.map(async (worker) => worker?.stop()));
    await Promise.all(this.#running);
    await this.#server.stop();
    await this.#sandbox.close();
  }

  async #away(act: () => Promise<void>): Promise<void> {
    const from = Date.now();
    try {
      await act();
    } finally {
      this.outages.push({ from, to: Date.now() });
    }
  }

  async #keepWorker(n: number): Promise<void> {
    while (!this.#stopping) {
      try {
        const worker = await startWorkerProcess({
          env: { ...this.env, DATABRICKS_HOST: this.#sandbox.url, DATABRICKS_TOKEN: this.#sandbox.adminToken },
          logFile: join(this.folder, `worker-${n}.log`),
          entry: workerEntry({
            folder: join(this.folder, 'outbox'),
            speed: SPEED,
            slowness: this.#slowness,
            steps: this.#slowness === 1 ? STEPS : STEPS / WORKERS,
          }),
        });
        this.#workers[n] = worker;
        if (this.#stopping) await worker.stop();
        await worker.ended;
      } catch (error) {
        // Temporal was away at that moment: the next one finds it.
        if (this.#stopping) return;
        process.stderr.write(`a worker did not come up: ${String(error).slice(0, 200)}\n`);
      }
      await wait(this.#pauses[n] ?? RESTART_MS);
      this.#pauses[n] = RESTART_MS;
    }
  }
}

const startServer = (folder: string, slowness: number, port?: number): Promise<TemporalServer> =>
  startTemporalServer({
    ui: false,
    isAmple: slowness > 1,
    log: join(folder, 'temporal.log'),
    dbFile: join(folder, 'temporal.db'),
    searchAttributes: SEARCH_ATTRIBUTES,
    ...(port === undefined ? {} : { port }),
  });
