import type { Cluster } from './cluster-model.ts';
import { clusterView } from './cluster-view.ts';
import { invalidParameter } from '../http/errors.ts';
import { queryInteger } from '../http/request-body.ts';

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;
const STATES = new Set(['PENDING', 'RUNNING', 'RESTARTING', 'RESIZING', 'TERMINATING', 'TERMINATED', 'ERROR', 'UNKNOWN']);

interface Cursor {
  readonly way: 'next' | 'previous';
  readonly name: string;
  readonly order: number;
}

/**
 * The answer of clusters/list: newest first, in pages cut by the cluster last seen, so that clusters made or removed between
 * two pages neither shift nor repeat the rest. `clusters` is left out when empty; a token of "" means no more (facts/databricks.md
 * section 2).
 * @param visible every cluster the caller may see.
 */
export function listClusters(visible: readonly Cluster[], query: URLSearchParams): unknown {
  const size = Math.min(queryInteger(query, 'page_size', 0, 1_000_000) || DEFAULT_PAGE, LARGEST_PAGE);
  const compare = ordering(query);
  const matching = visible.filter(matcher(query)).sort(compare);
  const cursor = readCursor(query.get('page_token'));

  let from = 0;
  if (cursor?.way === 'next') from = firstAfter(matching, cursor, compare);
  if (cursor?.way === 'previous') from = Math.max(0, matching.findIndex((cluster) => compare(cluster, asCluster(cursor)) >= 0) - size);
  const page = matching.slice(from, from + size);
  const first = page[0];
  const last = page.at(-1);
  return {
    ...(page.length > 0 ? { clusters: page.map(clusterView) } : {}),
    next_page_token: last && from + size < matching.length ? writeCursor('next', last) : '',
    prev_page_token: first && from > 0 ? writeCursor('previous', first) : '',
  };
}

function matcher(query: URLSearchParams): (cluster: Cluster) => boolean {
  const known = ['filter_by.cluster_states', 'filter_by.cluster_sources', 'filter_by.policy_id', 'filter_by.is_pinned'];
  for (const name of query.keys()) {
    if (name.startsWith('filter_by.') && !known.includes(name)) throw invalidParameter(`Unknown filter '${name}'. Supported: ${known.join(', ')}`);
  }
  const states = query.getAll('filter_by.cluster_states');
  const wrong = states.find((state) => !STATES.has(state));
  if (wrong !== undefined) throw invalidParameter(`Invalid value for parameter 'filter_by.cluster_states': '${wrong.slice(0, 40)}'`);
  const sources = query.getAll('filter_by.cluster_sources');
  const policy = query.get('filter_by.policy_id');
  const pinned = query.get('filter_by.is_pinned');
  return (cluster) =>
    (states.length === 0 || states.includes(cluster.state)) &&
    (sources.length === 0 || sources.includes('API')) &&
    (!policy || cluster.spec.policy_id === policy) &&
    (pinned === null || (cluster.pinnedBy !== undefined) === (pinned === 'true'));
}

type Order = (a: Cluster, b: Cluster) => number;

function ordering(query: URLSearchParams): Order {
  const field = query.get('sort_by.field') ?? 'DEFAULT';
  const sign = query.get('sort_by.direction') === 'DESC' ? -1 : 1;
  if (field === 'DEFAULT') return (a, b) => sign * (b.order - a.order);
  if (field !== 'CLUSTER_NAME') throw invalidParameter(`Invalid value for parameter 'sort_by.field': '${field.slice(0, 40)}'`);
  return (a, b) => sign * (compareText(a.spec.cluster_name, b.spec.cluster_name) || a.order - b.order);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function firstAfter(sorted: readonly Cluster[], cursor: Cursor, compare: Order): number {
  const index = sorted.findIndex((cluster) => compare(cluster, asCluster(cursor)) > 0);
  return index < 0 ? sorted.length : index;
}

/** Just enough of a cluster to be compared: the one a cursor points at may be gone. */
const asCluster = (cursor: Cursor): Cluster => ({ order: cursor.order, spec: { cluster_name: cursor.name } }) as Cluster;

const writeCursor = (way: Cursor['way'], { order, spec }: Cluster): string => Buffer.from(JSON.stringify([way, order, spec.cluster_name])).toString('base64url');

function readCursor(token: string | null): Cursor | undefined {
  if (token === null || token === '') return undefined;
  try {
    const [way, order, name] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown, unknown];
    if ((way === 'next' || way === 'previous') && typeof order === 'number' && typeof name === 'string') return { way, order, name };
  } catch {
    // Falls through to the same refusal as any other token that was not made here.
  }
  throw invalidParameter('Invalid page token.');
}
