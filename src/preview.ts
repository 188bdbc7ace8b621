// What can be learnt of a workspace by reading only, before a workshop or without one.
import { z } from 'zod';
import { countApps } from './activities/setup/app-room.ts';
import { appsWanted, judgeAppRoom, type AppRoom } from './domain/replayed/capacity/app-room.ts';
import type { Plan } from './domain/plan/plan.ts';
import { CLUSTER_TAGS, NAME_PREFIX, POOL_TAGS } from './domain/replayed/made/cluster-spec.ts';
import { DatabricksError, type Cluster, type Workspace } from './databricks/workspace.ts';

export { readListings } from './activities/people/connections.ts';
export { lookedUp, readDirectory } from './activities/people/directory.ts';
export { claimIn } from './activities/setup/claim.ts';
export { capabilities, type Capability } from './activities/setup/rights.ts';

/** A cluster or pool, named for people. `run` is the run id it carries. */
export interface Found {
  readonly kind: 'cluster' | 'pool';
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly run: string | undefined;
}

/** What carries a workshop's tags, and what only looks like a workshop's. */
export interface Remains {
  readonly ours: readonly Found[];
  /** Named like a workshop's, without this id's tag: stays. */
  readonly strangers: readonly Found[];
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
  const volumes = new Set<string>();
  const sort = (found: Found, id: string | undefined) => {
    if (id === workshopId) ours.push(found);
    else if (found.name.startsWith(NAME_PREFIX)) strangers.push(found);
  };
  for await (const cluster of workspace.clusters.list()) {
    const { cluster_id: id, cluster_name: name = id, state, custom_tags: tags } = cluster;
    if (tags?.[CLUSTER_TAGS.id] === workshopId) for (const volume of volumesOf(cluster)) volumes.add(volume);
    sort({ kind: 'cluster', id, name, state, run: tags?.[CLUSTER_TAGS.run] }, tags?.[CLUSTER_TAGS.id]);
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

const scripts = z.array(z.looseObject({ volumes: z.looseObject({ destination: z.string() }) }));

/** Like `main.default.init_scripts`; of scripts that lie elsewhere nothing. */
function volumesOf({ init_scripts: given }: Cluster): string[] {
  const { data = [] } = scripts.safeParse(given);
  return data.flatMap(({ volumes: { destination } }) => {
    const [, root, catalog, schema, volume] = destination.split('/');
    return root === 'Volumes' && catalog && schema && volume ? [`${catalog}.${schema}.${volume}`] : [];
  });
}
