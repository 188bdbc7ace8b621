import { nodeAddress } from './cluster-fleet.ts';
import type { Cluster } from './cluster-model.ts';
import { nodeType } from './node-types.ts';

/** A cluster as get and list answer it. `apply_policy_default_values` is only echoed under `spec` (facts/databricks.md section 8). */
export function clusterView(cluster: Cluster): Record<string, unknown> {
  const { apply_policy_default_values: _, ...spec } = cluster.spec;
  const type = nodeType(spec.node_type_id ?? '');
  const isUp = cluster.state === 'RUNNING';
  return {
    cluster_id: cluster.id,
    creator_user_name: cluster.creator.userName,
    ...(isUp ? { driver: driverOf(cluster), spark_context_id: Number(`0x${cluster.id.slice(-4).replace(/[^0-9a-f]/g, '1')}`) } : {}),
    ...spec,
    default_tags: {
      Vendor: 'Databricks',
      Creator: cluster.creator.userName,
      ClusterName: spec.cluster_name,
      ClusterId: cluster.id,
      ...(spec.instance_pool_id ? { DatabricksInstancePoolId: spec.instance_pool_id } : {}),
    },
    cluster_source: 'API',
    enable_local_disk_encryption: spec.enable_local_disk_encryption ?? false,
    effective_spark_version: spec.spark_version,
    state: cluster.state,
    state_message: cluster.stateMessage,
    start_time: cluster.createdAt,
    last_state_loss_time: cluster.terminatedAt ?? 0,
    ...(cluster.startedAt === undefined ? {} : { last_restarted_time: cluster.startedAt, last_activity_time: cluster.startedAt }),
    ...(cluster.terminatedAt === undefined ? {} : { terminated_time: cluster.terminatedAt }),
    ...(cluster.terminationReason === undefined ? {} : { termination_reason: cluster.terminationReason }),
    ...(cluster.pinnedBy === undefined ? {} : { pinned_by_user_name: cluster.pinnedBy }),
    ...(isUp && type ? { cluster_memory_mb: type.memoryMb, cluster_cores: type.cores } : {}),
    init_scripts_safe_mode: false,
    spec: cluster.givenSpec,
  };
}

function driverOf(cluster: Cluster): unknown {
  const address = nodeAddress(cluster);
  return {
    private_ip: address,
    host_private_ip: address,
    node_id: `${cluster.id}-driver`,
    instance_id: `${cluster.id}-vm`,
    start_timestamp: cluster.startedAt,
    node_aws_attributes: { is_spot: false },
  };
}
