import type { Plan } from './plan.ts';

/** One rule of a cluster policy definition (docs/facts/databricks.md section 8), of the kinds used here. */
export type PolicyRule =
  | { readonly type: 'range'; readonly minValue: number; readonly maxValue: number; readonly defaultValue: number }
  | { readonly type: 'allowlist'; readonly values: readonly string[]; readonly defaultValue: string }
  | { readonly type: 'regex'; readonly pattern: string };

/** The longest a forgotten cluster may sit idle under this policy, in minutes. */
const LONGEST_IDLE = 240;
const SHORTEST_IDLE = 10;

/**
 * The definition of the policy the worker provisions under; send it as a JSON string. It outlives the workshop and
 * serves the next one, so it holds only what is true of all: somebody is named as the single user, and an idle cluster
 * ends. It says nothing about machines and pools (a fallback needs another type, or no pool), nothing about jobs
 * (prohibited jobs break the SSH tunnel, docs/facts/databricks.md section 5), and goes with no `max_clusters_per_user`
 * (which probably counts the creator, docs/facts/databricks.md section 1, and would stop the worker at its second
 * cluster).
 */
export function provisioningPolicyDefinition(plan: Pick<Plan, 'compute'>): Readonly<Record<string, PolicyRule>> {
  const idle = plan.compute.autoTerminationMinutes;
  return {
    autotermination_minutes: {
      type: 'range',
      minValue: SHORTEST_IDLE,
      maxValue: Math.max(LONGEST_IDLE, idle),
      defaultValue: idle,
    },
    data_security_mode: {
      type: 'allowlist',
      values: ['SINGLE_USER', 'DATA_SECURITY_MODE_DEDICATED'],
      defaultValue: 'SINGLE_USER',
    },
    single_user_name: { type: 'regex', pattern: '.+' },
  };
}
