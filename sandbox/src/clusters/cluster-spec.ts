import { z } from 'zod';
import { text } from '../http/request-body.ts';

const map = z.record(text, text);
const place = z.object({ destination: text.min(1) });
const logPlace = z.object({ destination: text.min(1) }).optional();

const flexibility = z.object({ alternate_node_type_ids: z.array(text).optional() }).optional();

/** How many workers. */
const clusterSize = {
  num_workers: z.int().min(0).max(10_000).optional(),
  autoscale: z.object({ min_workers: z.int().min(0).max(10_000), max_workers: z.int().min(1).max(10_000) }).optional(),
};

/** A cluster as create and edit take it. Unknown fields are dropped, as the real API does. */
export const clusterSpec = z.object({
  cluster_name: text.max(1_000).default(''),
  spark_version: text.optional(),
  node_type_id: text.optional(),
  driver_node_type_id: text.optional(),
  num_workers: clusterSize.num_workers,
  autoscale: clusterSize.autoscale,
  spark_conf: map.optional(),
  spark_env_vars: map.optional(),
  custom_tags: map.optional(),
  ssh_public_keys: z.array(text).optional(),
  cluster_log_conf: z.object({ volumes: logPlace, dbfs: logPlace }).optional(),
  init_scripts: z
    .array(
      z.object({
        volumes: place.optional(),
        workspace: place.optional(),
        dbfs: place.optional(),
        abfss: place.optional(),
        file: place.optional(),
      }),
    )
    .optional(),
  autotermination_minutes: z.int().optional(),
  enable_elastic_disk: z.boolean().optional(),
  enable_local_disk_encryption: z.boolean().optional(),
  azure_attributes: z
    .object({
      availability: z.enum(['ON_DEMAND_AZURE', 'SPOT_AZURE', 'SPOT_WITH_FALLBACK_AZURE']).optional(),
      first_on_demand: z.int().optional(),
      spot_bid_max_price: z.number().optional(),
      capacity_reservation_group: text.optional(),
    })
    .optional(),
  worker_node_type_flexibility: flexibility,
  driver_node_type_flexibility: flexibility,
  docker_image: z.object({ url: text.optional() }).optional(),
  instance_pool_id: text.optional(),
  driver_instance_pool_id: text.optional(),
  policy_id: text.optional(),
  apply_policy_default_values: z.boolean().optional(),
  data_security_mode: z
    .enum([
      'NONE',
      'SINGLE_USER',
      'USER_ISOLATION',
      'LEGACY_TABLE_ACL',
      'LEGACY_SINGLE_USER',
      'LEGACY_PASSTHROUGH',
      'LEGACY_SINGLE_USER_STANDARD',
      'DATA_SECURITY_MODE_AUTO',
      'DATA_SECURITY_MODE_STANDARD',
      'DATA_SECURITY_MODE_DEDICATED',
    ])
    .optional(),
  single_user_name: text.optional(),
  runtime_engine: z.enum(['STANDARD', 'PHOTON', 'NULL']).optional(),
  kind: z.enum(['CLASSIC_PREVIEW']).optional(),
  is_single_node: z.boolean().optional(),
  use_ml_runtime: z.boolean().optional(),
  dependency_mode: z
    .enum(['DEPENDENCY_MODE_AUTO', 'DEPENDENCY_MODE_CLUSTER_LIBRARIES', 'DEPENDENCY_MODE_ENVIRONMENTS'])
    .optional(),
  workload_type: z
    .object({ clients: z.object({ notebooks: z.boolean().optional(), jobs: z.boolean().optional() }) })
    .optional(),
});

export type ClusterSpec = z.output<typeof clusterSpec>;

/** Why a cluster ended; `type` SUCCESS is no failure (docs/facts/databricks.md section 3). */
export interface TerminationReason {
  readonly code: string;
  readonly type: 'SUCCESS' | 'CLIENT_ERROR' | 'SERVICE_FAULT' | 'CLOUD_FAILURE';
  readonly parameters: Readonly<Record<string, string>>;
}

/** Nodes a spec needs: the driver and its workers. */
export const nodesOf = (spec: ClusterSpec): number => 1 + (spec.num_workers ?? spec.autoscale?.min_workers ?? 0);

/** Dedicated to one user (or group), under either of its names (docs/facts/databricks.md section 4). */
export const isDedicated = (spec: ClusterSpec): boolean =>
  spec.data_security_mode === 'SINGLE_USER' || spec.data_security_mode === 'DATA_SECURITY_MODE_DEDICATED';

/** The one kind of init script that this entry is, and where it lies. */
export function scriptPlace(
  script: NonNullable<ClusterSpec['init_scripts']>[number],
): { kind: string; destination: string } | undefined {
  const [found] = Object.entries(script).filter(([, value]) => value !== undefined);
  return found ? { kind: found[0], destination: (found[1] as { destination: string }).destination } : undefined;
}
