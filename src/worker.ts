import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import {
  NativeConnection,
  Runtime,
  Worker,
  type LogLevel,
  type NativeConnectionOptions,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { SEAL_PURPOSE } from './domain/papers/report-seal.ts';
import { queuesOf } from './domain/replayed/made/addresses.ts';
import { LAUNCHES_PER_SECOND } from './domain/replayed/time/launch-lead.ts';
import { paceAt } from './domain/replayed/time/pace.ts';
import { FolderNotifier } from './messages/folder.ts';
import { OutboxNotifier } from './messages/outbox.ts';
import { registerSearchAttributes } from './temporal/register-search-attributes.ts';
import { noServer, silence } from './temporal/answers.ts';
import { serverId } from './temporal/server-id.ts';
import { reachTemporal } from './temporal/connection.ts';
import { temporalOptions } from './temporal/connection-options.ts';
import { WorkerLog } from './worker-log.ts';
import { workspaceFrom } from './workspace-from-environment.ts';

/**
 * Jobs begun a second, and under way at once for each worker: 2,000 people, a minute each, are looked at within the
 * last quarter of an hour.
 */
const JOBS_PER_SECOND = 4;
const JOBS_AT_ONCE = 200;

/**
 * What the workspace is asked for, a second: the same in every worker, because the last poller decides for the queue.
 */
const CALLS_PER_SECOND = 10;
/** Of the time that an attempt to launch has: the rest is for the calls themselves. */
const LAUNCH_TURN = 0.6;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface WorkerOptions {
  /** Credentials, TEMPORAL_* and proxies; read here and nowhere else. */
  readonly env: NodeJS.ProcessEnv;
  /** Where letters and reports go. */
  readonly folder: string;
  /** How much faster than the calendar the workspace's clock runs; 1 for a real one. */
  readonly speed: number;
  readonly onReady: (where: { workspace: string; workspaceId: string; temporal: string }) => void;
  /** Stops the worker. */
  readonly stop: AbortSignal;
  /** The workflows; bundled from `src/workflows` if not given. */
  readonly workflowBundle?: WorkflowBundleWithSourceMap;
}

/**
 * The one place where real parts are put together. Runs until told to stop: long activities give up at once and
 * go on elsewhere, short ones may finish.
 * @throws {WrongSettings} when Temporal's settings cannot be used; {NoAnswer} when no Temporal server answers, or has
 * no such namespace; what the workspace throws when it cannot be reached or refuses the credentials.
 */
export async function runWorker({ env, folder, speed, onReady, stop, workflowBundle }: WorkerOptions): Promise<void> {
  const { connection: options, namespace, dataConverter } = temporalOptions(env);
  // By itself, Temporal's native core writes on stdout, where `worker ready` belongs.
  const runtime = Runtime.install({
    logger: new WorkerLog((env['WORKSHOP_LOG'] ?? 'WARN') as LogLevel),
    telemetryOptions: { logging: { forward: {} } },
    shutdownSignals: [],
  });
  const open: { close(): Promise<void> }[] = [];
  const opened = <T extends { close(): Promise<void> }>(part: T): T => {
    open.push(part);
    return part;
  };
  try {
    const workspace = opened(
      workspaceFrom(env, {
        requestsPerSecond: Math.min(200, CALLS_PER_SECOND * speed),
        slowForMs: 30_000 / speed,
        // An attempt that waits for its turn until it is given up would launch a cluster that nobody hears of.
        launchTurnMs: paceAt(speed).createCall * LAUNCH_TURN,
      }),
    );
    const { workspaceId } = await workspace.currentUser.me();
    const queues = queuesOf(workspace.host, workspaceId);

    const clientConnection = opened(await reachTemporal(options, namespace));
    const connection = opened(await nativeConnection(options));
    await registerSearchAttributes(clientConnection, namespace);
    if (stop.aborted) return;
    const temporal = new Client({ connection: clientConnection, namespace, dataConverter });
    const activities = createActivities({
      workspace,
      temporal,
      server: await serverId(clientConnection, { address: options.address, namespace }),
      notifier: new OutboxNotifier({ folder: new FolderNotifier(folder), temporal, queues, pace: paceAt(speed) }),
      folder,
      initScripts: here('../init-scripts'),
      laptop: here('../laptop'),
      env,
      reportKey: dataConverter.payloadCodecs[0]?.secretFor(SEAL_PURPOSE),
      closing: stop,
      listingGap: Math.max(250, 2_000 / speed),
    });

    const common = {
      connection,
      namespace,
      dataConverter,
      shutdownGraceTime: '30s',
      shutdownForceTime: '45s',
    } as const;
    const workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: queues.workflows,
        ...(workflowBundle ? { workflowBundle } : { workflowsPath: here('./workflows/index.ts') }),
        maxCachedWorkflows: 1_500,
        // While a task or a query waits for a worker that was killed, what happens meanwhile may be taken in another
        // order than history tells it later (docs/facts/temporal.md section 5): they do not wait for long.
        stickyQueueScheduleToStartTimeout: '2s',
        reuseV8Context: true,
      }),
      Worker.create({
        ...common,
        taskQueue: queues.calls,
        activities,
        maxConcurrentActivityTaskExecutions: 100,
        maxTaskQueueActivitiesPerSecond: CALLS_PER_SECOND * speed,
      }),
      Worker.create({
        ...common,
        taskQueue: queues.launch,
        activities,
        maxConcurrentActivityTaskExecutions: 50,
        maxTaskQueueActivitiesPerSecond: LAUNCHES_PER_SECOND * speed,
      }),
      Worker.create({
        ...common,
        taskQueue: queues.jobs,
        activities,
        maxConcurrentActivityTaskExecutions: JOBS_AT_ONCE,
        maxTaskQueueActivitiesPerSecond: JOBS_PER_SECOND * speed,
      }),
      Worker.create({ ...common, taskQueue: queues.watch, activities, maxConcurrentActivityTaskExecutions: 200 }),
      Worker.create({ ...common, taskQueue: queues.messages, activities, maxConcurrentActivityTaskExecutions: 10 }),
    ]);
    const shutDown = () => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown());
    stop.addEventListener('abort', shutDown);
    const running = workers.map((worker) => worker.run());
    if (stop.aborted) shutDown();
    onReady({ workspace: workspace.host, workspaceId, temporal: options.address });
    try {
      await Promise.all(running);
    } catch (error) {
      // One worker's end is everybody's: half a worker would look alive and do nothing.
      shutDown();
      await Promise.allSettled(running);
      throw silence(error, options.address);
    }
  } finally {
    // What cannot be closed any more must not hide why we end, nor keep the process from ending.
    for (const part of open.toReversed()) await part.close().catch(() => undefined);
    await runtime.shutdown();
  }
}

async function nativeConnection(
  options: NativeConnectionOptions & { readonly address: string },
): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    throw noServer(error, options.address);
  }
}
