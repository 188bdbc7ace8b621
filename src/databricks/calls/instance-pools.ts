import { z } from 'zod';
import { listOf, maybe, nothing } from './fields.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

const amount = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const text = maybe(z.string());

const instancePool = z.looseObject({
  instance_pool_id: z.string().min(1),
  instance_pool_name: text,
  node_type_id: text,
  min_idle_instances: amount,
  max_capacity: maybe(z.number()),
  idle_instance_autotermination_minutes: maybe(z.number()),
  custom_tags: maybe(z.record(z.string(), z.string())),
  state: text,
  /**
   * Counts that an answer leaves out are 0, as everywhere in this API; a missing `stats` stays missing, because it
   * proves nothing.
   */
  stats: maybe(
    z.looseObject({ used_count: amount, idle_count: amount, pending_used_count: amount, pending_idle_count: amount }),
  ),
  status: maybe(
    z.looseObject({ pending_instance_errors: maybe(z.array(z.looseObject({ instance_id: text, message: text }))) }),
  ),
});
export type InstancePool = z.output<typeof instancePool>;
export type InstancePoolSpec = Readonly<Record<string, unknown>>;

export interface InstancePools {
  create(spec: InstancePoolSpec, options?: CallOptions): Promise<{ instancePoolId: string }>;
  get(instancePoolId: string, options?: CallOptions): Promise<InstancePool>;
  list(options?: CallOptions): AsyncIterable<InstancePool>;
  /** Replaces what can be changed; instance_pool_id, instance_pool_name and node_type_id must be given again. */
  edit(spec: InstancePoolSpec & { readonly instance_pool_id: string }, options?: CallOptions): Promise<void>;
  /** For good; idle instances end some time after the answer. */
  delete(instancePoolId: string, options?: CallOptions): Promise<void>;
}

/** Instance Pools API 2.0 (docs/facts/databricks.md section 7). */
export function instancePools(transport: Transport): InstancePools {
  return {
    async create(spec, options) {
      const created = await transport.read(z.looseObject({ instance_pool_id: z.string().min(1) }), {
        method: 'POST',
        path: '/api/2.0/instance-pools/create',
        body: spec,
        ...options,
      });
      return { instancePoolId: created.instance_pool_id };
    },
    get: (id, options) =>
      transport.read(instancePool, {
        method: 'GET',
        path: '/api/2.0/instance-pools/get',
        query: { instance_pool_id: id },
        ...options,
      }),
    async *list(options) {
      const answer = await transport.read(z.looseObject({ instance_pools: listOf(instancePool) }), {
        method: 'GET',
        path: '/api/2.0/instance-pools/list',
        ...options,
      });
      yield* answer.instance_pools;
    },
    async edit(spec, options) {
      await transport.read(nothing, { method: 'POST', path: '/api/2.0/instance-pools/edit', body: spec, ...options });
    },
    async delete(id, options) {
      await transport.read(nothing, {
        method: 'POST',
        path: '/api/2.0/instance-pools/delete',
        body: { instance_pool_id: id },
        ...options,
      });
    },
  };
}
