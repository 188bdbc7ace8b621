import { z } from 'zod';
import { maybe } from './fields.ts';
import { pages } from '../transport/paging.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

const clusterPolicy = z.looseObject({
  policy_id: z.string().min(1),
  name: z.string(),
  /** JSON inside a string. */
  definition: maybe(z.string()),
  description: maybe(z.string()),
  max_clusters_per_user: maybe(z.number()),
  /** Of the families that Databricks itself makes policies of, such as `personal-vm`. */
  policy_family_id: maybe(z.string()),
});
export type ClusterPolicy = z.output<typeof clusterPolicy>;

export interface ClusterPolicySpec {
  readonly name: string;
  /** JSON inside a string, see {@link ClusterPolicy}. */
  readonly definition: string;
  readonly description?: string;
  /**
   * Whom it counts when an admin creates for others is unconfirmed: leave it out for a provisioning policy
   * (docs/facts/databricks.md section 1).
   */
  readonly max_clusters_per_user?: number;
}

export interface ClusterPolicies {
  /** Names are unique. */
  create(spec: ClusterPolicySpec, options?: CallOptions): Promise<{ policyId: string }>;
  get(policyId: string, options?: CallOptions): Promise<ClusterPolicy>;
  list(options?: CallOptions): AsyncIterable<ClusterPolicy>;
}

/** Cluster Policies API 2.0 (docs/facts/databricks.md section 8). */
export function clusterPolicies(transport: Transport): ClusterPolicies {
  return {
    async create(spec, options) {
      const created = await transport.read(z.looseObject({ policy_id: z.string().min(1) }), {
        method: 'POST',
        path: '/api/2.0/policies/clusters/create',
        body: spec,
        ...options,
      });
      return { policyId: created.policy_id };
    },
    get: (id, options) =>
      transport.read(clusterPolicy, {
        method: 'GET',
        path: '/api/2.0/policies/clusters/get',
        query: { policy_id: id },
        ...options,
      }),
    list: (options) =>
      pages(
        transport,
        { method: 'GET', path: '/api/2.0/policies/clusters/list', ...options },
        'policies',
        clusterPolicy,
      ),
  };
}
