import type { Workspace } from '../../databricks/workspace.ts';
import type { OwnMachine } from '../../domain/papers/apps-in-report.ts';
import { CLUSTER_TAGS } from '../../domain/replayed/made/cluster-spec.ts';

/**
 * Clusters that one of these people made for themselves since then, as the policy Personal Compute lets everybody
 * (docs/facts/databricks.md section 8): none that a workshop made, and none that a job brings along and takes away.
 * Only read.
 * @param since epoch milliseconds
 */
export async function ownMachines(
  { clusters }: Pick<Workspace, 'clusters'>,
  emails: readonly string[],
  since: number,
): Promise<OwnMachine[]> {
  const people = new Set(emails.map((email) => email.toLowerCase()));
  const found: OwnMachine[] = [];
  for await (const cluster of clusters.list()) {
    const { cluster_id: id, cluster_name: name = id, creator_user_name: creator = '', state } = cluster;
    const { start_time: madeAt = 0, cluster_source: source, custom_tags: tags } = cluster;
    const isOwn = source !== 'JOB' && tags?.[CLUSTER_TAGS.id] === undefined && madeAt >= since;
    if (isOwn && people.has(creator.toLowerCase())) found.push({ name, id, creator, state });
  }
  return found;
}
