import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, type TelemetryOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { linkKeyFrom } from './domain/links/link-key.ts';
import { SEAL_PURPOSE } from './domain/papers/report-seal.ts';
import type { HealthAddress } from './metrics/health-server.ts';
import type { WorkerHealth } from './metrics/worker-health.ts';
import { PageLinks } from './messages/page-links.ts';
import { registerSearchAttributes } from './temporal/register-search-attributes.ts';
import { silence } from './temporal/answers.ts';
import { WrongSettings } from './temporal/client-errors.ts';
import { serverId } from './temporal/server-id.ts';
import { reachTemporal } from './temporal/connection.ts';
import { whyUnreachable } from './temporal/handshake.ts';
import { temporalOptions } from './temporal/connection-options.ts';
import { tracesWanted } from './traces/wanted.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { workerLog } from './worker-log.ts';
import { serveWorkspace, workersFor, type ServedWorkspace, type SharedByWorkspaces } from './workspace-worker.ts';

export interface WorkerOptions {
  /** TEMPORAL_*, keys and proxies, and the credentials of the one workspace where no others are named. */
  readonly env: NodeJS.ProcessEnv;
  /** An environment for each of several workspaces, with its credentials. */
  readonly environments?: readonly NodeJS.ProcessEnv[] | undefined;
  /** Where letters and reports go. */
  readonly folder: string;
  /** How much faster than the calendar the workspace's clock runs; 1 for a real one. */
  readonly speed: number;
  /** How many times longer everything may take because this computer rehearses for so many; 1 if not given. */
  readonly slowness?: number;
  /** Only the steps of workflows: another process does the rest. */
  readonly only?: 'workflows';
  /** So many steps of workflows at once; 150 if not given. */
  readonly steps?: number;
  readonly onReady: (where: {
    workspaces: readonly { readonly workspace: string; readonly workspaceId: string }[];
    temporal: string;
    /** Like http://127.0.0.1:9464, where it is answered. */
    health?: string | undefined;
  }) => void;
  /** Where health and metrics are answered; nowhere if not given. */
  readonly health?: HealthAddress | undefined;
  /** Stops the worker. */
  readonly stop: AbortSignal;
  /** The workflows; those of `src/workflows` if not given. */
  readonly workflowBundle?: WorkflowBundleWithSourceMap;
}

/**
 * The one place where real parts are put together. Runs until told to stop: long activities give up at once and
 * go on elsewhere, short ones may finish.
 * @throws {WrongSettings} when Temporal's settings, or the key of links, cannot be used
 * @throws {NoAnswer} when no Temporal server answers, or has no such namespace; what the workspace throws when it
 * cannot be reached or refuses the credentials
 */
export async function runWorker({ health: healthAt, ...options }: WorkerOptions): Promise<void> {
  if (healthAt === undefined) return runWatched(options);
  const { WorkerHealth } = await import('./metrics/worker-health.ts');
  const health = await WorkerHealth.open(healthAt, options);
  try {
    await runWatched({ ...options, health });
  } finally {
    await health.close();
  }
}

interface Watched extends Omit<WorkerOptions, 'health'> {
  readonly health?: WorkerHealth;
}

async function runWatched({
  env,
  folder,
  speed,
  slowness = 1,
  only,
  steps,
  onReady,
  stop,
  workflowBundle: given,
  health,
  ...more
}: Watched): Promise<void> {
  const { environments = [env] } = more;
  const { connection: options, namespace, dataConverter } = temporalOptions(env);
  const logger = workerLog(env);
  const linkKey = linkKeyOf(env);
  const sendsTraces = tracesWanted(env, (words) => logger.warn(words));
  // By itself, Temporal's native core writes on stdout, where `worker ready` belongs.
  const install = (metrics?: TelemetryOptions['metrics']) =>
    Runtime.install({
      logger,
      telemetryOptions: { logging: { forward: {} }, ...(metrics ? { metrics } : {}) },
      shutdownSignals: [],
    });
  const runtime = health ? await health.withTelemetry(install) : install();
  const open: { close(): Promise<void> }[] = [];
  const opened = <T extends { close(): Promise<void> }>(part: T): T => {
    open.push(part);
    return part;
  };
  try {
    const traces = sendsTraces ? opened(new (await import('./traces/of-worker.ts')).TracesOfWorker()) : undefined;
    const served: ServedWorkspace[] = [];
    for (const env of environments) served.push(await serveWorkspace(env, { speed, slowness }, opened));
    const workspaces = served.map(({ workspace, workspaceId }) => ({ workspace: workspace.host, workspaceId }));
    refuseTwice(workspaces);
    health?.serves(workspaces);
    traces?.requestsTo(workspaces.map(({ workspace }) => workspace));

    const clientConnection = opened(await reachTemporal(options, namespace));
    const connection = opened(await nativeConnection(options));
    await registerSearchAttributes(clientConnection, namespace);
    if (stop.aborted) return;
    const temporal = new Client({
      connection: clientConnection,
      namespace,
      dataConverter,
      interceptors: traces?.client ?? {},
    });
    const shared: SharedByWorkspaces = {
      temporal,
      server: await serverId(clientConnection, { address: options.address, namespace }),
      pages: linkKey && new PageLinks(temporal, linkKey),
      folder,
      reportKey: dataConverter.payloadCodecs[0]?.secretFor(SEAL_PURPOSE),
      closing: stop,
      speed,
      slowness,
      only,
      steps,
      count: served.length,
      common: { connection, namespace, dataConverter },
      workflowBundle: given ?? (await workflowBundle(env, logger, dataConverter, sendsTraces)),
      traces,
    };
    const workers = (await Promise.all(served.map((one) => workersFor(one, shared)))).flat();
    const shutDown = () => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown());
    stop.addEventListener('abort', shutDown);
    const running = workers.map((worker) => worker.run());
    if (stop.aborted) shutDown();
    health?.works(() => workers.every((worker) => worker.getState() === 'RUNNING'));
    onReady({ workspaces, temporal: options.address, health: health?.url });
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

/** @throws {WrongSettings} where two environments lead to the same workspace */
function refuseTwice(workspaces: readonly { readonly workspace: string; readonly workspaceId: string }[]): void {
  const twice = workspaces.find(({ workspaceId }, n) =>
    workspaces.slice(0, n).some((before) => before.workspaceId === workspaceId),
  );
  if (twice)
    throw new WrongSettings(`Two profiles are for the workspace ${twice.workspace}: name each workspace once.`);
}

async function nativeConnection(options: ReturnType<typeof temporalOptions>['connection']): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    throw await whyUnreachable(error, options);
  }
}

/** The key of links. @throws {WrongSettings} */
function linkKeyOf(env: NodeJS.ProcessEnv): Uint8Array | undefined {
  try {
    return linkKeyFrom(env);
  } catch (error) {
    throw new WrongSettings((error as Error).message);
  }
}
