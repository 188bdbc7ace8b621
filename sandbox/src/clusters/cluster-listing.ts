import type { Cluster } from './cluster-model.ts';
import { clusterView } from './cluster-view.ts';
import { placeOf } from './clusters-by-name.ts';
import type { ClustersByName, Place } from './clusters-by-name.ts';
import { invalidParameter } from '../http/errors.ts';
import { queryInteger } from '../http/request-body.ts';

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;
const STATES = new Set([
  'PENDING',
  'RUNNING',
  'RESTARTING',
  'RESIZING',
  'TERMINATING',
  'TERMINATED',
  'ERROR',
  'UNKNOWN',
]);
const SOURCES = new Set(['API', 'JOB', 'MODELS', 'PIPELINE', 'PIPELINE_MAINTENANCE', 'SQL', 'UI']);
const FILTERS = ['filter_by.cluster_states', 'filter_by.cluster_sources', 'filter_by.policy_id', 'filter_by.is_pinned'];
const FIELDS = ['DEFAULT', 'CLUSTER_NAME'];

/** Where a page ended or began. */
interface Cursor extends Place {
  readonly way: 'next' | 'previous';
  readonly shelf: number;
}

type Accepts = (cluster: Cluster) => boolean;

/**
 * The answer of clusters/list in pages cut by the cluster last seen, so that clusters made or removed between two
 * pages neither shift nor repeat the rest. `clusters` is left out when empty; a token of "" means no more
 * (docs/facts/databricks.md section 2). The default order is by state, then pinned or not, then name, as the Python SDK
 * documents it; of states only active and terminated are told apart, because which comes first is documented nowhere.
 * @param mayShow whether the caller may see a cluster at all.
 */
export function listClusters(clusters: ClustersByName, mayShow: Accepts, query: URLSearchParams): unknown {
  const size = Math.min(queryInteger(query, 'page_size', 0, 1_000_000) || DEFAULT_PAGE, LARGEST_PAGE);
  const walk = ordering(clusters, query);
  const matches = matcher(query);
  const accepts: Accepts = (cluster) => matches(cluster) && mayShow(cluster);
  const cursor = readCursor(query.get('page_token'));
  const isBack = cursor?.way === 'previous';
  const found = take(walk(isBack ? -1 : 1, cursor), accepts, size + 1);
  const hasMore = found.length > size;
  const page = found.slice(0, size);
  if (isBack) page.reverse();
  const first = page[0];
  const last = page.at(-1);
  const hasNext = isBack
    ? last !== undefined && take(walk(1, cursorAt('next', last, query)), accepts, 1).length > 0
    : hasMore;
  const hasPrevious = isBack
    ? hasMore
    : cursor !== undefined &&
      first !== undefined &&
      take(walk(-1, cursorAt('previous', first, query)), accepts, 1).length > 0;
  return {
    ...(page.length > 0 ? { clusters: page.map(clusterView) } : {}),
    next_page_token: last && hasNext ? writeCursor(cursorAt('next', last, query)) : '',
    prev_page_token: first && hasPrevious ? writeCursor(cursorAt('previous', first, query)) : '',
  };
}

/** The answer of API 2.0 to a request that does not ask for pages: all that there is. */
export function listAllClusters(clusters: ClustersByName, mayShow: Accepts, query: URLSearchParams): unknown {
  const matches = matcher(query);
  const all = take(
    ordering(clusters, query)(1, undefined),
    (cluster) => matches(cluster) && mayShow(cluster),
    Number.POSITIVE_INFINITY,
  );
  return all.length > 0 ? { clusters: all.map(clusterView) } : {};
}

function take(clusters: Iterable<Cluster>, accepts: Accepts, most: number): Cluster[] {
  const taken: Cluster[] = [];
  for (const cluster of clusters) {
    if (accepts(cluster) && taken.push(cluster) >= most) break;
  }
  return taken;
}

