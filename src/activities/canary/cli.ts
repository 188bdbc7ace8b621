import type { Tried } from '../../domain/replayed/canary/hops.ts';
import { cliVersion, type Printed } from '../../domain/replayed/canary/words.ts';
import { hasSsh, OLDEST_CLI } from '../../domain/replayed/made/databricks-cli.ts';
import { findOnPath, isExecutable } from '../../executable.ts';
import { runBounded } from './bounded-program.ts';
import type { OwnHome } from './own-home.ts';

/** Where the worker's `databricks` CLI is, for one that PATH does not have. */
export const CLI_VARIABLE = 'WORKSHOP_DATABRICKS_CLI';
/** A folder with the CLI's own archives for the cluster, for a worker that GitHub is out of reach of. */
export const RELEASES_VARIABLE = 'WORKSHOP_DATABRICKS_CLI_RELEASES';

export type FoundCli = { readonly path: string } | { readonly tried: Tried };

/** Whatever is amiss with the worker's own programs, attendees may be fine: a person has to try it elsewhere. */
const notHere = (said: string): Tried => ({ state: 'not tried', said, forAPerson: true });

/** The worker's CLI, and ssh, which it needs. Without either a person has to try what they are for. */
export function findCli(env: NodeJS.ProcessEnv, ssh: string | undefined): FoundCli {
  const named = env[CLI_VARIABLE];
  if (named && !isExecutable(named))
    return { tried: notHere(`${CLI_VARIABLE} on this worker names ${named}, which is no program`) };
  const path = named || findOnPath('databricks', env['PATH']);
  if (path === undefined) return { tried: notHere('this worker has no databricks CLI') };
  if (ssh === undefined) return { tried: notHere('this worker has no ssh') };
  return { path };
}

/** The version of the CLI, if it is one that can `databricks ssh`. */
export function readVersion({ code, stdout, stderr }: Printed, path: string): Tried & { readonly version?: string } {
  const version = cliVersion(stdout || stderr);
  if (code !== 0 || version === undefined)
    return notHere(
      `${path} on this worker tells no version, as the databricks CLI would; ${OLDEST_CLI} or later is needed`,
    );
  if (!hasSsh(version.replace(/[-+].*/, '')))
    return notHere(`${path} on this worker is ${version}, which knows no databricks ssh; ${OLDEST_CLI} or later does`);
  return { state: 'passed', said: `${version}, and ssh`, version };
}

/** The CLI as it is run here: bounded, and in a home of its own. */
export class Cli {
  readonly #path: string;
  readonly #home: OwnHome;
  readonly #releases: string | undefined;
  readonly #signal: AbortSignal;
  readonly #clean: (text: string) => string;
  credentials: Readonly<Record<string, string>> = {};

  /** @param clean takes secrets out of what it prints. */
  constructor({
    path,
    home,
    releases,
    signal,
    clean,
  }: {
    path: string;
    home: OwnHome;
    releases: string | undefined;
    signal: AbortSignal;
    clean: (text: string) => string;
  }) {
    this.#path = path;
    this.#home = home;
    this.#releases = releases;
    this.#signal = signal;
    this.#clean = clean;
  }

  async run(args: readonly string[], limitMs: number, onStderr?: (text: string) => void): Promise<Printed> {
    const { folder, env } = this.#home;
    const ended = await runBounded(this.#path, args, {
      env: { ...env, ...this.credentials },
      cwd: folder,
      limitMs,
      signal: this.#signal,
      ...(onStderr ? { onStderr } : {}),
    });
    return { ...ended, stdout: this.#clean(ended.stdout), stderr: this.#clean(ended.stderr) };
  }

  /** A command on the cluster, through the tunnel. It must run already: a check starts nothing. */
  onCluster(clusterId: string, command: string, limitMs: number, onStderr?: (text: string) => void): Promise<Printed> {
    return this.run(
      [
        'ssh',
        'connect',
        '--cluster',
        clusterId,
        '--auto-start-cluster=false',
        '--user-known-hosts-file',
        this.#home.knownHosts,
        ...(this.#releases ? ['--releases-dir', this.#releases] : []),
        '--',
        command,
      ],
      limitMs,
      onStderr,
    );
  }
}
