import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connection, ConnectionPlugin, WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import type { Activities } from '../../../src/activities/index.ts';
import { cohortAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import type { Item } from '../../../src/domain/replayed/checklist/item.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import type { Report } from '../../../src/domain/papers/report.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { workflowBundle } from '../../../src/workflow-bundle.ts';
import type { WorkshopInput } from '../../../src/workflows/workshop/lifecycle.ts';
import { findTestServer } from '../../../src/cli/downloads/test-server-binary.ts';
import { eventually } from './eventually.ts';
import { fakeActivities, type Clock, type Told } from './fake-activities.ts';
import { FakeWorkspace, type FakeWorkspaceOptions } from './fake-workspace.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dataConverter = { payloadConverterPath: here('../../../src/workflows/shared/payload-converter.ts') };

export interface StageOptions {
  readonly workspace?: FakeWorkspaceOptions;
  /** Replaces some of the fake activities; they may call the ones they replace. */
  readonly change?: (
    fake: Activities,
    stage: { readonly workspace: FakeWorkspace; readonly clock: Clock },
  ) => Partial<Activities>;
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;
const logger = new DefaultLogger('ERROR');

/** The workflows, bundled once for all tests of a file. */
function theWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  if (!bundle) Runtime.install({ logger });
  bundle ??= workflowBundle(process.env, logger, dataConverter);
  return bundle;
}

/**
 * This server takes pings for an attack and hangs up, on a busy computer in the middle of a call that skips time: what
 * was asked is lost then, and the test waits for ever. The client asks no more than it has to.
 */
const WITHOUT_PINGS: ConnectionPlugin = {
  name: 'without-pings',
  configureConnection: (options) => ({
    ...options,
    channelArgs: {
      ...options.channelArgs,
      'grpc.keepalive_time_ms': 2 ** 31 - 1,
      'grpc.keepalive_permit_without_calls': 0,
    },
  }),
};

/** It is given up after five seconds, which a busy computer may need to start it. */
async function startServer(path: string, attempts = 5): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
      client: { dataConverter },
      plugins: [WITHOUT_PINGS],
    });
  } catch (error) {
    if (attempts === 1) throw error;
    return startServer(path, attempts - 1);
  }
}

/**
 * A server that skips time whenever everybody is waiting, a workspace in memory and a worker; they end with the test.
 * One server a test: its clock is everybody's, and it leaps ten years ahead when nothing is left to wait for.
 */
export async function openStage({ workspace: options = {}, change = () => ({}) }: StageOptions = {}): Promise<Stage> {
  const { path } = await findTestServer();
  const workflows = await theWorkflows();
  const env = await startServer(path);
  // Hooks run last first: the server goes when the worker has gone.
  onTestFinished(() => env.teardown());

  const over = new AbortController();
  const clock: Clock = {
    now: () => env.currentTimeMs(),
    // Nobody's sleep outlasts the test.
    sleep: (ms) => env.connection.withAbortSignal(over.signal, () => env.sleep(Math.max(1, Math.round(ms)))),
  };
  const workspace = new FakeWorkspace(options);
  const told: Told = { notices: [], room: [], letters: [], jobs: [], feedback: 0 };
  const stage = new Stage({ env, workspace, told, clock });
  const fake = fakeActivities({ workspace, clock, client: env.client, told });
  const common = {
    connection: env.nativeConnection,
    workflowBundle: workflows,
    dataConverter,
    shutdownGraceTime: '1s',
    shutdownForceTime: '10s',
  } as const;
  // This server answers "done" to a continue-as-new that it refused because a signal came in between, and hands the
  // next task to the cached run, which then sends its old state again: the signal is lost. So lifecycles have a worker
  // of their own that caches nothing: there every task begins anew. Cohorts and attendees do not turn pages here (see
  // workshop-input.ts): that is tried on a real server.
  const lifecycles = await Worker.create({ ...common, taskQueue: LIFECYCLES, maxCachedWorkflows: 0 });
  const others = await Worker.create({
    ...common,
    taskQueue: QUEUE,
    activities: { ...fake, ...change(fake, { workspace, clock }) },
    // Skipped time runs much faster than the clock that heartbeats are throttled by.
    maxHeartbeatThrottleInterval: '50ms',
    defaultHeartbeatThrottleInterval: '50ms',
  });
  const running = [lifecycles, others].map((worker) => worker.run());
  onTestFinished(async () => {
    over.abort();
    for (const worker of [lifecycles, others]) worker.shutdown();
    await Promise.allSettled(running);
  });
  return stage;
}

