import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoAnswer, NoServer, WorkshopClient } from '../../client.ts';
import { PostOffice } from './letters/post-office.ts';
import { startTemporalServer, type TemporalServer } from './embedded/temporal-server.ts';
import { startWorkerProcess, type WorkerProcess } from './embedded/worker-process.ts';
import { PAYLOAD_KEY, PAYLOAD_OLD_KEYS, PayloadEncryption } from '../../temporal/payload-encryption.ts';
import { SEARCH_ATTRIBUTES } from '../../temporal/register-search-attributes.ts';
import { startSandbox, type Fault, type Nodes, type Sandbox } from '../../../sandbox/index.ts';
import { privateFolder } from '../../private-file.ts';

export interface ServersAndWorkerOptions {
  readonly people: readonly string[];
  readonly speed: number;
  /** Keeps Temporal's state and the logs here; a temporary folder if not given. */
  readonly folder?: string;
  readonly temporalPort?: number;
  readonly uiPort?: number;
  readonly sandboxPort?: number;
  /** What is to go wrong in the sandbox. */
  readonly faults?: readonly Fault[];
  /** The sandbox's machines; simulated ones without it. */
  readonly nodes?: Nodes;
  /** Serve the workspace that these variables name, instead of a sandbox. */
  readonly realWorkspace?: NodeJS.ProcessEnv;
  /** Start a Temporal server even where TEMPORAL_ADDRESS names one. */
  readonly ownTemporal?: boolean;
  readonly say: (line: string) => void;
}

/** In the sandbox workspace, but on nobody's roster: somebody to add late. */
const COLLEAGUES = ['late@example.com', 'later@example.com'];

