import { mkdtemp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer, type TemporalServer } from '../embedded/temporal-server.ts';
import { startWorkerProcess, type WorkerProcess } from '../embedded/worker-process.ts';
import { startSandbox, type Sandbox } from '../sandbox/sandbox.ts';

export interface EmbeddedOptions {
  readonly people: readonly string[];
  readonly speed: number;
  /** Keeps Temporal's state and the logs here; a temporary folder if not given. */
  readonly folder?: string;
  readonly temporalPort?: number;
  readonly uiPort?: number;
  readonly sandboxPort?: number;
  readonly say: (line: string) => void;
}

/** Temporal, a workspace and a worker, on this computer. */
export interface Embedded {
  readonly sandbox: Sandbox;
  readonly temporal: { readonly address: string; readonly uiUrl?: string; readonly own: boolean };
  readonly worker: WorkerProcess;
  /** For clients and workers: TEMPORAL_* only. */
  readonly env: Readonly<Record<string, string>>;
  /** Where letters, reports and logs are. */
  readonly folder: string;
  stopWorker(): Promise<void>;
  /** Everything, in order; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded default. TEMPORAL_ADDRESS, where it is set, is used instead of a server of our own. Nothing of
 * DATABRICKS_*, ARM_* or a profile is looked at, and the worker is given only the sandbox's address and token: a rehearsal can never touch a real workspace.
 */
export async function startEmbedded({ people, speed, say, ...options }: EmbeddedOptions): Promise<Embedded> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'databricks-workshop-')));
  await mkdir(folder, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const sandbox = await startSandbox({ speed, people, port: options.sandboxPort ?? 0 });
    stops.push(() => sandbox.close());
    const given = Object.fromEntries(Object.entries(process.env).filter(([name, value]) => name.startsWith('TEMPORAL_') && value !== undefined)) as Record<string, string>;
    const server = given['TEMPORAL_ADDRESS'] ? undefined : await ownServer(folder, options, say);
    if (server) stops.push(() => server.stop());
    const env = server ? { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace } : given;
    const worker = await startWorkerProcess({
      env: { ...env, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken },
      logFile: join(folder, 'worker.log'),
      entry: [join(import.meta.dirname, 'main.ts'), 'worker', '--folder', folder, '--speed', String(speed)],
    });
    stops.push(() => worker.stop());
    return {
      sandbox, worker, env, folder, stop,
      temporal: { address: server?.address ?? given['TEMPORAL_ADDRESS'] ?? '', own: server !== undefined, ...(server?.uiUrl ? { uiUrl: server.uiUrl } : {}) },
      stopWorker: () => worker.stop(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ownServer(folder: string, options: { folder?: string; temporalPort?: number; uiPort?: number }, say: (line: string) => void): Promise<TemporalServer> {
  return startTemporalServer({
    ui: true,
    log: join(folder, 'temporal.log'),
    searchAttributes: { WorkshopId: 'Keyword' },
    report: say,
    ...(options.folder ? { dbFile: join(folder, 'temporal.db') } : {}),
    ...(options.temporalPort === undefined ? {} : { port: options.temporalPort }),
    ...(options.uiPort === undefined ? {} : { uiPort: options.uiPort }),
  });
}
