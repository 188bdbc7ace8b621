import { INIT_LOG } from '../../../domain/logs/init-log.ts';
import { DatabricksError, UnreachableError, meansClusterIsGone } from '../../../databricks/workspace.ts';
import type { Cluster, ClusterEvent, Workspace } from '../../../databricks/workspace.ts';
import { NoAnswer } from '../../../temporal/client-errors.ts';
import { WrongInput } from '../../input/exit.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';
import type { ClusterEvidence } from '../../../domain/verdict/cluster-evidence.ts';

const EVENTS_SHOWN = 8;
const LOG_LINES = 8;

/** For whoever asks again and again: without credentials it says so, and asks nobody. */
export const evidenceFor =
  (env: NodeJS.ProcessEnv) =>
  async (host: string, clusterId: string): Promise<ClusterEvidence> =>
    hasCredentials(env) ? clusterEvidence(host, clusterId, env) : { events: [], missing: [NO_CREDENTIALS] };

const NO_CREDENTIALS =
  "Its events and its init log were not read: this needs the workspace's credentials in the environment, as for " +
  '"bin/workshop plan".';

/** What the workspace says of a cluster, read with the credentials of an environment. It never fails: it says why. */
export async function clusterEvidence(host: string, clusterId: string, env = process.env): Promise<ClusterEvidence> {
  try {
    return await withWorkspace(host, ({ workspace }) => readEvidence(workspace, clusterId), env);
  } catch (error) {
    if (!(error instanceof WrongInput || error instanceof NoAnswer || isTrouble(error))) throw error;
    return { events: [], missing: [`Its events could not be read: ${(error as Error).message}`] };
  }
}

const isTrouble = (error: unknown): boolean => error instanceof DatabricksError || error instanceof UnreachableError;

/** Each part by itself: where one may not be read, the others may. */
export async function readEvidence(
  workspace: Pick<Workspace, 'clusters' | 'files'>,
  clusterId: string,
): Promise<ClusterEvidence> {
  const missing: string[] = [];
  const or = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!isTrouble(error)) throw error;
      missing.push(
        meansClusterIsGone(error)
          ? `${what}: the workspace does not know this cluster any more.`
          : `${what} could not be read: ${(error as Error).message}`,
      );
      return undefined;
    }
  };
  const cluster = await or('The cluster', () => workspace.clusters.get(clusterId));
  const events = await or('Its events', () => newest(workspace, clusterId));
  const folder = cluster && logFolder(cluster);
  const path = folder === undefined ? undefined : `${folder}/${clusterId}/${INIT_LOG}`;
  const log = path === undefined ? undefined : await or('Its init log', () => workspace.files.download(path));
  if (cluster && path === undefined) missing.push('It writes its init log to no volume.');
  if (path !== undefined && log === undefined && missing.length === 0)
    missing.push(`There is no init log yet: ${path}`);
  return {
    ...(cluster ? { state: cluster.state } : {}),
    ...(cluster?.state_message ? { message: cluster.state_message } : {}),
    events: events ?? [],
    ...(path !== undefined && log ? { initLog: { path, lines: lastLines(log.toString('utf8')) } } : {}),
    missing,
  };
}

async function newest(workspace: Pick<Workspace, 'clusters'>, clusterId: string): Promise<ClusterEvidence['events']> {
  const found: ClusterEvidence['events'][number][] = [];
  for await (const event of workspace.clusters.events(clusterId, { order: 'DESC', pageSize: EVENTS_SHOWN })) {
    const said = saidOf(event);
    found.push({ at: event.timestamp, type: event.type, ...(said ? { said } : {}) });
    if (found.length >= EVENTS_SHOWN) break;
  }
  return found.toReversed();
}

/** The reason of an end, and how each init script ended. */
function saidOf({ details }: ClusterEvent): string {
  const { reason, init_scripts: scripts } = details ?? {};
  const ended = [...(scripts?.cluster ?? []), ...(scripts?.global ?? [])].flatMap(({ status, error_message: why }) =>
    status === undefined ? [] : [`init script ${status}${why ? `: ${why}` : ''}`],
  );
  const parameters = Object.values(reason?.parameters ?? {});
  return [...(reason?.code ? [[reason.code, ...parameters].join(': ')] : []), ...ended].join('; ');
}

/** The volume that the cluster delivers its logs to, by its own specification. */
function logFolder(cluster: Cluster): string | undefined {
  const { cluster_log_conf: given } = cluster as { cluster_log_conf?: { volumes?: { destination?: unknown } | null } };
  const folder = given?.volumes?.destination;
  return typeof folder === 'string' && folder.startsWith('/Volumes/') ? folder.replace(/\/+$/, '') : undefined;
}

const lastLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-LOG_LINES);
