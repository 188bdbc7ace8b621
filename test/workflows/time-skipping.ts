import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import type { Activities } from '../../src/activities/index.ts';
import { attendeeAddress, cohortAddress, teardownAddress, workshopAddress } from '../../src/domain/addresses.ts';
import type { Item } from '../../src/domain/checklist.ts';
import type { Progress } from '../../src/domain/progress.ts';
import type { Report } from '../../src/domain/report.ts';
import type { Seat } from '../../src/domain/seat.ts';
import { seatKey } from '../../src/domain/seat-key.ts';
import type { WorkshopInput } from '../../src/workflows/workshop/lifecycle.ts';
import { findTestServer } from '../../src/embedded/test-server-binary.ts';
import { fakeActivities, type Clock, type Told } from './fake-activities.ts';
import { FakeWorkspace, type FakeWorkspaceOptions } from './fake-workspace.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dataConverter = { payloadConverterPath: here('../../src/workflows/payload-converter.ts') };

export interface StageOptions {
  readonly workspace?: FakeWorkspaceOptions;
  /** Replaces some of the fake activities; they may call the ones they replace. */
  readonly change?: (fake: Activities, stage: { readonly workspace: FakeWorkspace; readonly clock: Clock }) => Partial<Activities>;
}

/** A server that skips time whenever everybody is waiting. One for each test file: its clock is everybody's. */
export class TimeSkipping {
  readonly env: TestWorkflowEnvironment;
  readonly clock: Clock;
  readonly #bundle: WorkflowBundleWithSourceMap;
  #stages = 0;

  private constructor(env: TestWorkflowEnvironment, bundle: WorkflowBundleWithSourceMap) {
    this.env = env;
    this.#bundle = bundle;
    this.clock = { now: () => env.currentTimeMs(), sleep: (ms) => env.sleep(Math.max(1, Math.round(ms))) };
  }

  static async start(): Promise<TimeSkipping> {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const { path } = await findTestServer();
    const bundle = await bundleWorkflowCode({ workflowsPath: here('../../src/workflows/index.ts'), payloadConverterPath: dataConverter.payloadConverterPath, logger });
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } }, client: { dataConverter } });
    return new TimeSkipping(env, bundle);
  }

  async stop(): Promise<void> {
    await this.env.teardown();
  }

  /** A workspace and a worker of one test's own; they end with the test. */
  async stage({ workspace: options = {}, change = () => ({}) }: StageOptions = {}): Promise<Stage> {
    const workspace = new FakeWorkspace(options);
    const told: Told = { notices: [], letters: [], feedback: 0 };
    const fake = fakeActivities({ workspace, clock: this.clock, client: this.env.client, told });
    this.#stages += 1;
    const queue = `stage-${this.#stages}`;
    const worker = await Worker.create({
      connection: this.env.nativeConnection, taskQueue: queue, workflowBundle: this.#bundle, dataConverter,
      activities: { ...fake, ...change(fake, { workspace, clock: this.clock }) },
      // Skipped time runs much faster than the clock that heartbeats are throttled by.
      maxHeartbeatThrottleInterval: '50ms', defaultHeartbeatThrottleInterval: '50ms',
      shutdownGraceTime: '1s', shutdownForceTime: '5s',
    });
    const running = worker.run();
    const stage = new Stage(this, queue, workspace, told);
    onTestFinished(async () => {
      await stage.clear();
      worker.shutdown();
      await running.catch(() => {});
    });
    return stage;
  }
}

/** One test's workshop, as a facilitator sees it from outside. */
export class Stage {
  readonly queue: string;
  readonly workspace: FakeWorkspace;
  readonly told: Told;
  readonly clock: Clock;
  readonly #skipping: TimeSkipping;
  #input: WorkshopInput | undefined;

  constructor(skipping: TimeSkipping, queue: string, workspace: FakeWorkspace, told: Told) {
    this.#skipping = skipping;
    this.queue = queue;
    this.workspace = workspace;
    this.told = told;
    this.clock = skipping.clock;
  }

  get client() {
    return this.#skipping.env.client;
  }

  /** Starts the lifecycle; it goes on whenever the test sleeps or waits for its result. */
  async open(input: WorkshopInput): Promise<WorkflowHandle> {
    this.#input = input;
    return this.client.workflow.start('workshop', { workflowId: workshopAddress(input.run.workshopId), taskQueue: input.queues.workflows, args: [input] });
  }

  get lifecycle(): WorkflowHandle {
    return this.client.workflow.getHandle(workshopAddress(this.#opened.run.workshopId));
  }

  /** Skips to the end. */
  async report(): Promise<Report> {
    return (await this.lifecycle.result()) as Report;
  }

  progress(): Promise<Progress> {
    return this.lifecycle.query<Progress>('progress');
  }

  async item(id: string): Promise<Item> {
    const found = (await this.progress()).checklist.find((item) => item.id === id);
    if (!found) throw new Error(`no item ${id}`);
    return found;
  }

  async roster(): Promise<Seat[]> {
    const { cohorts } = await this.progress();
    const rosters = await Promise.all(Array.from({ length: cohorts }, (_, n) => this.client.workflow.getHandle(cohortAddress(this.#opened.run.workshopId, n)).query<Seat[]>('roster')));
    return rosters.flat();
  }

  async sleepUntil(moment: number): Promise<void> {
    await this.clock.sleep(moment - (await this.clock.now()));
  }

  update<T>(name: string, input: unknown): Promise<T> {
    return this.lifecycle.executeUpdate<T, [unknown]>(name, { args: [input] });
  }

  /** Whatever a failed test left open would keep the next one's time from being skipped. */
  async clear(): Promise<void> {
    if (!this.#input) return;
    const { run, state } = this.#input;
    const ids = [workshopAddress(run.workshopId), cohortAddress(run.workshopId, 0), teardownAddress(run.workshopId), ...state.toEnrol.map(({ email }) => attendeeAddress(run.workshopId, seatKey(run.runId, email)))];
    for (const id of ids) await this.client.workflow.getHandle(id).terminate('the test is over').catch(() => {});
  }

  get #opened(): WorkshopInput {
    if (!this.#input) throw new Error('no workshop was opened');
    return this.#input;
  }
}