/** Temporal, a workspace and a worker, on this computer. */
export interface ServersAndWorker {
  /** undefined where a real workspace is served. */
  readonly sandbox: Sandbox | undefined;
  /** Where all goes that the worker sends; undefined where a real workspace is served. */
  readonly post: PostOffice | undefined;
  readonly temporal: { readonly address: string; readonly uiUrl?: string; readonly own: boolean };
  readonly worker: WorkerProcess;
  /** For clients and workers: TEMPORAL_*, where its profiles are, and the keys of payloads. To be kept secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Where letters, reports and logs are. */
  readonly folder: string;
  /**
   * Resolves when the worker or the server has ended without being asked to, with a sentence that says so and where its
   * log is. Never rejects.
   */
  readonly died: Promise<string>;
  stopWorker(): Promise<void>;
  /** Everything, in order; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts them all. TEMPORAL_ADDRESS, where it is set, is used instead of a server of our own, unless
 * `ownTemporal`. Without `realWorkspace`, nothing of DATABRICKS_*, ARM_* or a profile is looked at, and the worker is
 * given only the sandbox's address and token: a rehearsal can never touch a real workspace.
 * @throws {NoAnswer} when TEMPORAL_ADDRESS is set and no server answers there, {WrongSettings} when a key of the
 * payloads is none; nothing was started then.
 */
export async function startServersAndWorker({
  people,
  speed,
  say,
  ...options
}: ServersAndWorkerOptions): Promise<ServersAndWorker> {
  const keys = payloadKeysOf(process.env);
  const given = options.ownTemporal ? {} : temporalOf(process.env);
  if (given['TEMPORAL_ADDRESS']) await answers({ ...given, ...keys });
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'databricks-workshop-')));
  await privateFolder(folder);
  const stops: (() => Promise<void>)[] = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const sandbox = options.realWorkspace
      ? undefined
      : await startSandbox({
          speed,
          people: [...people, ...COLLEAGUES],
          port: options.sandboxPort ?? 0,
          faults: options.faults ?? [],
          ...(options.nodes ? { nodes: options.nodes } : {}),
        });
    if (sandbox) stops.push(() => sandbox.close());
    const post = sandbox && (await PostOffice.open());
    if (post) stops.push(() => post.close());
    const server = given['TEMPORAL_ADDRESS'] ? undefined : await ownServer(folder, options, say);
    if (server) stops.push(() => server.stop());
    // A file that is not there: somebody's profile, with its certificates and keys, is for another server than ours.
    const temporal = server
      ? {
          TEMPORAL_ADDRESS: server.address,
          TEMPORAL_NAMESPACE: server.namespace,
          TEMPORAL_CONFIG_FILE: join(folder, 'no-profiles.toml'),
        }
      : given;
    const env = { ...temporal, ...keys };
    const logFile = join(folder, 'worker.log');
    const worker = await startWorkerProcess({
      env: sandbox
        ? {
            ...env,
            ...cliOf(process.env),
            ...post?.env,
            DATABRICKS_HOST: sandbox.url,
            DATABRICKS_TOKEN: sandbox.adminToken,
          }
        : { ...withoutTemporal(options.realWorkspace ?? {}), ...env },
      logFile,
      entry: [join(import.meta.dirname, '..', 'main.ts'), 'worker', '--folder', folder, '--speed', String(speed)],
    });
    stops.push(() => worker.stop());
    const deaths = [
      worker.ended.then((how) => `The worker has ended (${how}). Its log: ${logFile}`),
      ...(server
        ? [
            server.ended.then(
              (how) => `The Temporal server has ended (${how}). Its log: ${join(folder, 'temporal.log')}`,
            ),
          ]
        : []),
    ];
    return {
      sandbox,
      post,
      worker,
      env,
      folder,
      stop,
      died: Promise.race(deaths.map((death) => death.then((text) => (stopping ? new Promise<never>(() => {}) : text)))),
      temporal: {
        address: server?.address ?? given['TEMPORAL_ADDRESS'] ?? '',
        own: server !== undefined,
        ...(server?.uiUrl ? { uiUrl: server.uiUrl } : {}),
      },
      stopWorker: () => {
        stopping = true;
        return worker.stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Sees that the server answers that TEMPORAL_ADDRESS names: nobody should wait for a worker that cannot reach it. */
async function answers(env: Readonly<Record<string, string>>): Promise<void> {
  try {
    await (await WorkshopClient.connect(env)).close();
  } catch (error) {
    if (!(error instanceof NoServer)) throw error;
    throw new NoAnswer(
      `No Temporal server answers at ${env['TEMPORAL_ADDRESS']} (TEMPORAL_ADDRESS). Start it, or ` +
        'unset TEMPORAL_ADDRESS and the rehearsal brings its own.',
    );
  }
}

/** Where a databricks CLI is: what the canary tries, it tries in the sandbox, too. */
const cliOf = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(['WORKSHOP_DATABRICKS_CLI', 'WORKSHOP_DATABRICKS_CLI_RELEASES'].map((name) => [name, env[name]]));

/** What is encrypted for Temporal, in a rehearsal too. @throws {WrongSettings} */
function payloadKeysOf(env: NodeJS.ProcessEnv): Record<string, string> {
  PayloadEncryption.from(env);
  return Object.fromEntries([PAYLOAD_KEY, PAYLOAD_OLD_KEYS].flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

const isTemporal = (name: string) => name.startsWith('TEMPORAL_');
const PROFILE_HOMES = ['HOME', 'XDG_CONFIG_HOME'];

function temporalOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      (isTemporal(name) || PROFILE_HOMES.includes(name)) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function withoutTemporal(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isTemporal(name)));
}

function ownServer(
  folder: string,
  options: { folder?: string; temporalPort?: number; uiPort?: number },
  say: (line: string) => void,
): Promise<TemporalServer> {
  return startTemporalServer({
    ui: true,
    log: join(folder, 'temporal.log'),
    searchAttributes: SEARCH_ATTRIBUTES,
    report: say,
    ...(options.folder ? { dbFile: join(folder, 'temporal.db') } : {}),
    ...(options.temporalPort === undefined ? {} : { port: options.temporalPort }),
    ...(options.uiPort === undefined ? {} : { uiPort: options.uiPort }),
  });
}
