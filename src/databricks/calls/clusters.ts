import { z } from 'zod';
import { DatabricksError } from '../transport/errors.ts';
import { maybe, nothing } from './fields.ts';
import { pages } from '../transport/paging.ts';
import type { Call, CallOptions, Transport } from '../transport/transport.ts';

export const CLUSTER_STATES = [
  'PENDING',
  'RUNNING',
  'RESTARTING',
  'RESIZING',
  'TERMINATING',
  'TERMINATED',
  'ERROR',
  'UNKNOWN',
] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

/** A state that Databricks may add one day counts as UNKNOWN; a cluster without any is refused. */
const state = z.string().transform((text): ClusterState => CLUSTER_STATES.find((known) => known === text) ?? 'UNKNOWN');
const text = maybe(z.string());
const millis = maybe(z.number());

const terminationReason = z.looseObject({
  code: text,
  type: text,
  /** For people to read; an odd value in a stranger's cluster must not spoil a whole listing. */
  parameters: maybe(z.record(z.string(), z.unknown().transform(String))),
});

const cluster = z.looseObject({
  cluster_id: z.string().min(1),
  cluster_name: text,
  state,
  state_message: text,
  single_user_name: text,
  custom_tags: maybe(z.record(z.string(), z.string())),
  policy_id: text,
  instance_pool_id: text,
  node_type_id: text,
  spark_version: text,
  data_security_mode: text,
  creator_user_name: text,
  /** JOB for one that a run brings along and takes away. */
  cluster_source: text,
  autotermination_minutes: maybe(z.number()),
  start_time: millis,
  last_restarted_time: millis,
  terminated_time: millis,
  termination_reason: maybe(terminationReason),
});
export type Cluster = z.output<typeof cluster>;
export type TerminationReason = z.output<typeof terminationReason>;

const scriptRun = z.looseObject({
  status: text,
  error_message: text,
  execution_duration_seconds: maybe(z.number()),
});
const clusterEvent = z.looseObject({
  type: z.string(),
  timestamp: z.number(),
  cluster_id: text,
  details: maybe(
    z.looseObject({
      reason: maybe(terminationReason),
      init_scripts: maybe(
        z.looseObject({
          cluster: maybe(z.array(scriptRun)),
          global: maybe(z.array(scriptRun)),
          reported_for_node: text,
        }),
      ),
    }),
  ),
});
export type ClusterEvent = z.output<typeof clusterEvent>;

const sparkVersions = z.looseObject({ versions: z.array(z.looseObject({ key: z.string() })) });

/** Fields as in the Clusters API; all are sent as given, also those that the SDK would drop. */
export type ClusterSpec = Readonly<Record<string, unknown>>;

export interface ClusterFilter {
  /**
   * The one filter that tells one workshop from another: there is none for names or tags
   * (docs/facts/databricks.md section 2).
   */
  readonly policyId?: string | undefined;
}

export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly order?: 'ASC' | 'DESC' | undefined;
  readonly pageSize?: number | undefined;
}

export interface Clusters {
  /**
   * Not idempotent and names need not be unique: look before repeating. The cluster is PENDING when this returns; a
   * failed launch shows in its state only.
   */
  create(spec: ClusterSpec, options?: CallOptions): Promise<{ clusterId: string }>;
  /** An unknown id is 400, see {@link meansClusterIsGone}. */
  get(clusterId: string, options?: CallOptions): Promise<Cluster>;
  /** Pinned and active clusters, and those terminated in the last 30 days: match on state as well. */
  list(filter?: ClusterFilter, options?: CallOptions): AsyncIterable<Cluster>;
  /** Idempotent: a cluster that already starts or runs is left alone (docs/facts/databricks.md section 3). */
  start(clusterId: string, options?: CallOptions): Promise<void>;
  /** The keys of the runtimes that a cluster can have. */
  sparkVersions(options?: CallOptions): Promise<string[]>;
  /** Replaces the whole specification; restarts a running cluster. */
  edit(spec: ClusterSpec & { readonly cluster_id: string }, options?: CallOptions): Promise<void>;
  /** Terminates; idempotent. The cluster can be started again. */
  delete(clusterId: string, options?: CallOptions): Promise<void>;
  /** Terminates and takes the cluster out of every listing for good. */
  permanentDelete(clusterId: string, options?: CallOptions): Promise<void>;
  /** Newest first unless asked otherwise. There is no TERMINATED event: TERMINATING carries details.reason. */
  events(clusterId: string, filter?: EventFilter, options?: CallOptions): AsyncIterable<ClusterEvent>;
}