const QUEUE = 'everything';
const LIFECYCLES = 'lifecycles';

/** One test's workshop, as a facilitator sees it from outside. */
export class Stage {
  readonly queue = QUEUE;
  readonly workspace: FakeWorkspace;
  readonly told: Told;
  readonly clock: Clock;
  readonly client: TestWorkflowEnvironment['client'];
  #input: WorkshopInput | undefined;

  constructor({
    env,
    workspace,
    told,
    clock,
  }: {
    env: TestWorkflowEnvironment;
    workspace: FakeWorkspace;
    told: Told;
    clock: Clock;
  }) {
    this.client = env.client;
    this.workspace = workspace;
    this.told = told;
    this.clock = clock;
  }

  /** Starts the lifecycle; it goes on whenever the test sleeps or waits for its result. */
  async open(input: WorkshopInput): Promise<WorkflowHandle> {
    this.#input = input;
    return this.client.workflow.start('workshop', {
      workflowId: workshopAddress(input.run.workshopId),
      taskQueue: LIFECYCLES,
      args: [input],
    });
  }

  get lifecycle(): WorkflowHandle {
    return this.client.workflow.getHandle(workshopAddress(this.#opened.run.workshopId));
  }

  /** Skips to the end. */
  async report(): Promise<Report> {
    const ended = new AbortController();
    const settling = this.#letTimePass(ended.signal);
    try {
      return (await this.lifecycle.result()) as Report;
    } finally {
      ended.abort();
      await settling;
    }
  }

  /**
   * A child that closes after the run that started it leaves the server's clock locked once too often
   * (docs/facts/temporal.md section 3): each cohort does, because its lifecycle has long continued as new.
   */
  async #letTimePass(ended: AbortSignal): Promise<void> {
    const { testService } = this.client.connection as Connection;
    for (let n = 0; !ended.aborted; await wait(100)) {
      if (!(await this.#hasClosed(cohortAddress(this.#opened.run.workshopId, n)))) continue;
      n += 1;
      await testService?.unlockTimeSkipping({});
    }
  }

  async #hasClosed(workflowId: string): Promise<boolean> {
    try {
      return (await this.client.workflow.getHandle(workflowId).describe()).status.name !== 'RUNNING';
    } catch {
      return false;
    }
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
    const rosters = await Promise.all(
      Array.from({ length: cohorts }, (_, n) =>
        this.client.workflow.getHandle(cohortAddress(this.#opened.run.workshopId, n)).query<Seat[]>('roster'),
      ),
    );
    return rosters.flat();
  }

  /**
   * Lets a few minutes pass at a time until the assertion holds: workers need real time, and skipped time does not wait
   * for them.
   */
  async soon(assertion: () => Promise<void>): Promise<void> {
    await eventually(async () => {
      await this.clock.sleep(5 * 60_000);
      await assertion();
    });
  }

  /**
   * Skips to a moment, and lets the lifecycle finish what is due then: this server can lose a message that comes in the
   * middle of it.
   */
  async sleepUntil(moment: number): Promise<void> {
    await this.clock.sleep(moment - (await this.clock.now()));
    await eventually(async () => {
      const { raw } = await this.lifecycle.describe();
      if (raw.pendingWorkflowTask) throw new Error('the lifecycle is still at work');
    });
  }

  update<T>(name: string, input: unknown): Promise<T> {
    return this.lifecycle.executeUpdate<T, [unknown]>(name, { args: [input] });
  }

  get #opened(): WorkshopInput {
    if (!this.#input) throw new Error('no workshop was opened');
    return this.#input;
  }
}
