import { z } from 'zod';
import type { Cluster, ClusterEvent } from './cluster-model.ts';
import { invalidParameter } from '../http/errors.ts';
import { text } from '../http/request-body.ts';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

export const eventsBody = z.object({
  cluster_id: text,
  event_types: z.array(text).default([]),
  order: z.enum(['ASC', 'DESC']).default('DESC'),
  start_time: z.int().optional(),
  end_time: z.int().optional(),
  page_size: z.int().min(0).max(LARGEST_PAGE).optional(),
  page_token: text.optional(),
  /** Deprecated way to page. */
  limit: z.int().min(0).max(LARGEST_PAGE).optional(),
  offset: z.int().min(0).optional(),
});

type EventsRequest = z.output<typeof eventsBody>;

/**
 * The answer of clusters/events: newest first unless asked otherwise (facts/databricks.md section 3). Pages by token are cut by the
 * event last seen; the deprecated offset answers `next_page`, the request to send next.
 */
export function listEvents(cluster: Cluster, asked: EventsRequest): unknown {
  const byOffset = asked.offset !== undefined || asked.limit !== undefined;
  if (byOffset && (asked.page_token !== undefined || asked.page_size !== undefined)) {
    throw invalidParameter('offset and limit cannot be used together with page_token or page_size.');
  }
  if (asked.offset !== undefined && asked.offset > 0 && asked.order === 'DESC' && asked.end_time === undefined) {
    throw invalidParameter('end_time must be specified when offset is used with descending order.');
  }
  const types = new Set(asked.event_types);
  const matching = cluster.events.filter(
    (event) => (types.size === 0 || types.has(event.type)) && event.at >= (asked.start_time ?? 0) && event.at <= (asked.end_time ?? Number.POSITIVE_INFINITY),
  );
  if (asked.order === 'DESC') matching.reverse();

  const size = (byOffset ? asked.limit : asked.page_size) || DEFAULT_PAGE;
  const from = byOffset ? (asked.offset ?? 0) : positionAfter(matching, asked);
  const page = matching.slice(from, from + size);
  const last = page.at(-1);
  const hasMore = last !== undefined && from + size < matching.length;
  return {
    ...(page.length > 0 ? { events: page.map((event) => view(cluster, event)) } : {}),
    ...(hasMore && !byOffset ? { next_page_token: Buffer.from(`e${last.order}`).toString('base64url') } : {}),
    ...(hasMore && byOffset
      ? { next_page: { ...asked, end_time: asked.end_time ?? cluster.events.at(-1)?.at, offset: from + size, limit: size } }
      : {}),
    total_count: matching.length,
  };
}

function positionAfter(matching: readonly ClusterEvent[], { page_token, order }: EventsRequest): number {
  if (page_token === undefined || page_token === '') return 0;
  const match = /^e(\d{1,9})$/.exec(Buffer.from(page_token, 'base64url').toString());
  if (!match) throw invalidParameter('Invalid page token.');
  const seen = Number(match[1]);
  const index = matching.findIndex((event) => (order === 'DESC' ? event.order < seen : event.order > seen));
  return index < 0 ? matching.length : index;
}

const view = (cluster: Cluster, event: ClusterEvent): unknown => ({ cluster_id: cluster.id, timestamp: event.at, type: event.type, details: event.details });