const PAGE_SIZE = 100;

/** Clusters API 2.1 (docs/facts/databricks.md sections 2 and 3). */
export function clusters(transport: Transport): Clusters {
  const post = (action: string, body: unknown, options: (CallOptions & Pick<Call, 'launches'>) | undefined) =>
    transport.read(nothing, { method: 'POST', path: `/api/2.1/clusters/${action}`, body, ...options });
  return {
    async create(spec, options) {
      const created = await transport.read(z.looseObject({ cluster_id: z.string().min(1) }), {
        method: 'POST',
        path: '/api/2.1/clusters/create',
        body: spec,
        launches: true,
        ...options,
      });
      return { clusterId: created.cluster_id };
    },
    get: (clusterId, options) =>
      transport.read(cluster, {
        method: 'GET',
        path: '/api/2.1/clusters/get',
        query: { cluster_id: clusterId },
        ...options,
      }),
    list(filter = {}, options) {
      const filter_by = { policy_id: filter.policyId };
      return pages(
        transport,
        { method: 'GET', path: '/api/2.1/clusters/list', query: { filter_by, page_size: PAGE_SIZE }, ...options },
        'clusters',
        cluster,
      );
    },
    async sparkVersions(options) {
      const { versions } = await transport.read(sparkVersions, {
        method: 'GET',
        path: '/api/2.1/clusters/spark-versions',
        ...options,
      });
      return versions.map(({ key }) => key);
    },
    async start(clusterId, options) {
      try {
        await post('start', { cluster_id: clusterId }, { ...options, launches: true });
      } catch (error) {
        if (!meansAlreadyStarting(error)) throw error;
      }
    },
    async edit(spec, options) {
      await post('edit', spec, options);
    },
    async delete(clusterId, options) {
      await post('delete', { cluster_id: clusterId }, options);
    },
    async permanentDelete(clusterId, options) {
      await post('permanent-delete', { cluster_id: clusterId }, options);
    },
    events(clusterId, filter = {}, options) {
      const body = {
        cluster_id: clusterId,
        order: filter.order,
        event_types: filter.types,
        page_size: filter.pageSize ?? PAGE_SIZE,
      };
      return pages(
        transport,
        { method: 'POST', path: '/api/2.1/clusters/events', body, ...options },
        'events',
        clusterEvent,
        'body',
      );
    },
  };
}

/**
 * True when an error says that the cluster is not there any more, or never was: 400 with INVALID_PARAMETER_VALUE
 * or INVALID_STATE, told apart by its text alone, or 404 (docs/facts/databricks.md section 3).
 */
export function meansClusterIsGone(error: unknown): boolean {
  if (!(error instanceof DatabricksError)) return false;
  if (error.status === 404 || error.errorCode === 'RESOURCE_DOES_NOT_EXIST')
    return error.errorCode !== 'ENDPOINT_NOT_FOUND';
  return (
    error.status === 400 &&
    /^Cluster \S+ does not exist|^Cannot access cluster \S+ that was terminated or unpinned/i.test(error.detail)
  );
}

function meansAlreadyStarting(error: unknown): boolean {
  return (
    error instanceof DatabricksError &&
    error.status === 400 &&
    /unexpected state (Pending|Running|Restarting|Resizing)\b/i.test(error.detail)
  );
}
