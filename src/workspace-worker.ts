import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import {
  Worker,
  type ActivityInterceptorsFactory,
  type WorkerOptions,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { createActivities, type Activities } from './activities/index.ts';
import type { ActivityDeps } from './activities/deps.ts';
import { onBehalfOf } from './databricks/transport/asker.ts';
import type { Workspace } from './databricks/workspace.ts';
import { queuesOf } from './domain/replayed/made/addresses.ts';
import { paceAt } from './domain/replayed/time/pace.ts';
import { FolderNotifier } from './messages/folder.ts';
import { OutboxNotifier } from './messages/outbox.ts';
import type { TracesOfWorker } from './traces/of-worker.ts';
import { workspaceFrom } from './workspace-from-environment.ts';

/**
 * Jobs begun a second, and under way at once for each worker: 2,000 people, a minute each, are looked at within the
 * last quarter of an hour.
 */
const JOBS_PER_SECOND = 4;
const JOBS_AT_ONCE = 200;

/** Each takes about 100 kB; the others are replayed when something comes for them. */
const CACHED_WORKFLOWS = 3_000;

/**
 * What the workspace is asked for, a second: the same in every worker, because the last poller decides for the queue.
 */
const CALLS_PER_SECOND = 10;
/**
 * Attempts to launch that begin a second, in all workers: more than any workspace lets through. How quickly they are
 * sent each worker learns by itself (src/databricks/transport/launch-rate.ts); this only keeps thousands of people from
 * standing in its line at once.
 */
const LAUNCH_ATTEMPTS_PER_SECOND = 10;
const LAUNCHES_AT_ONCE = 100;
/** Of the time that an attempt to launch has: the rest is for the calls themselves. */
const LAUNCH_TURN = 0.6;

/** What an activity asks of the workspace waits for its turn under the key that the activity was dealt by. */
const inTurn: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: { execute: (input, next) => onBehalfOf(info.priority?.fairnessKey ?? '', () => next(input)) },
});

/** A task lasts for as long as what is done within it, which is mostly waiting for others' reports to go along. */
const STEPS_AT_ONCE = 150;
/**
 * While a task or a query waits for a worker that was killed, what happens meanwhile may be taken in another order than
 * history tells it later (docs/facts/temporal.md section 5): they do not wait for long. Where this computer is late
 * with everything, each that goes elsewhere too soon would be replayed there.
 */
const STICKY_MS = 2_000;
const STICKY_MOST_MS = 30_000;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** How fast workshops live, as `paceAt` takes it. */
export interface Tempo {
  readonly speed: number;
  readonly slowness: number;
}

/** A workspace that has answered, and the environment with whose credentials. */
export interface ServedWorkspace {
  readonly workspace: Workspace;
  readonly workspaceId: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Signs in to the workspace of an environment, at the pace of its workshops. What was opened is handed to `opened`
 * before it is asked for anything. Throws what the workspace throws when it cannot be reached or refuses the
 * credentials.
 */
export async function serveWorkspace(
  env: NodeJS.ProcessEnv,
  { speed, slowness }: Tempo,
  opened: (workspace: Workspace) => Workspace,
): Promise<ServedWorkspace> {
  const workspace = opened(
    workspaceFrom(env, {
      requestsPerSecond: Math.min(200, CALLS_PER_SECOND * speed),
      slowForMs: 30_000 / speed,
      // An attempt that waits for its turn until it is given up would launch a cluster that nobody hears of.
      launchTurnMs: paceAt(speed, slowness).createCall * LAUNCH_TURN,
      speed,
    }),
  );
  const { workspaceId } = await workspace.currentUser.me();
  return { workspace, workspaceId, env };
}

/** What all workspaces of one process have in common. */
export interface SharedByWorkspaces
  extends Pick<ActivityDeps, 'server' | 'pages' | 'folder' | 'reportKey' | 'closing'>, Tempo {
  readonly temporal: Client;
  /** Only the steps of workflows: another process does the rest. */
  readonly only: 'workflows' | undefined;
  /** So many steps of workflows at once. */
  readonly steps: number | undefined;
  /** How many workspaces share the memory of the process. */
  readonly count: number;
  /** The connection that all poll over. */
  readonly common: Pick<WorkerOptions, 'connection' | 'namespace' | 'dataConverter'>;
  readonly workflowBundle: WorkflowBundleWithSourceMap;
  /** Spans of the work, where they are sent. */
  readonly traces: Pick<TracesOfWorker, 'activity' | 'sinks'> | undefined;
}

/** The Temporal workers of one workspace: one for each of the queues that the process serves. They do not run yet. */
export async function workersFor(
  { workspace, workspaceId, env }: ServedWorkspace,
  {
    temporal,
    server,
    pages,
    folder,
    reportKey,
    closing,
    speed,
    slowness,
    only,
    steps = STEPS_AT_ONCE,
    count,
    common: connected,
    workflowBundle,
    traces,
  }: SharedByWorkspaces,
): Promise<Worker[]> {
  const queues = queuesOf(workspace.host, workspaceId);
  const notes = new FolderNotifier(folder);
  const activities = createActivities({
    workspace,
    temporal,
    server,
    notifier: new OutboxNotifier({ folder: notes, temporal, queues, pace: paceAt(speed, slowness), pages }),
    pages,
    folder,
    initScripts: here('../init-scripts'),
    laptop: here('../laptop'),
    env,
    reportKey,
    closing,
    listingGap: Math.max(250, 2_000 / speed),
  });
  const withinTask: Pick<Activities, 'tellCohort'> = { tellCohort: (told) => activities.tellCohort(told) };
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    ...connected,
    shutdownGraceTime: '30s',
    shutdownForceTime: '45s',
    interceptors: { activity: [inTurn, ...(traces ? [traces.activity] : [])] },
  };
  const workflows = () =>
    Worker.create({
      ...common,
      workflowBundle,
      ...(traces ? { sinks: traces.sinks } : {}),
      taskQueue: queues.workflows,
      maxCachedWorkflows: Math.ceil(CACHED_WORKFLOWS / count),
      maxConcurrentWorkflowTaskExecutions: steps,
      activities: withinTask,
      enableNonLocalActivities: false,
      stickyQueueScheduleToStartTimeout: Math.round(Math.min(STICKY_MOST_MS, STICKY_MS * slowness)),
      reuseV8Context: true,
    });
  if (only === 'workflows') return [await workflows()];
  return Promise.all([
    workflows(),
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
      maxConcurrentActivityTaskExecutions: LAUNCHES_AT_ONCE,
      maxTaskQueueActivitiesPerSecond: LAUNCH_ATTEMPTS_PER_SECOND * speed,
    }),
    Worker.create({
      ...common,
      taskQueue: queues.jobs,
      activities,
      maxConcurrentActivityTaskExecutions: JOBS_AT_ONCE,
      maxTaskQueueActivitiesPerSecond: JOBS_PER_SECOND * speed,
    }),
    Worker.create({ ...common, taskQueue: queues.watch, activities, maxConcurrentActivityTaskExecutions: 200 }),
    Worker.create({
      ...common,
      taskQueue: queues.messages,
      activities,
      // More than a workshop's outboxes have under way on one channel (batches.ts): one that hangs leaves room.
      maxConcurrentActivityTaskExecutions: 20,
    }),
  ]);
}
