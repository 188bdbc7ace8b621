import type { Workspace } from '../../databricks/workspace.ts';
import { INIT_LOG, readInitLog, type InitLog } from '../../domain/logs/init-log.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { isForbidden, lasting } from '../retryable-failures.ts';
import { launchedAt } from './launched-at.ts';

/** How many init scripts succeeded, and what tells so. */
export interface InitScriptEvidence {
  readonly scripts: number;
  readonly seen: 'events' | 'log';
}

const failure = (how: string) =>
  lasting('INIT_SCRIPT', `The init script ended as ${how}`, "Read its log in the logs volume, under the cluster's id.");

async function initLog({ files }: Workspace, plan: Plan, clusterId: string): Promise<InitLog | undefined> {
  const bytes = await files
    .download(volumePath(plan.unityCatalog.logs, clusterId, INIT_LOG))
    .catch((error: unknown) => {
      // Whoever may not read it has the events.
      if (isForbidden(error)) return undefined;
      throw error;
    });
  return bytes && readInitLog(bytes.toString('utf8'));
}

/**
 * Evidence that the init script succeeded: the newest INIT_SCRIPTS_FINISHED event
 * (docs/facts/databricks.md section 3); where events say nothing, the script's own log of this launch, of which it
 * leaves a copy in the logs volume. Undefined: neither says anything yet; events may lag behind the state.
 * @throws non-retryable INIT_SCRIPT when one of them says otherwise
 */
export async function initScriptEvidence(
  workspace: Workspace,
  { clusterId, plan }: { readonly clusterId: string; readonly plan: Plan },
): Promise<InitScriptEvidence | undefined> {
  const { clusters } = workspace;
  for await (const event of clusters.events(clusterId, {
    types: ['INIT_SCRIPTS_FINISHED'],
    order: 'DESC',
    pageSize: 1,
  })) {
    const runs = event.details?.init_scripts?.cluster ?? [];
    const failed = runs.find(({ status }) => status !== 'SUCCEEDED');
    if (failed) {
      const log = await initLog(workspace, plan, clusterId);
      const message = (failed.error_message ?? 'no message').slice(0, 300);
      const inLog = log && !log.done ? `; its log: ${log.said}` : '';
      throw failure(`${failed.status ?? 'unknown'}: ${message}${inLog}`);
    }
    return { scripts: runs.length, seen: 'events' };
  }
  const log = await initLog(workspace, plan, clusterId);
  // The workspace's own time of the launch: our clock may be apart from it.
  const launch = log && launchedAt(await clusters.get(clusterId));
  if (log === undefined || log.at < (launch ?? 0)) return undefined;
  if (log.done) return { scripts: 1, seen: 'log' };
  if (log.said.startsWith('FAILED')) throw failure(log.said);
  return undefined;
}