function matcher(query: URLSearchParams): Accepts {
  for (const name of query.keys()) {
    if (name.startsWith('filter_by.') && !FILTERS.includes(name))
      throw invalidParameter(`Unknown filter '${name.slice(0, 80)}'. Supported: ${FILTERS.join(', ')}`);
  }
  const states = chosen(query, 'filter_by.cluster_states', STATES);
  const sources = chosen(query, 'filter_by.cluster_sources', SOURCES);
  const policy = query.get('filter_by.policy_id');
  // The Python SDK writes True.
  const pinned = oneOf(query, 'filter_by.is_pinned', ['true', 'false', 'True', 'False'])?.toLowerCase();
  return (cluster) =>
    (states.length === 0 || states.includes(cluster.state)) &&
    (sources.length === 0 || sources.includes(cluster.source)) &&
    (!policy || cluster.spec.policy_id === policy) &&
    (pinned === undefined || (cluster.pinnedBy !== undefined) === (pinned === 'true'));
}

function chosen(query: URLSearchParams, name: string, known: ReadonlySet<string>): string[] {
  const given = query.getAll(name).filter((value) => value !== '');
  const wrong = given.find((value) => !known.has(value));
  if (wrong !== undefined) throw invalidParameter(`Invalid value for parameter '${name}': '${wrong.slice(0, 40)}'`);
  return given;
}

function oneOf(query: URLSearchParams, name: string, known: readonly string[]): string | undefined {
  const given = query.get(name);
  if (given === null || given === '') return undefined;
  if (!known.includes(given)) throw invalidParameter(`Invalid value for parameter '${name}': '${given.slice(0, 40)}'`);
  return given;
}

/** Goes through the clusters in the order asked for, or against it, from a cursor on. */
function ordering(
  clusters: ClustersByName,
  query: URLSearchParams,
): (way: 1 | -1, cursor: Cursor | undefined) => Iterable<Cluster> {
  const sign = oneOf(query, 'sort_by.direction', ['ASC', 'DESC']) === 'DESC' ? -1 : 1;
  const shelves = byShelf(query) ? [0, 1, 2, 3] : [0];
  return function* (way, cursor) {
    const isUp = sign * way === 1;
    const inOrder = isUp ? shelves : shelves.toReversed();
    const began = cursor ? inOrder.indexOf(cursor.shelf) : 0;
    for (const shelf of inOrder.slice(Math.max(0, began))) {
      const from = cursor?.shelf === shelf ? cursor : undefined;
      for (const cluster of isUp ? clusters.upwards(from) : clusters.downwards(from)) {
        if (shelves.length === 1 || shelfOf(cluster) === shelf) yield cluster;
      }
    }
  };
}

const byShelf = (query: URLSearchParams): boolean => (oneOf(query, 'sort_by.field', FIELDS) ?? 'DEFAULT') === 'DEFAULT';

/** The default order goes by this before it goes by name. */
const shelfOf = (cluster: Cluster): number =>
  (cluster.state === 'TERMINATED' ? 2 : 0) + (cluster.pinnedBy === undefined ? 1 : 0);

const cursorAt = (way: Cursor['way'], cluster: Cluster, query: URLSearchParams): Cursor => ({
  way,
  shelf: byShelf(query) ? shelfOf(cluster) : 0,
  ...placeOf(cluster),
});

const writeCursor = ({ way, shelf, order, name }: Cursor): string =>
  Buffer.from(JSON.stringify([way, shelf, order, name])).toString('base64url');

function readCursor(token: string | null): Cursor | undefined {
  if (token === null || token === '') return undefined;
  try {
    const [way, shelf, order, name] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (
      (way === 'next' || way === 'previous') &&
      typeof shelf === 'number' &&
      typeof order === 'number' &&
      typeof name === 'string'
    )
      return { way, shelf, order, name };
  } catch {
    // Falls through to the same refusal as any other token that was not made here.
  }
  throw invalidParameter('Invalid page token.');
}
