import type { Books, ClusterEntry, Sandbox } from '../../sandbox/index.ts';

/** How a workspace stands, by its own books. */
export interface Standing {
  /** People without a live cluster. */
  readonly without: number;
  /** People whose only cluster they may not start or connect to. */
  readonly notShared: number;
  /** Clusters of people beyond their first, and pools beyond the first. */
  readonly duplicates: number;
  /** Clusters that are not permanently deleted, and pools. */
  readonly left: number;
  /** Of the clusters, those that cost money. */
  readonly leftRunning: number;
  /** Things of another workshop that are gone. */
  readonly othersGone: number;
}

const isUp = ({ state }: ClusterEntry): boolean => !['TERMINATED', 'ERROR'].includes(state);
const MAY_RESTART = /"CAN_(RESTART|MANAGE)"/;

/** What another workshop in the same workspace has: a cluster whose name begins alike. */
export async function addOthers(sandbox: Sandbox, owner: string): Promise<string> {
  const made = await ask(sandbox, 'POST', '/api/2.1/clusters/create', {
    cluster_name: 'claude-code-workshop-of-others',
    kind: 'CLASSIC_PREVIEW',
    is_single_node: true,
    data_security_mode: 'SINGLE_USER',
    single_user_name: owner,
    spark_version: '17.3.x-scala2.13',
    node_type_id: 'Standard_D4ds_v5',
  });
  return (made as { cluster_id: string }).cluster_id;
}

/** @param others ids of clusters that are another workshop's */
export async function standingOf(
  sandbox: Sandbox,
  people: readonly string[],
  others: readonly string[],
): Promise<Standing> {
  const { clusters, pools }: Books = sandbox.books();
  const mine = clusters.filter(({ id, alive }) => alive && !others.includes(id));
  const live = (person: string) => mine.filter(({ singleUser }) => singleUser === person);
  const livePools = pools.filter(({ alive }) => alive).length;
  const have = people.filter((person) => live(person).length > 0);
  const shared = await Promise.all(have.map(async (person) => mayRestart(sandbox, live(person), person)));
  return {
    without: people.length - have.length,
    notShared: shared.filter((may) => !may).length,
    duplicates: have.reduce((sum, person) => sum + live(person).length - 1, 0) + Math.max(0, livePools - 1),
    left: mine.length + livePools,
    leftRunning: mine.filter(isUp).length,
    othersGone: clusters.filter(({ id, alive }) => !alive && others.includes(id)).length,
  };
}

async function mayRestart(sandbox: Sandbox, clusters: readonly ClusterEntry[], person: string): Promise<boolean> {
  for (const { id } of clusters) {
    const acl = (await ask(sandbox, 'GET', `/api/2.0/permissions/clusters/${id}`)) as {
      access_control_list?: { user_name?: string }[];
    };
    const of = acl.access_control_list?.find(({ user_name }) => user_name === person);
    if (MAY_RESTART.test(JSON.stringify(of))) return true;
  }
  return false;
}

async function ask(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(sandbox.url + path, {
    method,
    headers: { authorization: `Bearer ${sandbox.adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
