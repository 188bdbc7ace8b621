// What can be learnt of a workspace by reading only, before a workshop or without one.
import { z } from 'zod';
import { countApps } from './activities/setup/app-room.ts';
import { appsWanted, judgeAppRoom, type AppRoom } from './domain/replayed/capacity/app-room.ts';
import type { Plan } from './domain/plan/plan.ts';
import { CLUSTER_TAGS, NAME_PREFIX, POOL_TAGS } from './domain/replayed/made/cluster-spec.ts';
import { DatabricksError, type Cluster, type Workspace } from './databricks/workspace.ts';

export { appsOf } from './activities/ending/people-apps.ts';
export { readListings } from './activities/people/connections.ts';
export { lookedUp, readDirectory } from './activities/people/directory.ts';
export { claimIn } from './activities/setup/claim.ts';
export type { Capability } from './activities/setup/capability.ts';
export { capabilities } from './activities/setup/rights.ts';

/** A cluster or pool, named for people. `run` is the run id it carries. */
export interface Found {
  readonly kind: 'cluster' | 'pool';
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly run: string | undefined;
}

/** A cluster that somebody made for themselves. */
export interface OwnCluster extends Found {
  readonly by: string;
}

/** What carries a workshop's tags, and what only looks like a workshop's. */
export interface Remains {
  readonly ours: readonly Found[];
  /** Named like a workshop's, without this id's tag: stays. */
  readonly strangers: readonly Found[];
  /**
   * Made by the people of `ours` for themselves, since the first of these was made: stays. Without the clusters that
   * a run of theirs brings along, which go by themselves.
   */
  readonly theirs: readonly OwnCluster[];
  /** The run ids among `ours`, each once. */
  readonly runs: readonly string[];
  /** The volumes that the scripts of `ours` lie in: there is their claim, too. */
  readonly volumes: readonly string[];
}

/**
 * Lists the whole workspace: no filter of the server's could be trusted to find everything
 * (docs/facts/databricks.md section 2). Reads only.
 */
export async function remainsOf(
  workspace: Pick<Workspace, 'clusters' | 'instancePools'>,
  workshopId: string,
): Promise<Remains> {
  const ours: Found[] = [];
  const strangers: Found[] = [];
  const others: { readonly found: OwnCluster; readonly madeAt: number }[] = [];
  const people = new Set<string>();
  let began = Number.POSITIVE_INFINITY;
  const volumes = new Set<string>();
  const sort = (found: Found, id: string | undefined) => {
    if (id === workshopId) ours.push(found);
    else if (found.name.startsWith(NAME_PREFIX)) strangers.push(found);
  };
  for await (const cluster of workspace.clusters.list()) {
    const { cluster_id: id, cluster_name: name = id, state, custom_tags: tags } = cluster;
    const { start_time: madeAt = 0, creator_user_name: by = '', single_user_name: person = '' } = cluster;
    const found = { kind: 'cluster', id, name, state, run: tags?.[CLUSTER_TAGS.run] } as const;
    if (tags?.[CLUSTER_TAGS.id] === workshopId) {
      for (const volume of volumesOf(cluster)) volumes.add(volume);
      people.add(person.toLowerCase());
      began = Math.min(began, madeAt);
    } else if (!name.startsWith(NAME_PREFIX) && cluster.cluster_source !== 'JOB')
      others.push({ found: { ...found, by }, madeAt });
    sort(found, tags?.[CLUSTER_TAGS.id]);
  }
  for await (const {
    instance_pool_id: id,
    instance_pool_name: name = id,
    state = 'UNKNOWN',
    custom_tags: tags,
  } of workspace.instancePools.list()) {
    if (state === 'DELETED') continue;
    const volume = tags?.[POOL_TAGS.id] === workshopId ? tags[POOL_TAGS.scripts] : undefined;
    if (volume !== undefined) volumes.add(volume);
    sort({ kind: 'pool', id, name, state, run: tags?.[POOL_TAGS.run] }, tags?.[POOL_TAGS.id]);
  }
  return {
    ours,
    strangers,
    theirs: others
      .filter(({ found, madeAt }) => people.has(found.by.toLowerCase()) && madeAt >= began)
      .map(({ found }) => found),
    runs: [...new Set(ours.flatMap(({ run }) => (run === undefined ? [] : [run])))],
    volumes: [...volumes],
  };
}

/**
 * Whether people's apps fit beside those that are there. Undefined where a workspace has none, or does not show them:
 * then only the number of places is known.
 */
export async function appRoomIn(
  workspace: Pick<Workspace, 'apps'>,
  plan: Plan,
  people: number,
): Promise<AppRoom | undefined> {
  if (appsWanted(plan.apps, people) === 0) return undefined;
  try {
    return judgeAppRoom(plan, people, await countApps(workspace));
  } catch (error) {
    if (error instanceof DatabricksError) return undefined;
    throw error;
  }
}

/**
 * The names of the endpoints with a Claude in them that answer, as far as the workspace says; undefined where it does
 * not show its endpoints.
 */
export async function claudeModelsIn({
  servingEndpoints,
}: Pick<Workspace, 'servingEndpoints'>): Promise<string[] | undefined> {
  try {
    const endpoints = await servingEndpoints.list();
    return endpoints
      .filter(({ name, state }) => /claude/i.test(name) && (state?.ready ?? 'READY') === 'READY')
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof DatabricksError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

/** The runtimes of a workspace; undefined where it does not say. */
export async function runtimesOf({ clusters }: Pick<Workspace, 'clusters'>): Promise<string[] | undefined> {
  try {
    return await clusters.sparkVersions();
  } catch (error) {
    if (error instanceof DatabricksError) return undefined;
    throw error;
  }
}

/** Databricks' own policy for a machine of one's own. */
const PERSONAL_COMPUTE = 'personal-vm';

/**
 * Whether attendees can make machines of their own under the policy Personal Compute, past the workshop's policy, pool
 * and budget; `perhaps` where its permissions do not tell, undefined where there is no such policy to be seen
 * (docs/facts/databricks.md section 8).
 */
export async function ownMachinesIn(
  workspace: Pick<Workspace, 'clusterPolicies' | 'permissions'>,
): Promise<'everybody' | 'perhaps' | undefined> {
  let isThere = false;
  try {
    for await (const { policy_id, policy_family_id } of workspace.clusterPolicies.list()) {
      if (policy_family_id !== PERSONAL_COMPUTE) continue;
      isThere = true;
      const { access_control_list: held } = await workspace.permissions.get('cluster-policies', policy_id);
      if (held.some(({ group_name }) => group_name === 'users')) return 'everybody';
    }
  } catch (error) {
    if (!(error instanceof DatabricksError)) throw error;
  }
  return isThere ? 'perhaps' : undefined;
}

const scripts = z.array(z.looseObject({ volumes: z.looseObject({ destination: z.string() }) }));

/** Like `main.default.init_scripts`; of scripts that lie elsewhere nothing. */
function volumesOf({ init_scripts: given }: Cluster): string[] {
  const { data = [] } = scripts.safeParse(given);
  return data.flatMap(({ volumes: { destination } }) => {
    const [, root, catalog, schema, volume] = destination.split('/');
    return root === 'Volumes' && catalog && schema && volume ? [`${catalog}.${schema}.${volume}`] : [];
  });
}
