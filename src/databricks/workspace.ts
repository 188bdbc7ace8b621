import { Authentication } from './sign-in/authentication.ts';
import { cliEnvironment } from './sign-in/cli-environment.ts';
import { apps, type Apps } from './calls/apps.ts';
import { clusterPolicies, type ClusterPolicies } from './calls/cluster-policies.ts';
import { clusters, type Clusters } from './calls/clusters.ts';
import { files, type Files } from './calls/files.ts';
import { instancePools, type InstancePools } from './calls/instance-pools.ts';
import { jobs, type Jobs } from './calls/jobs.ts';
import { DEFAULT_TIMEOUTS, openConnections, type Timeouts } from './transport/network.ts';
import { permissions, type Permissions } from './calls/permissions.ts';
import { launchRateFor, type LaunchRate } from './transport/launch-rate.ts';
import { rateFor } from './transport/rate.ts';
import { directory, type Directory } from './calls/scim.ts';
import { servingEndpoints, type ServingEndpoints } from './calls/serving-endpoints.ts';
import { settle } from './sign-in/settings.ts';
import { signInWith } from './sign-in/sign-in.ts';
import { Transport, type CallOptions, type TransportParts } from './transport/transport.ts';
import { unityCatalog, type UnityCatalog } from './calls/unity-catalog.ts';

export { meansClusterIsGone } from './calls/clusters.ts';
export type { Cluster, ClusterEvent, ClusterSpec, ClusterState, TerminationReason } from './calls/clusters.ts';
export {
  ConnectError,
  DatabricksError,
  meansAlreadyExists,
  meansNotFound,
  UnreachableError,
} from './transport/errors.ts';
export type { InstancePool } from './calls/instance-pools.ts';
export type { App } from './calls/apps.ts';
export { isOver } from './calls/jobs.ts';
export type { JobRun } from './calls/jobs.ts';
export type { AccessControlList, PermissionLevel } from './calls/permissions.ts';
export type { CurrentUser, ScimGroup, ScimUser } from './calls/scim.ts';
export type { Addressed, MessagesAnswer, ServingEndpoint } from './calls/serving-endpoints.ts';
export type { Catalog, SecurableType } from './calls/unity-catalog.ts';

export interface ConnectOptions {
  readonly host?: string | undefined;
  /** With a token, nothing but host and token is consulted. */
  readonly token?: string | undefined;
  /** With a profile, credentials in `env` are not consulted. */
  readonly profile?: string | undefined;
  /** Credentials and proxies in the usual variables; `{}` stands for nothing ambient at all. */
  readonly env: NodeJS.ProcessEnv;
  /** For this process and workspace together, 10 unless said otherwise. */
  readonly requestsPerSecond?: number | undefined;
  /** How long one 429 keeps the rate halved, in milliseconds; 30 seconds unless said otherwise. */
  readonly slowForMs?: number | undefined;
  /** Whoever would launch a node and has no turn for so long is refused with 429 PAUSED, and told when to come back. */
  readonly launchTurnMs?: number | undefined;
  /** How many times faster than a real one the workspace's clock runs; 1 unless said otherwise. */
  readonly speed?: number | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** PEM of a certificate authority to trust besides the usual ones. */
  readonly ca?: string | undefined;
  /** How the workspace's logs name the caller. */
  readonly product?: TransportParts['product'] | undefined;
}

/**
 * A workspace, with just the calls a workshop makes, named as Databricks names them. Every call may be given a signal
 * last.
 */
export interface Workspace extends Directory, UnityCatalog {
  /** Like `https://adb-123.4.azuredatabricks.net`, without a slash at the end. */
  readonly host: string;
  readonly clusters: Clusters;
  readonly instancePools: InstancePools;
  readonly clusterPolicies: ClusterPolicies;
  readonly permissions: Permissions;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly servingEndpoints: ServingEndpoints;
  readonly apps: Apps;
  /** What this process has learnt of how many nodes may be launched. */
  readonly launches: Pick<LaunchRate, 'learnt' | 'begin'>;
  /** Environment variables that make a `databricks` CLI the same caller: address and credentials, never to be shown. */
  cliEnvironment(options?: CallOptions): Promise<Readonly<Record<string, string>>>;
  /** Lets go of open connections. Without it they close on their own and keep no process alive. */
  close(): Promise<void>;
}

/**
 * Connects to a workspace. Nothing is sent before the first call. No call is repeated, except once after
 * a refused token with a new one: repeating is for the workflow engine, which knows what is safe to repeat.
 * @throws {ConnectError} when host or credentials are missing or contradict each other.
 */
export function connectWorkspace(options: ConnectOptions): Workspace {
  const { host, config } = settle(options);
  const timeouts: Timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const connections = openConnections(options.env, timeouts, options.ca);
  const authentication = new Authentication(() => signInWith(config, connections));
  const launchRate = launchRateFor(host, { longestTurnMs: options.launchTurnMs, speed: options.speed });
  const transport = new Transport({
    host,
    connections,
    timeouts,
    authentication,
    rate: rateFor(host, options),
    launchRate,
    product: options.product ?? { name: 'databricks-workshop', version: '0.2.0' },
  });
  return {
    host,
    ...directory(transport, host),
    ...unityCatalog(transport),
    clusters: clusters(transport),
    instancePools: instancePools(transport),
    clusterPolicies: clusterPolicies(transport),
    permissions: permissions(transport),
    jobs: jobs(transport),
    files: files(transport),
    servingEndpoints: servingEndpoints(transport),
    apps: apps(transport),
    launches: launchRate,
    cliEnvironment: async ({ signal } = {}) =>
      cliEnvironment(host, (await authentication.prove('databricks CLI', signal)).headers, options.env),
    close: () => connections.destroy(),
  };
}
