import { collectDefaultMetrics, Registry } from 'prom-client';
import { WorkshopReader, type About } from '../reader.ts';
import { exposition } from './exposition.ts';
import { readFigures } from './figures.ts';
import { FreshFigures } from './fresh-figures.ts';
import { openHealthServer, type HealthAddress, type HealthServer } from './health-server.ts';
import { SdkTelemetry } from './sdk-telemetry.ts';

/** Another program may take a port in the moment between two looks at it. */
const TRIES = 3;

/** What has to be known of a worker. */
export interface WatchedWorker {
  /** TEMPORAL_ADDRESS and its like. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted once it is to stop. */
  readonly stop: AbortSignal;
}

/** What a monitoring sees of a worker: whether it lives, whether it takes work, and figures of it and its workshops. */
export class WorkerHealth {
  readonly #worker: WatchedWorker;
  /** What Node itself measures: memory, time, the event loop. */
  readonly #process = new Registry();
  #server: HealthServer | undefined;
  #telemetry: SdkTelemetry | undefined;
  #reader: WorkshopReader | undefined;
  #figures: FreshFigures | undefined;
  #polls: (() => boolean) | undefined;

  private constructor(worker: WatchedWorker) {
    this.#worker = worker;
    collectDefaultMetrics({ register: this.#process });
  }

  /** Answers from now on. @throws {WrongSettings} where it cannot listen */
  static async open(address: HealthAddress, worker: WatchedWorker): Promise<WorkerHealth> {
    const health = new WorkerHealth(worker);
    health.#server = await openHealthServer(
      { notReady: () => health.notReady, metrics: () => health.#metrics() },
      address,
    );
    return health;
  }

  /** Where it answers, like http://127.0.0.1:9464. */
  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Why the worker takes no work; undefined while it does. */
  get notReady(): string | undefined {
    if (this.#worker.stop.aborted) return 'it is shutting down';
    if (this.#figures === undefined) return 'the workspace has not answered yet';
    return this.#polls?.() === true ? undefined : 'not all of its Temporal workers poll';
  }

  /** Starts what runs the SDK with telemetry that can be passed on. @param install throws where the port is taken */
  async withTelemetry<T>(install: (metrics: SdkTelemetry['options']) => T): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const telemetry = await SdkTelemetry.atFreePort();
      try {
        const installed = install(telemetry.options);
        this.#telemetry = telemetry;
        return installed;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  }

  /** These workspaces have answered: their workshops are told of. */
  serves(where: readonly Pick<About, 'workspace' | 'workspaceId'>[]): void {
    this.#figures = new FreshFigures(async () => {
      this.#reader ??= await WorkshopReader.open(this.#worker.env);
      return readFigures(this.#reader, where);
    });
  }

  /** @param polls whether every part of the worker takes work, asked each time */
  works(polls: () => boolean): void {
    this.#polls = polls;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.#reader?.close();
  }

  async #metrics(): Promise<string> {
    const [figures, ofSdk = '', ofProcess] = await Promise.all([
      this.#figures?.latest(),
      this.#telemetry?.text(),
      this.#process.metrics(),
    ]);
    const own = await exposition(figures, this.notReady === undefined, Date.now());
    return [own, ofProcess, ofSdk].map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)).join('');
  }
}
