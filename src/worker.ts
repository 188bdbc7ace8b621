import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, DefaultLogger, type LogLevel } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { queuesOf } from './domain/addresses.ts';
import { LAUNCHES_PER_SECOND } from './domain/launch-lead.ts';
import { FolderNotifier } from './notifications/folder.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { temporalOptions } from './temporal-options.ts';
import { workspaceFrom } from './workspace.ts';

/** What the workspace is asked for, a second: the same in every worker, because the last poller decides for the queue. */
const CALLS_PER_SECOND = 10;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface WorkerOptions {
  /** Credentials, TEMPORAL_* and proxies; read here and nowhere else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where letters and reports go. */
  readonly folder: string;
  /** How much faster than the calendar the workspace's clock runs; 1 for a real one. */
  readonly speed: number;
  readonly onReady: (where: { workspace: string; workspaceId: string; temporal: string }) => void;
  /** Stops the worker. */
  readonly stop: AbortSignal;
}

/**
 * The one place where real parts are put together. Runs until told to stop: long activities give up at once and
 * go on elsewhere, short ones may finish.
 * @throws when Temporal or the workspace cannot be reached, or the workspace refuses the credentials.
 */
export async function runWorker({ env, folder, speed, onReady, stop }: WorkerOptions): Promise<void> {
  Runtime.install({ logger: new DefaultLogger((env['WORKSHOP_LOG'] ?? 'WARN') as LogLevel), shutdownSignals: [] });
  const { connection: address, namespace, dataConverter } = temporalOptions(env);
  const workspace = workspaceFrom(env, { requestsPerSecond: Math.min(200, CALLS_PER_SECOND * speed), slowForMs: 30_000 / speed });
  const { workspaceId } = await workspace.currentUser.me();
  const queues = queuesOf(workspace.host, workspaceId);

  const connection = await NativeConnection.connect(address);
  const clientConnection = await Connection.connect(address);
  await registerSearchAttributes(clientConnection, namespace);
  const activities = createActivities({
    workspace,
    temporal: new Client({ connection: clientConnection, namespace, dataConverter }),
    notifier: new FolderNotifier(folder),
    folder,
    initScripts: here('../init-scripts'),
    closing: stop,
    listingGap: Math.max(250, 2_000 / speed),
  });

  const common = { connection, namespace, dataConverter, shutdownGraceTime: '30s', shutdownForceTime: '45s' } as const;
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.workflows, workflowsPath: here('./workflows/index.ts'), maxCachedWorkflows: 1_500, reuseV8Context: true }),
    Worker.create({ ...common, taskQueue: queues.calls, activities, maxConcurrentActivityTaskExecutions: 100, maxTaskQueueActivitiesPerSecond: CALLS_PER_SECOND * speed }),
    Worker.create({ ...common, taskQueue: queues.launch, activities, maxConcurrentActivityTaskExecutions: 50, maxTaskQueueActivitiesPerSecond: LAUNCHES_PER_SECOND * speed }),
    Worker.create({ ...common, taskQueue: queues.watch, activities, maxConcurrentActivityTaskExecutions: 200 }),
  ]);
  const shutDown = () => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown());
  stop.addEventListener('abort', shutDown);
  try {
    const running = workers.map((worker) => worker.run());
    if (stop.aborted) shutDown();
    onReady({ workspace: workspace.host, workspaceId, temporal: address.address ?? 'localhost:7233' });
    await Promise.all(running);
  } finally {
    await clientConnection.close();
    await connection.close();
    await workspace.close();
  }
}
