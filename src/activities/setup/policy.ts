import { asJson } from '../../domain/replayed/made/for-a-shell.ts';
import { z } from 'zod';
import type { Plan } from '../../domain/plan/plan.ts';
import { provisioningPolicyDefinition } from '../../domain/plan/cluster-policy.ts';
import { meansNotFound } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import { isForbidden, lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';

/** The cluster policy that the worker provisions under: found by name, reused, left behind. */
export const policyActivities = ({ workspace }: ActivityDeps) => {
  const find = async (name: string) => {
    for await (const policy of workspace.clusterPolicies.list()) if (policy.name === name) return policy;
    return undefined;
  };
  return {
    /**
     * Idempotent: the name is unique in a workspace. A policy of that name that would stop the workshop
     * (a maximum of clusters a user, jobs prohibited) is not edited, it may be somebody's: it is named.
     */
    async ensurePolicy(_run: Run, { plan }: { plan: Plan }): Promise<{ policyId: string; evidence: string }> {
      const name = plan.compute.policy;
      const definition = JSON.stringify(provisioningPolicyDefinition(plan));
      try {
        const there = await find(name);
        if (there) {
          if (there.max_clusters_per_user) {
            throw lasting(
              'UNFIT_POLICY',
              `The policy "${name}" allows ${there.max_clusters_per_user} cluster(s) a user: ` +
                'the worker, who creates them all, would stop there.',
              'Name another policy in the plan (compute.policy), or take the maximum off this one.',
            );
          }
          if (prohibitsJobs(there.definition)) {
            throw lasting(
              'UNFIT_POLICY',
              `The policy "${name}" prohibits jobs: databricks ssh would be shut out of every cluster.`,
              'Name another policy in the plan (compute.policy), or take workload_type.clients.jobs out of this one.',
            );
          }
          return { policyId: there.policy_id, evidence: `"${name}" reused` };
        }
        const { policyId } = await workspace.clusterPolicies.create({ name, definition });
        return { policyId, evidence: `"${name}" created` };
      } catch (error) {
        if (isForbidden(error)) {
          throw lasting(
            'FORBIDDEN',
            `The worker may not create the cluster policy "${name}": only workspace admins can.`,
            'Have an admin create it and let the worker use it.',
            [`databricks cluster-policies create ${asJson({ name, definition })}`],
          );
        }
        throw error;
      }
    },

    /** True when the policy is still there under its id. */
    async policyIsThere(_run: Run, { policyId }: { policyId: string }): Promise<boolean> {
      try {
        await workspace.clusterPolicies.get(policyId);
        return true;
      } catch (error) {
        if (meansNotFound(error)) return false;
        throw error;
      }
    },
  };
};

const jobsRule = z.looseObject({
  'workload_type.clients.jobs': z.looseObject({
    type: z.literal('fixed'),
    value: z.union([z.literal(false), z.literal('false')]),
  }),
});

/**
 * The SSH tunnel runs as a job (docs/facts/databricks.md section 5). A definition that cannot be read is given the
 * benefit of the doubt.
 */
function prohibitsJobs(definition: string | undefined): boolean {
  try {
    return jobsRule.safeParse(JSON.parse(definition ?? '{}')).success;
  } catch {
    return false;
  }
}
