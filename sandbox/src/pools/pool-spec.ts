import { z } from 'zod';
import { nodeType } from '../region/node-types.ts';
import { isSparkVersion } from '../region/spark-versions.ts';
import { invalidParameter } from '../http/errors.ts';
import { text } from '../http/request-body.ts';

/** Two of the 45 tags that a machine can have are the pool's own. */
const MAX_TAGS = 43;
const count = z.int().min(0).max(100_000);

const editable = {
  instance_pool_name: text.min(1).max(100),
  node_type_id: text.min(1),
  min_idle_instances: count.default(0),
  max_capacity: count.optional(),
  custom_tags: z.record(text, text).default({}),
  idle_instance_autotermination_minutes: z.int().min(0).max(10_000).default(60),
};

/**
 * A cluster has `first_on_demand`, a pool has not, and it must not pass unnoticed (docs/facts/databricks.md section 7).
 */
const azureAttributes = z
  .looseObject({
    availability: z.enum(['ON_DEMAND_AZURE', 'SPOT_AZURE']).default('ON_DEMAND_AZURE'),
    spot_bid_max_price: z.number().optional(),
    capacity_reservation_group: text.optional(),
  })
  .refine(
    (given) => !Object.hasOwn(given, 'first_on_demand'),
    'first_on_demand is an attribute of clusters, not of instance pools',
  )
  .transform(({ availability, spot_bid_max_price, capacity_reservation_group }) => ({
    availability,
    spot_bid_max_price,
    capacity_reservation_group,
  }));

/** An instance pool as create takes it (docs/facts/databricks.md section 7). */
export const poolSpec = z.object({
  ...editable,
  enable_elastic_disk: z.boolean().default(true),
  preloaded_spark_versions: z.array(text).default([]),
  preloaded_docker_images: z.array(z.object({ url: text })).optional(),
  azure_attributes: azureAttributes.default({
    availability: 'ON_DEMAND_AZURE',
    spot_bid_max_price: undefined,
    capacity_reservation_group: undefined,
  }),
  disk_spec: z
    .object({
      disk_type: z.object({ azure_disk_volume_type: z.enum(['PREMIUM_LRS', 'STANDARD_LRS']).optional() }).optional(),
      disk_count: z.int().min(0).max(10).optional(),
      disk_size: z.int().min(0).optional(),
    })
    .optional(),
  node_type_flexibility: z.object({ alternate_node_type_ids: z.array(text).optional() }).optional(),
});

/** As edit takes it: the rest is for ever, and is not read. */
export const poolChange = z.object({ instance_pool_id: text, ...editable });

export type PoolSpec = z.output<typeof poolSpec>;
export type PoolChange = z.output<typeof poolChange>;

/** @throws 400 INVALID_PARAMETER_VALUE. */
export function checkNewPool(spec: PoolSpec): void {
  checkPool(spec);
  if (spec.preloaded_spark_versions.length > 1)
    throw invalidParameter('At most one Spark version can be preloaded in an instance pool');
  const unknown = spec.preloaded_spark_versions.find((version) => !isSparkVersion(version));
  if (unknown !== undefined) throw invalidParameter(`Invalid preloaded Spark version: ${unknown}`);
  for (const id of spec.node_type_flexibility?.alternate_node_type_ids ?? []) mustBeNodeType(id);
}

/** What holds for create and edit. @throws 400 INVALID_PARAMETER_VALUE. */
export function checkPool(
  spec: Pick<PoolSpec, 'node_type_id' | 'min_idle_instances' | 'max_capacity' | 'custom_tags'>,
): void {
  mustBeNodeType(spec.node_type_id);
  if (spec.max_capacity !== undefined && spec.max_capacity < Math.max(1, spec.min_idle_instances)) {
    throw invalidParameter(
      `max_capacity (${spec.max_capacity}) must be at least 1 and not less than min_idle_instances ` +
        `(${spec.min_idle_instances})`,
    );
  }
  if (Object.keys(spec.custom_tags).length > MAX_TAGS)
    throw invalidParameter(`An instance pool can have at most ${MAX_TAGS} custom tags`);
}

function mustBeNodeType(id: string): void {
  if (!nodeType(id)) throw invalidParameter(`Node type ${id} is not supported in this workspace`);
}
