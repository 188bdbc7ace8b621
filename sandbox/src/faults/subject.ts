import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { Asked } from '../http/perform.ts';
import { parseJson } from '../http/request-bytes.ts';
import type { Fault } from './fault.ts';
import { fitsAny } from './glob.ts';

/** Of a cluster, what a fault can be about. */
interface ClusterSubject {
  readonly person: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a request or a launch is about. */
export interface Subject {
  /** Names the resource the same in every rehearsal, so never by an id. */
  readonly key: string;
  readonly cluster?: ClusterSubject | undefined;
  /** Of a cluster, the pool it takes its nodes from. */
  readonly pool?: string | undefined;
}

/** What of a cluster's specification tells what it is about. */
type SubjectSpec = Pick<ClusterSpec, 'cluster_name' | 'single_user_name' | 'custom_tags'>;

/** Whether a fault is about this; its route is not looked at. */
export function concerns(fault: Fault, subject: Subject): boolean {
  const { cluster: wanted, pool } = fault;
  if (pool && (subject.pool === undefined || !fitsAny(pool.name, subject.pool))) return false;
  if (!wanted) return true;
  const { cluster } = subject;
  if (!cluster) return false;
  // User names are one and the same in whatever case they are written.
  if (
    wanted.person !== undefined &&
    !fitsAny(
      [wanted.person].flat().map((one) => one.toLowerCase()),
      cluster.person.toLowerCase(),
    )
  )
    return false;
  if (wanted.name !== undefined && !fitsAny(wanted.name, cluster.name)) return false;
  return Object.entries(wanted.tag ?? {}).every(
    ([key, pattern]) => cluster.tags[key] !== undefined && fitsAny(pattern, cluster.tags[key]),
  );
}

/**
 * A cluster goes by whom it is dedicated to: its name may differ from one rehearsal to the next. Without anybody, by
 * its name.
 */
export function clusterSubject(spec: SubjectSpec, pool: string | undefined): Subject {
  const person = spec.single_user_name ?? '';
  return {
    key: `cluster ${person.toLowerCase() || spec.cluster_name}`,
    cluster: { person, name: spec.cluster_name, tags: spec.custom_tags ?? {} },
    pool,
  };
}

/** Where a request may name a resource: in this order, the first that leads somewhere counts. */
const NAMING = ['cluster_id', 'existing_cluster_id', 'clusterId', 'id', 'cluster', 'instance_pool_id'];
/** What other resources are named by in a body. */
const NAMES = ['name', 'full_name', 'path', 'scope', 'userName', 'displayName', 'run_name'];
/** Where a page begins says nothing of what is asked for. */
const PAGING = new Set(['page_token', 'startIndex', 'offset']);

/** Where the clusters and pools are found that a request names. */
interface Named {
  readonly clusters: { remembered(id: string): { readonly spec: ClusterSpec } | undefined };
  readonly pools: { find(id: string): { readonly spec: { readonly instance_pool_name: string } } | undefined };
}

/** What a request is about. One that is about no cluster and no pool goes by its caller, path and query. */
export function requestSubject(workspace: Named, asked: Asked): Subject {
  const body = bodyOf(asked);
  const poolName = (id: string | undefined): string | undefined =>
    workspace.pools.find(id ?? '')?.spec.instance_pool_name;
  const task = Array.isArray(body['tasks']) ? fieldsOf(body['tasks'][0]) : {};
  for (const field of NAMING) {
    const id = asked.params[field] ?? asked.query.get(field) ?? textOf(body[field]) ?? textOf(task[field]);
    const cluster = id === undefined ? undefined : workspace.clusters.remembered(id);
    // On edit, whose it is now.
    if (cluster) return clusterSubject(cluster.spec, poolName(cluster.spec.instance_pool_id));
    if (id !== undefined && body['cluster_name'] === undefined) {
      const pool = poolName(id);
      if (pool !== undefined) return { key: `pool ${pool}`, pool };
    }
  }
  const name = textOf(body['cluster_name']);
  const person = textOf(body['single_user_name']);
  if (name !== undefined || person !== undefined)
    return clusterSubject(
      { cluster_name: name ?? '', single_user_name: person, custom_tags: tagsOf(body['custom_tags']) },
      poolName(textOf(body['instance_pool_id'])),
    );
  const pool = textOf(body['instance_pool_name']);
  if (pool !== undefined) return { key: `pool ${pool}`, pool };
  const query = [...asked.query]
    .filter(([key]) => !PAGING.has(key))
    .map((pair) => pair.join('='))
    .sort();
  const named = NAMES.map((field) => textOf(body[field])).find((one) => one !== undefined) ?? '';
  return { key: `${asked.caller?.userName ?? ''} ${asked.rawPath}?${query.join('&')} ${named}` };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const tagsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
  );

/** A body that cannot be read names nothing; the workspace will say what is wrong with it. */
function bodyOf({ route, bytes }: Asked): Readonly<Record<string, unknown>> {
  if (route.body === 'bytes') return {};
  try {
    return fieldsOf(parseJson(bytes));
  } catch {
    return {};
  }
}
