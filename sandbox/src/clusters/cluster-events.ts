import { z } from 'zod';
import type { ClusterSpec } from './cluster-spec.ts';
import type { Cluster, ClusterEvent } from './cluster-model.ts';
import { invalidParameter } from '../http/errors.ts';
import { text } from '../http/request-body.ts';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

const TYPES = [
  'CREATING',
  'STARTING',
  'RESTARTING',
  'RUNNING',
  'TERMINATING',
  'EDITED',
  'RESIZING',
  'UPSIZE_COMPLETED',
  'NODES_LOST',
  'ADD_NODES_FAILED',
  'INIT_SCRIPTS_STARTED',
  'INIT_SCRIPTS_FINISHED',
  'DRIVER_HEALTHY',
  'DRIVER_NOT_RESPONDING',
  'DRIVER_UNAVAILABLE',
  'METASTORE_DOWN',
  'DBFS_DOWN',
  'SPARK_EXCEPTION',
  'PINNED',
  'UNPINNED',
  'UC_VOLUME_MISCONFIGURED',
  'AUTOMATIC_CLUSTER_UPDATE',
  'DID_NOT_EXPAND_DISK',
  'EXPANDED_DISK',
  'FAILED_TO_EXPAND_DISK',
  'AUTOSCALING_BACKOFF',
  'AUTOSCALING_FAILED',
  'AUTOSCALING_STATS_REPORT',
  'NODE_BLACKLISTED',
  'NODE_EXCLUDED_DECOMMISSIONED',
  'DECOMMISSION_STARTED',
  'DECOMMISSION_ENDED',
  'CLUSTER_MIGRATED',
  'DEFERRED_POLICY_ENFORCEMENT_APPLIED',
  'DEFERRED_POLICY_ENFORCEMENT_CANCELLED',
  'DEFERRED_POLICY_ENFORCEMENT_REQUESTED',
] as const;

/** Writes down what happened to a cluster. */
export function record(
  cluster: Cluster,
  type: (typeof TYPES)[number],
  at: number,
  details: Readonly<Record<string, unknown>>,
): void {
  cluster.events.push({ order: cluster.events.length, at, type, details });
}

/** `cluster_size` of an event's details. */
export const sizeOf = (spec: ClusterSpec): unknown =>
  spec.autoscale ? { autoscale: spec.autoscale } : { num_workers: spec.num_workers ?? 0 };

export const eventsBody = z.object({
  cluster_id: text,
  event_types: z.array(z.enum(TYPES)).default([]),
  order: z.enum(['ASC', 'DESC']).default('DESC'),
  start_time: z.int().optional(),
  end_time: z.int().optional(),
  /** What is out of bounds is brought within them, as the real server does. */
  page_size: z
    .int()
    .transform((size) => Math.min(Math.max(size, 0), LARGEST_PAGE))
    .optional(),
  page_token: text.optional(),
  /** Deprecated way to page. */
  limit: z.int().min(0).max(LARGEST_PAGE).optional(),
  offset: z.int().min(0).optional(),
});

type EventsRequest = z.output<typeof eventsBody>;

/**
 * The answer of clusters/events: newest first unless asked otherwise (docs/facts/databricks.md section 3). Pages by
 * token are cut by the event last seen; the deprecated offset counts from the first. Either way `next_page` is the
 * request to send next.
 */
export function listEvents(cluster: Cluster, asked: EventsRequest): unknown {
  const types = new Set<string>(asked.event_types);
  const matching = cluster.events.filter(
    (event) =>
      (types.size === 0 || types.has(event.type)) &&
      event.at >= (asked.start_time ?? 0) &&
      event.at <= (asked.end_time ?? Number.POSITIVE_INFINITY),
  );
  if (asked.order === 'DESC') matching.reverse();
  return (asked.offset ?? 0) > 0 || asked.limit
    ? byOffset(cluster, matching, asked)
    : byToken(cluster, matching, asked);
}

function byOffset(cluster: Cluster, matching: readonly ClusterEvent[], asked: EventsRequest): unknown {
  if (asked.page_token || asked.page_size)
    throw invalidParameter('offset and limit cannot be used together with page_token or page_size.');
  const offset = asked.offset ?? 0;
  if (offset > 0 && asked.order === 'DESC' && asked.end_time === undefined) {
    throw invalidParameter('end_time must be specified when offset is used with descending order.');
  }
  const limit = asked.limit || DEFAULT_PAGE;
  const hasMore = offset + limit < matching.length;
  return {
    ...shown(cluster, matching.slice(offset, offset + limit)),
    ...(hasMore
      ? {
          next_page: { ...asked, end_time: asked.end_time ?? cluster.events.at(-1)?.at, offset: offset + limit, limit },
        }
      : {}),
    total_count: matching.length,
  };
}

function byToken(cluster: Cluster, matching: readonly ClusterEvent[], asked: EventsRequest): unknown {
  const size = asked.page_size || DEFAULT_PAGE;
  const from = startOfPage(matching, asked, size);
  const page = matching.slice(from, from + size);
  const [first] = page;
  const last = page.at(-1);
  return {
    ...shown(cluster, page),
    ...(last && from + size < matching.length ? following(asked, tokenAt('next', last)) : {}),
    ...(first && from > 0 ? { prev_page_token: tokenAt('previous', first) } : {}),
    total_count: matching.length,
  };
}

/**
 * The request in full as well as the token: it is what the Go and Python SDKs send next, and without it they stop
 * after one page.
 */
const following = (asked: EventsRequest, token: string): object => ({
  next_page_token: token,
  next_page: { ...asked, page_token: token },
});

const tokenAt = (way: 'next' | 'previous', { order }: ClusterEvent): string =>
  Buffer.from(`${way}/${order}`).toString('base64url');

function startOfPage(matching: readonly ClusterEvent[], { page_token, order }: EventsRequest, size: number): number {
  if (page_token === undefined || page_token === '') return 0;
  const match = /^(next|previous)\/(\d{1,9})$/.exec(Buffer.from(page_token, 'base64url').toString());
  if (!match) throw invalidParameter('Invalid page token.');
  const seen = Number(match[2]);
  const isBefore = (event: ClusterEvent): boolean => (order === 'DESC' ? event.order > seen : event.order < seen);
  const before = matching.filter(isBefore).length;
  if (match[1] === 'previous') return Math.max(0, before - size);
  return before + (matching[before]?.order === seen ? 1 : 0);
}

const shown = (cluster: Cluster, page: readonly ClusterEvent[]): { events?: unknown[] } =>
  page.length === 0
    ? {}
    : {
        events: page.map((event) => ({
          cluster_id: cluster.id,
          timestamp: event.at,
          type: event.type,
          details: event.details,
        })),
      };
