import { performance } from 'node:perf_hooks';
import { findOnPath } from '../../executable.ts';
import { redact } from '../../databricks/transport/redaction.ts';
import {
  heldBack,
  HOPS,
  type ChainLimits,
  type Hop,
  type HopId,
  type ServerDownload,
  type Tried,
} from '../../domain/replayed/canary/hops.ts';
import {
  ask,
  CONNECTED,
  parseCheck,
  readAnswer,
  readCheck,
  readMe,
  readNoCheck,
  readTunnel,
  WHO_ANSWERS,
  type ClusterRead,
  type TunnelRead,
} from '../../domain/replayed/canary/words.ts';
import { readServerDownload } from '../../domain/replayed/canary/vscode-server.ts';
import type { ActivityDeps } from '../deps.ts';
import { Cli, findCli, readVersion, RELEASES_VARIABLE } from './cli.ts';
import { ownHome } from './own-home.ts';
import { throughProxy } from './through-proxy.ts';
import type { Run } from '../run.ts';
import { whileWanted } from '../clusters/waiting.ts';

export interface ChainRequest {
  readonly clusterId: string;
  /** Whom the cluster is dedicated to: the worker's own identity. */
  readonly userName: string;
  readonly limits: ChainLimits;
}

export interface ChainOutcome {
  readonly hops: readonly Hop[];
  /** The job that starts the SSH server ended instead: whether the cluster can run anything is to be seen. */
  readonly bootstrapFailed?: true;
  /** Whether VS Code's server can be downloaded on the cluster; left out where that could not be seen. */
  readonly serverDownload?: ServerDownload;
}

type Tries = Readonly<Record<HopId, () => Promise<Tried & { readonly ms?: number }>>>;

/** From the worker to an answer of Claude Code on one cluster, with the parts that an attendee uses. */
export const canaryChainActivities = ({ workspace, closing, env }: ActivityDeps) => ({
  /**
   * Tries each hop by itself: what fails keeps only those from being tried that need it. Nothing of the worker's own
   * ssh and CLI settings is read or written, and what this leaves in the workspace (keys, and the SSH server's folder)
   * is removed again.
   */
  tryChain(_run: Run, { clusterId, userName, limits }: ChainRequest): Promise<ChainOutcome> {
    return whileWanted(closing, async (signal) => {
      const ssh = findOnPath('ssh', env['PATH']);
      const found = findCli(env, ssh);
      const home = await ownHome(env, ssh);
      const cli = new Cli({
        path: 'path' in found ? found.path : '',
        home,
        releases: env[RELEASES_VARIABLE],
        signal,
        clean: (text) => redact(text, secretsIn(cli.credentials)),
      });
      const deadline = performance.now() + limits.whole;
      const within = (ms: number) => Math.max(1, Math.min(ms, deadline - performance.now()));
      let version: string | undefined;
      let tunnel: (TunnelRead & { readonly sshdMs: number }) | undefined;
      let checked: Promise<ClusterRead> | undefined;
      const check = () =>
        (checked ??= cli.onCluster(clusterId, 'check-claude --json', within(limits.hop)).then((printed) => {
          const report = parseCheck(printed.stdout);
          return report ? readCheck(report, userName) : readNoCheck(printed);
        }));

      const tries: Tries = {
        async cli() {
          if ('tried' in found) return found.tried;
          const tried = readVersion(await cli.run(['--version'], within(limits.hop)), found.path);
          version = tried.version;
          return tried;
        },
        proxy: () => throughProxy(workspace.host, env, within(limits.hop), signal),
        async api() {
          try {
            cli.credentials = await workspace.cliEnvironment({ signal });
          } catch (error) {
            return {
              state: 'failed',
              said: `the worker cannot sign in: ${(error as Error).message}`.slice(0, 300),
              hint: "Renew the worker's credentials and restart the worker.",
            };
          }
          return readMe(await cli.run(['current-user', 'me', '--output', 'json'], within(limits.hop)), userName);
        },
        async tunnel() {
          const began = performance.now();
          let connected: number | undefined;
          const printed = await cli.onCluster(clusterId, WHO_ANSWERS, within(limits.tunnel), (text) => {
            if (text.includes(CONNECTED)) connected ??= performance.now();
          });
          tunnel = { ...readTunnel(printed), sshdMs: connected === undefined ? 0 : performance.now() - connected };
          return { ...tunnel.tunnel, ms: (connected ?? performance.now()) - began };
        },
        sshd: async () => ({ ...(tunnel?.sshd ?? nothing), ms: tunnel?.sshdMs ?? 0 }),
        binary: async () => (await check()).binary,
        token: async () => (await check()).token,
        endpoint: async () => (await check()).endpoint,
        async claude() {
          const limitMs = within(limits.hop);
          return readAnswer(await cli.onCluster(clusterId, ask(limitMs), limitMs));
        },
      };
      try {
        const hops: Hop[] = [];
        for (const id of HOPS) {
          hops.push(heldBack(id, hops) ?? (await timed(id, tries[id])));
          signal.throwIfAborted();
        }
        const serverDownload = hops.some(({ id, state }) => id === 'sshd' && state === 'passed')
          ? readServerDownload(await cli.onCluster(clusterId, 'claude-vscode-check --json', within(limits.hop)))
          : undefined;
        return {
          hops,
          ...(tunnel?.bootstrapFailed ? { bootstrapFailed: true } : {}),
          ...(serverDownload ? { serverDownload } : {}),
        };
      } finally {
        if (tunnel && !signal.aborted)
          await tidyUp(cli, { clusterId, userName, version: version ?? '', limitMs: limits.hop });
        await home.remove();
      }
    });
  },
});

const nothing: Tried = { state: 'not tried', said: 'nobody answered' };

async function timed(id: HopId, attempt: Tries[HopId]): Promise<Hop> {
  const began = performance.now();
  const { ms, ...tried } = await attempt();
  // What took no time at all was told before.
  return { id, ms: Math.round(ms ?? performance.now() - began), ...onlyTried(tried) };
}

/** Without what only the chain itself needs: this goes into the history. */
function onlyTried(tried: Tried): Tried {
  if (tried.state === 'failed') return { state: tried.state, said: tried.said, hint: tried.hint };
  if (tried.state === 'passed') return { state: tried.state, said: tried.said };
  return { state: tried.state, said: tried.said, ...(tried.forAPerson ? { forAPerson: true } : {}) };
}

/** All but the address and the way of signing in. */
const secretsIn = (credentials: Readonly<Record<string, string>>): string[] =>
  Object.entries(credentials)
    .filter(([name]) => /TOKEN|SECRET|PASSWORD|CREDENTIALS/.test(name))
    .map(([, value]) => value);

/**
 * The keys and the folder that `databricks ssh` made for this cluster, which nobody needs when it has gone. What cannot
 * be removed stays: it opens nothing.
 */
async function tidyUp(
  cli: Cli,
  { clusterId, userName, version, limitMs }: { clusterId: string; userName: string; version: string; limitMs: number },
): Promise<void> {
  await Promise.all([
    cli.run(['secrets', 'delete-scope', `${userName}-${clusterId}-ssh-tunnel-keys`], limitMs),
    cli.run(
      [
        'workspace',
        'delete',
        '--recursive',
        `/Workspace/Users/${userName}/.databricks/ssh-tunnel/${version}/${clusterId}`,
      ],
      limitMs,
    ),
  ]);
}
