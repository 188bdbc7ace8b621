import { invalidParameter } from '../http/errors.ts';
import { queryInteger } from '../http/request-body.ts';

const DEFAULT_PAGE = 20;

interface Ordered {
  /** Order of creation. */
  readonly order: number;
}

export interface Page<T> {
  readonly entries: readonly T[];
  /** What a client reads to go on; a token is left out where there is nothing. */
  readonly links: { readonly has_more: boolean; readonly next_page_token?: string; readonly prev_page_token?: string };
}

/**
 * One page of runs, newest first, cut by the one last seen so that new ones shift nothing. `limit` 0 means the most;
 * `offset` is the deprecated way.
 * @param all oldest first.
 */
export function jobPage<T extends Ordered>(all: readonly T[], query: URLSearchParams, mostPerPage: number): Page<T> {
  const limit = queryInteger(query, 'limit', 0, mostPerPage) ?? DEFAULT_PAGE;
  const size = limit === 0 ? mostPerPage : limit;
  const cursor = readCursor(query.get('page_token'));
  const offset = queryInteger(query, 'offset', 0, 10_000) ?? 0;
  const newest = all.toReversed();
  const found =
    cursor === undefined
      ? offset
      : newest.findIndex(({ order }) => (cursor.way === 'next' ? order < cursor.order : order <= cursor.order));
  const edge = found < 0 ? newest.length : found;
  const from = cursor?.way === 'previous' ? Math.max(0, edge - size) : edge;
  const entries = newest.slice(from, from + size);
  const [first] = entries;
  const last = entries.at(-1);
  const hasMore = last !== undefined && from + size < newest.length;
  return {
    entries,
    links: {
      has_more: hasMore,
      ...(hasMore ? { next_page_token: writeCursor('next', last) } : {}),
      ...(first && from > 0 ? { prev_page_token: writeCursor('previous', first) } : {}),
    },
  };
}

const writeCursor = (way: 'next' | 'previous', { order }: Ordered): string =>
  Buffer.from(`${way}/${order}`).toString('base64url');

function readCursor(token: string | null): { readonly way: string; readonly order: number } | undefined {
  if (token === null || token === '') return undefined;
  const [, way, order] = /^(next|previous)\/(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (way === undefined) throw invalidParameter('Invalid page token.');
  return { way, order: Number(order) };
}
