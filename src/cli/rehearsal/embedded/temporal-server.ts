import { access, writeFile } from 'node:fs/promises';
import { DidNotStart } from './did-not-start.ts';
import { freePorts } from './free-ports.ts';
import { startBackgroundProcess } from './background-process.ts';
import { lastLines, logLength, logSince } from './log-tail.ts';
import { readyForUse } from './temporal-ready.ts';
import { findTemporal } from '../../downloads/temporal-binary.ts';
import type { Report } from '../../downloads/download-progress.ts';

export interface TemporalServerOptions {
  /** Whether the web pages are served too. */
  readonly ui: boolean;
  /** Keeps everything in this SQLite file; without it, all is forgotten at the end. */
  readonly dbFile?: string;
  /** Name → type, as `temporal server start-dev --search-attribute` takes them: Keyword, Datetime, Int … */
  readonly searchAttributes?: Readonly<Record<string, string>>;
  /** It may hold more memory, up to {@link AMPLE}, and tidies up less often: what thousands of people need. */
  readonly isAmple?: boolean;
  /** The server's output is appended to this file. */
  readonly log: string;
  /** The Temporal command; found or fetched if not given. */
  readonly binary?: string;
  /** Fixed ports, for a server that is to be found again; free ones if not given. */
  readonly port?: number;
  readonly uiPort?: number;
  readonly report?: Report;
}

export interface TemporalServer {
  /** host:port for clients and workers. */
  readonly address: string;
  readonly uiUrl?: string;
  readonly namespace: string;
  readonly pid: number;
  /** Resolves when the server has ended, also if it crashed, with how: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const NAMESPACE = 'default';
const START_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const ATTEMPTS = 3;
/** An eighth less of the processor (docs/facts/temporal.md section 9), and no more memory than is to be had. */
const AMPLE = { GOGC: '400', GOMEMLIMIT: '1200MiB' };

/**
 * Timers that are done with are deleted every three seconds instead of thirty: each look for the next timer reads past
 * them. And more of the file is kept at hand, in the kilobytes of SQLite's `cache_size`.
 */
const FOR_MANY = [
  ['--dynamic-config-value', 'history.timerProcessorUpdateAckInterval="3s"'],
  ['--sqlite-pragma', 'cache_size=-65536'],
].flat();

const noteBeside = (dbFile: string): string => `${dbFile}.fair`;

/** All files of a database, there or not. */
export const partsOfDatabase = (dbFile: string): string[] => [
  ...['', '-wal', '-shm'].map((part) => `${dbFile}${part}`),
  noteBeside(dbFile),
];

/**
 * Starts Temporal's development server and waits until it answers, its search attributes are known and finished
 * workflows are kept for 30 days. It ends with this program, even if that is killed.
 * @throws {DidNotStart} with the end of the server's log when it does not come up.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const binary = options.binary ?? (await findTemporal(options.report ? { report: options.report } : {})).path;
  for (let attempt = 1; ; attempt += 1) {
    const logged = logLength(options.log);
    try {
      return await startOnce(binary, options);
    } catch (error) {
      // A free port may be taken by somebody else before the server has it.
      const taken = logSince(options.log, logged).includes('address already in use');
      const fixed = options.port !== undefined || options.uiPort !== undefined;
      if (!taken || fixed || attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(binary: string, options: TemporalServerOptions): Promise<TemporalServer> {
  const [free, freeUi] = await freePorts(2);
  const port = options.port ?? free;
  const uiPort = options.uiPort ?? freeUi;
  const address = `${HOST}:${port}`;
  const logged = logLength(options.log);
  const server = await startBackgroundProcess({
    command: binary,
    args: [
      'server',
      'start-dev',
      '--ip',
      HOST,
      '--port',
      `${port}`,
      '--log-level',
      'warn',
      // A server for one laptop asks nobody on the internet for newer versions of itself.
      '--dynamic-config-value',
      'frontend.enableServerVersionCheck=false',
      // A server that keeps what it knows of search attributes, as others do, instead of reading it for every task.
      '--dynamic-config-value',
      'system.forceSearchAttributesCacheRefreshOnRead=false',
      ...((await dealsFairly(options.dbFile)) ? ['--dynamic-config-value', 'matching.enableFairness=true'] : []),
      ...(options.ui ? ['--ui-port', `${uiPort}`] : ['--headless']),
      // Without these, a file is 2.5 times slower (docs/facts/temporal.md section 2.8).
      ...(options.dbFile === undefined
        ? []
        : ['--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1']),
      ...(options.isAmple ? FOR_MANY : []),
      ...Object.entries(options.searchAttributes ?? {}).flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]),
    ],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      ...(options.isAmple ? AMPLE : {}),
    },
    log: options.log,
    graceMs: STOP_GRACE_MS,
  });

  const given = new AbortController();
  const deadline = setTimeout(() => given.abort(), START_DEADLINE_MS);
  try {
    const names = Object.keys(options.searchAttributes ?? {});
    const outcome = await Promise.race([readyForUse(address, NAMESPACE, names, given.signal), server.ended]);
    if (outcome !== 'ready') {
      throw new DidNotStart(
        `The Temporal server did not come up (${outcome}). The end of its log, ` +
          `${options.log}:\n${lastLines(options.log, logged)}`,
      );
    }
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    clearTimeout(deadline);
    given.abort();
  }
  return {
    address,
    ...(options.ui ? { uiUrl: `http://${HOST}:${uiPort}` } : {}),
    namespace: NAMESPACE,
    pid: server.pid,
    ended: server.ended,
    stop: server.stop,
  };
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * Whether queues deal by workshop. What waits in a file that was begun without would not be found any more
 * (docs/facts/temporal.md section 8): such a file stays as it is, and a note beside the others tells them apart.
 */
async function dealsFairly(dbFile: string | undefined): Promise<boolean> {
  if (dbFile === undefined) return true;
  const note = noteBeside(dbFile);
  if (!(await isThere(dbFile)))
    await writeFile(note, 'What waits in the queues of this database is dealt by workshop.\n');
  return isThere(note);
}
