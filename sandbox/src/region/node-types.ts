/** id, vCPUs, memory in MB, category, DBU an hour (for the virtual policy attribute dbus_per_hour). */
const TYPES = [
  ['Standard_D4ds_v5', 4, 16_384, 'General Purpose', 1],
  ['Standard_D8ds_v5', 8, 32_768, 'General Purpose', 2],
  ['Standard_D16ds_v5', 16, 65_536, 'General Purpose', 4],
  ['Standard_D4s_v5', 4, 16_384, 'General Purpose', 1],
  ['Standard_D8s_v5', 8, 32_768, 'General Purpose', 2],
  ['Standard_D4ads_v5', 4, 16_384, 'General Purpose', 1],
  ['Standard_D4s_v3', 4, 16_384, 'General Purpose', 0.75],
  ['Standard_D8s_v3', 8, 32_768, 'General Purpose', 1.5],
  ['Standard_DS3_v2', 4, 14_336, 'General Purpose', 0.75],
  ['Standard_DS4_v2', 8, 28_672, 'General Purpose', 1.5],
  ['Standard_DS5_v2', 16, 57_344, 'General Purpose', 3],
  ['Standard_E4ds_v4', 4, 32_768, 'Memory Optimized', 1],
  ['Standard_E8ds_v4', 8, 65_536, 'Memory Optimized', 2],
  ['Standard_E4ds_v5', 4, 32_768, 'Memory Optimized', 1],
  ['Standard_E8ds_v5', 8, 65_536, 'Memory Optimized', 2],
  ['Standard_F4s', 4, 8_192, 'Compute Optimized', 0.5],
  ['Standard_F8s_v2', 8, 16_384, 'Compute Optimized', 1],
  ['Standard_L4s', 4, 32_768, 'Storage Optimized', 1],
  ['Standard_NC4as_T4_v3', 4, 28_672, 'GPU Accelerated', 1],
] as const;

interface NodeType {
  readonly id: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly category: string;
  readonly dbuPerHour: number;
}

const BY_ID: ReadonlyMap<string, NodeType> = new Map(
  TYPES.map(([id, cores, memoryMb, category, dbuPerHour]) => [id, { id, cores, memoryMb, category, dbuPerHour }]),
);

/** The node type of this id, if the workspace's region has it. */
export const nodeType = (id: string): NodeType | undefined => BY_ID.get(id);

/** The answer of clusters/list-node-types. */
export function nodeTypeList(): unknown {
  return {
    node_types: [...BY_ID.values()].map((type) => ({
      node_type_id: type.id,
      memory_mb: type.memoryMb,
      num_cores: type.cores,
      description: type.id,
      instance_type_id: type.id,
      is_deprecated: false,
      category: type.category,
      support_ebs_volumes: true,
      support_cluster_tags: true,
      num_gpus: type.category === 'GPU Accelerated' ? 1 : 0,
      node_instance_type: {
        instance_type_id: type.id,
        local_disks: 1,
        local_disk_size_gb: 150,
        instance_family: `${family(type.id)} Family vCPUs`,
      },
      is_hidden: false,
      support_port_forwarding: true,
      supports_elastic_disk: true,
      display_order: 0,
      is_io_cache_enabled: false,
    })),
  };
}

/** `Standard_D4ds_v5` is of `Standard DDSv5`, as Azure's quota page writes it. */
function family(id: string): string {
  const match = /^Standard_([A-Z]+)\d+([a-z]*)_?(.*)$/.exec(id);
  return match ? `Standard ${match[1]}${(match[2] ?? '').toUpperCase()}${match[3]}` : id;
}
