import type { PolicyDefinition } from './policy-rules.ts';

/** A policy that every workspace comes with: of one of Databricks' families, and nobody's. */
export interface BuiltInPolicy {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  /** Only what decides whether a cluster may be: the real ones have more that is hidden. */
  readonly rules: PolicyDefinition;
}

const minutes = { type: 'unlimited', defaultValue: 4320, isOptional: true } as const;
const runtime = (defaultValue: string) => ({ type: 'unlimited', defaultValue }) as const;
const nodeType = { type: 'unlimited', defaultValue: 'Standard_DS3_v2' } as const;
const allPurpose = { type: 'fixed', value: 'all-purpose' } as const;

/** The four of docs/facts/databricks.md section 8; the first is the one that everybody may use. */
export const BUILT_IN_POLICIES: readonly BuiltInPolicy[] = [
  {
    name: 'Personal Compute',
    family: 'personal-vm',
    description: 'Use with small-to-medium data or libraries like pandas and scikit-learn.',
    rules: {
      cluster_type: allPurpose,
      num_workers: { type: 'fixed', value: 0, hidden: true },
      'spark_conf.spark.databricks.cluster.profile': { type: 'fixed', value: 'singleNode', hidden: true },
      data_security_mode: {
        type: 'allowlist',
        values: ['SINGLE_USER', 'LEGACY_SINGLE_USER', 'LEGACY_SINGLE_USER_STANDARD'],
        defaultValue: 'SINGLE_USER',
        hidden: true,
      },
      instance_pool_id: { type: 'forbidden', hidden: true },
      driver_instance_pool_id: { type: 'forbidden', hidden: true },
      node_type_id: {
        type: 'allowlist',
        values: ['Standard_DS3_v2', 'Standard_DS4_v2', 'Standard_NC4as_T4_v3'],
        defaultValue: 'Standard_DS3_v2',
      },
      spark_version: runtime('auto:latest-lts'),
      autotermination_minutes: minutes,
    },
  },
  {
    name: 'Power User Compute',
    family: 'power-user',
    description: 'Use for working with larger data and running distributed workloads.',
    rules: {
      cluster_type: allPurpose,
      node_type_id: nodeType,
      spark_version: runtime('auto:latest-lts'),
      autotermination_minutes: minutes,
    },
  },
  {
    name: 'Shared Compute',
    family: 'shared-compute',
    description: 'Use for sharing with teammates.',
    rules: {
      cluster_type: allPurpose,
      data_security_mode: { type: 'fixed', value: 'USER_ISOLATION', hidden: true },
      node_type_id: nodeType,
      spark_version: runtime('auto:latest-lts'),
      autotermination_minutes: minutes,
    },
  },
  {
    name: 'Job Compute',
    family: 'job-cluster',
    description: 'Use for running jobs.',
    rules: {
      cluster_type: { type: 'fixed', value: 'job' },
      node_type_id: nodeType,
      spark_version: runtime('auto:latest-lts'),
    },
  },
];
