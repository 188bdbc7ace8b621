import { nodesOf } from './cluster-spec.ts';
import { nodeAddress } from './cluster-model.ts';
import type { Cluster } from './cluster-model.ts';
import { nodeType } from '../region/node-types.ts';

/** Port of the driver's JDBC server, as every cluster answers it. */
const JDBC_PORT = 10_000;

/**
 * A cluster as get and list answer it. `apply_policy_default_values` is only echoed under `spec`
 * (docs/facts/databricks.md section 8).
 */
export function clusterView(cluster: Cluster): Record<string, unknown> {
  const { apply_policy_default_values: _, ...spec } = cluster.spec;
  return {
    cluster_id: cluster.id,
    creator_user_name: cluster.creator.userName,
    ...(cluster.state === 'RUNNING' ? upFields(cluster) : {}),
    ...spec,
    ...(spec.autoscale ? { num_workers: spec.autoscale.min_workers } : {}),
    default_tags: {
      Vendor: 'Databricks',
      Creator: cluster.creator.userName,
      ClusterName: spec.cluster_name,
      ClusterId: cluster.id,
      ...(spec.instance_pool_id ? { DatabricksInstancePoolId: spec.instance_pool_id } : {}),
      // Nothing that ran on a simulated node is to pass for real.
      SandboxNode: cluster.node ?? 'simulated',
    },
    cluster_source: cluster.source,
    enable_local_disk_encryption: spec.enable_local_disk_encryption ?? false,
    effective_spark_version: spec.spark_version,
    state: cluster.state,
    state_message: cluster.stateMessage,
    start_time: cluster.createdAt,
    last_state_loss_time: cluster.terminatedAt ?? 0,
    ...(cluster.startedAt === undefined
      ? {}
      : { last_restarted_time: cluster.startedAt, last_activity_time: cluster.startedAt }),
    ...(cluster.terminatedAt === undefined ? {} : { terminated_time: cluster.terminatedAt }),
    ...(cluster.terminationReason === undefined ? {} : { termination_reason: cluster.terminationReason }),
    ...(cluster.pinnedBy === undefined ? {} : { pinned_by_user_name: cluster.pinnedBy }),
    init_scripts_safe_mode: false,
    spec: cluster.givenSpec,
  };
}

/** What there is only while machines run. */
function upFields(cluster: Cluster): Record<string, unknown> {
  const { spec } = cluster;
  const workers = nodesOf(spec) - 1;
  const driver = nodeType(spec.driver_node_type_id ?? '');
  const worker = nodeType(spec.node_type_id ?? '');
  return {
    driver: { ...machine(cluster, 'driver', nodeAddress(cluster)), public_dns: '' },
    ...(workers === 0
      ? {}
      : {
          executors: Array.from({ length: workers }, (_, index) =>
            machine(cluster, `worker-${index}`, `10.139.${128 + (index >> 8)}.${index & 255 || 4}`),
          ),
        }),
    spark_context_id: sparkContextOf(cluster),
    jdbc_port: JDBC_PORT,
    ...(driver && worker
      ? {
          cluster_memory_mb: driver.memoryMb + workers * worker.memoryMb,
          cluster_cores: driver.cores + workers * worker.cores,
        }
      : {}),
  };
}

/** Another one after each start, as a driver that lost its state is another driver. */
const sparkContextOf = (cluster: Cluster): number =>
  (cluster.startedAt ?? cluster.createdAt) * 1_000 + (cluster.order % 1_000);

function machine(cluster: Cluster, role: string, address: string): Record<string, unknown> {
  return {
    private_ip: address,
    host_private_ip: address,
    node_id: `${cluster.id}-${role}`,
    instance_id: `${cluster.id}-${role}-vm`,
    start_timestamp: cluster.startedAt,
  };
}
