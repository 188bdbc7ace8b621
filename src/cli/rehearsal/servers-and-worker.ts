import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoAnswer, NoServer, WorkshopClient } from '../../client.ts';
import { PostOffice } from './letters/post-office.ts';
import { partsOfDatabase, startTemporalServer, type TemporalServer } from './embedded/temporal-server.ts';
import { startWorkers } from './workers.ts';
import { PAYLOAD_KEY, PAYLOAD_OLD_KEYS, PayloadEncryption } from '../../temporal/encryption/payload-encryption.ts';
import { openRoom, type OpenRoom } from '../commands/web/open-room.ts';
import { LINK_KEY } from '../../domain/links/link-key.ts';
import { SEARCH_ATTRIBUTES } from '../../temporal/register-search-attributes.ts';
import { startSandbox, type Fault, type Nodes, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { privateFolder, writePrivately } from '../../private-file.ts';
import { PROFILES } from '../../workspace-from-environment.ts';

export interface ServersAndWorkerOptions {
  readonly people: readonly string[];
  readonly speed: number;
  /** How many times longer everything may take because this computer does it for so many; 1 if not given. */
  readonly slowness?: number;
  /** Keeps Temporal's state and the logs here; a temporary folder if not given. */
  readonly folder?: string;
  readonly temporalPort?: number;
  readonly uiPort?: number;
  readonly sandboxPort?: number;
  /** How many sandboxes, each a workspace of its own: one if not given. The first has the port. */
  readonly workspaces?: number;
  /** What is to go wrong in the sandbox. */
  readonly faults?: readonly Fault[];
  /** The sandbox's machines; simulated ones without it. */
  readonly nodes?: Nodes;
  /** For apps whose code runs on them. */
  readonly appPackages?: string | undefined;
  readonly messagesRefuse?: SandboxOptions['messagesRefuse'];
  /** Serve the workspace that these variables name, instead of a sandbox. */
  readonly realWorkspace?: NodeJS.ProcessEnv;
  /** Start a Temporal server even where TEMPORAL_ADDRESS names one. */
  readonly ownTemporal?: boolean;
  /** Seals the links in letters, and those that open the pages; without it there are neither. */
  readonly linkKey?: string | undefined;
  /** Serve the room's pages at this port, any free one for 0; they need `linkKey`. */
  readonly webPort?: number | undefined;
  readonly say: (line: string) => void;
}

/** Histories of so many fit well into memory; those of more are kept in a file, which goes when the server does. */
const MOST_IN_MEMORY = 300;

/** In the sandbox workspace, but on nobody's roster: somebody to add late. */
const COLLEAGUES = ['late@example.com', 'later@example.com'];

/** Temporal, a workspace and a worker, on this computer. */
export interface ServersAndWorker {
  /** undefined where a real workspace is served. */
  readonly sandbox: Sandbox | undefined;
  /** Every one, with the first. */
  readonly sandboxes: readonly Sandbox[];
  /** Where all goes that the worker sends; undefined where a real workspace is served. */
  readonly post: PostOffice | undefined;
  /** The room's pages, where they were asked for. */
  readonly room: OpenRoom | undefined;
  readonly temporal: { readonly address: string; readonly uiUrl?: string; readonly own: boolean };
  /** DATABRICKS_* and WORKSHOP_PROFILES of the sandboxes; nothing of a real workspace. */
  readonly credentials: Readonly<Record<string, string | undefined>>;
  /** For clients and workers: TEMPORAL_*, where its profiles are, keys of payloads and links. To be kept secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Where letters, reports and logs are. */
  readonly folder: string;
  /**
   * Resolves when the worker or the server has ended without being asked to, with a sentence that says so and where its
   * log is. Never rejects.
   */
  readonly died: Promise<string>;
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
    const sandboxes: Sandbox[] = [];
    for (let n = 0; n < (options.realWorkspace ? 0 : (options.workspaces ?? 1)); n += 1) {
      sandboxes.push(
        await startSandbox({
          speed,
          people: [...people, ...COLLEAGUES],
          port: n === 0 ? (options.sandboxPort ?? 0) : 0,
          faults: options.faults ?? [],
          ...(options.nodes ? { nodes: options.nodes } : {}),
          messagesRefuse: options.messagesRefuse ?? [],
          ...(options.appPackages === undefined ? {} : { appPackages: options.appPackages }),
        }),
      );
      stops.push(() => sandboxes[n]?.close() ?? Promise.resolve());
    }
    const [sandbox] = sandboxes;
    const post = sandbox && (await PostOffice.open());
    if (post) stops.push(() => post.close());
    const server = given['TEMPORAL_ADDRESS']
      ? undefined
      : await ownServer(folder, { ...options, people: people.length }, say);
    if (server)
      stops.push(async () => {
        await server.stop();
        if (options.folder !== undefined) return;
        for (const part of partsOfDatabase(dbFileIn(folder))) await rm(part, { force: true });
      });
    // A file that is not there: somebody's profile, with its certificates and keys, is for another server than ours.
    const temporal = server
      ? {
          TEMPORAL_ADDRESS: server.address,
          TEMPORAL_NAMESPACE: server.namespace,
          TEMPORAL_CONFIG_FILE: join(folder, 'no-profiles.toml'),
        }
      : given;
    const env = { ...temporal, ...keys, ...(options.linkKey ? { [LINK_KEY]: options.linkKey } : {}) };
    const workspace = sandbox ? await credentialsOf(sandboxes, folder) : withoutTemporal(options.realWorkspace ?? {});
    const workers = await startWorkers({
      people: people.length,
      speed,
      slowness: options.slowness ?? 1,
      env: { ...workspace, ...env, ...(sandbox ? { ...passedOn(process.env), ...post?.env } : {}) },
      folder,
    });
    stops.push(() => workers.stop());
    const room = options.webPort === undefined ? undefined : await openRoom({ ...workspace, ...env }, options.webPort);
    if (room) stops.push(() => room.close());
    const deaths = [
      workers.died,
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
      sandboxes,
      credentials: sandbox ? workspace : {},
      post,
      room,
      env,
      folder,
      stop,
      died: Promise.race(deaths.map((death) => death.then((text) => (stopping ? new Promise<never>(() => {}) : text)))),
      temporal: {
        address: server?.address ?? given['TEMPORAL_ADDRESS'] ?? '',
        own: server !== undefined,
        ...(server?.uiUrl ? { uiUrl: server.uiUrl } : {}),
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of one sandbox by its token; of several by a file of profiles, `workspace-1` and so on, for its owner alone. */
async function credentialsOf(sandboxes: readonly Sandbox[], folder: string): Promise<Record<string, string>> {
  const [only, ...others] = sandboxes;
  if (only && others.length === 0) return { DATABRICKS_HOST: only.url, DATABRICKS_TOKEN: only.adminToken };
  const file = join(folder, 'profiles');
  const profiles = sandboxes.map(({ url, adminToken }, n) => ({ name: `workspace-${n + 1}`, url, adminToken }));
  await writePrivately(
    file,
    profiles.map(({ name, url, adminToken }) => `[${name}]\nhost = ${url}\ntoken = ${adminToken}\n`).join('\n'),
  );
  return { DATABRICKS_CONFIG_FILE: file, [PROFILES]: profiles.map(({ name }) => name).join(',') };
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

/** Where a databricks CLI is, for what the canary tries it tries in the sandbox, too; and where traces are sent. */
const passedOn = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^(OTEL|WORKSHOP_DATABRICKS_CLI)(_|$)/.test(name)));

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

const dbFileIn = (folder: string): string => join(folder, 'temporal.db');

function ownServer(
  folder: string,
  options: { folder?: string; people: number; slowness?: number; temporalPort?: number; uiPort?: number },
  say: (line: string) => void,
): Promise<TemporalServer> {
  return startTemporalServer({
    ui: true,
    log: join(folder, 'temporal.log'),
    searchAttributes: SEARCH_ATTRIBUTES,
    report: say,
    isAmple: (options.slowness ?? 1) > 1,
    ...(options.folder || options.people > MOST_IN_MEMORY ? { dbFile: dbFileIn(folder) } : {}),
    ...(options.temporalPort === undefined ? {} : { port: options.temporalPort }),
    ...(options.uiPort === undefined ? {} : { uiPort: options.uiPort }),
  });
}
