import { describe, expect, it } from 'vitest';
import { provisioningPolicyDefinition } from '../../../src/domain/plan/cluster-policy.ts';
import { UnreachableError } from '../../../src/databricks/workspace.ts';
import { ANN, detailOf, failureOf, mutations, openSetting } from '../setting.ts';

describe('the cluster policy', () => {
  it('is made once, then found by its name and left as it is', async () => {
    const { activities, run, plan, sandbox, admin } = await openSetting();
    const made = await activities.ensurePolicy(run, { plan });
    expect(made.evidence).toBe('"claude-code-workshop" created');
    const policy = await admin.clusterPolicies.get(made.policyId);
    expect(JSON.parse(policy.definition ?? '')).toEqual(provisioningPolicyDefinition(plan));
    const before = mutations(sandbox.books());
    expect(await activities.ensurePolicy(run, { plan })).toEqual({
      policyId: made.policyId,
      evidence: '"claude-code-workshop" reused',
    });
    expect(mutations(sandbox.books())).toBe(before);
  });

  it('is found when the answer to making it was lost', async () => {
    const { activities, run, plan, sandbox } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        clusterPolicies: {
          ...workspace.clusterPolicies,
          create: async (spec) => {
            await workspace.clusterPolicies.create(spec);
            throw new UnreachableError(
              'POST /api/2.0/policies/clusters/create',
              'ECONNRESET',
              true,
              'the connection broke',
              undefined,
            );
          },
        },
      }),
    });
    expect(await failureOf(activities.ensurePolicy(run, { plan }))).toMatchObject({ nonRetryable: false });
    const { policyId } = await activities.ensurePolicy(run, { plan });
    expect(sandbox.books().policies).toEqual([{ id: policyId, name: 'claude-code-workshop' }]);
  });

  it('is not taken, nor changed, when it limits clusters a user or prohibits jobs', async () => {
    for (const unfit of [
      { definition: '{}', max_clusters_per_user: 1 },
      { definition: '{"workload_type.clients.jobs":{"type":"fixed","value":false}}' },
    ]) {
      const { activities, run, plan, admin, sandbox } = await openSetting();
      await admin.clusterPolicies.create({ name: plan.compute.policy, ...unfit });
      const before = mutations(sandbox.books());
      const failure = await failureOf(activities.ensurePolicy(run, { plan }));
      expect(failure).toMatchObject({ type: 'UNFIT_POLICY', nonRetryable: true });
      expect(failure.message).toContain(plan.compute.policy);
      expect(detailOf(failure).toDo).toContain('compute.policy');
      expect(mutations(sandbox.books())).toBe(before);
    }
  });

  it("may be anybody's that allows jobs", async () => {
    const { activities, run, plan, admin } = await openSetting();
    const { policyId } = await admin.clusterPolicies.create({
      name: plan.compute.policy,
      definition: '{"workload_type.clients.jobs":{"type":"fixed","value":true}}',
    });
    expect(await activities.ensurePolicy(run, { plan })).toMatchObject({ policyId });
  });

  it("is an admin's to make, with the exact command", async () => {
    const { activities, run, plan } = await openSetting({ worker: ANN });
    const failure = await failureOf(activities.ensurePolicy(run, { plan }));
    expect(failure).toMatchObject({ type: 'FORBIDDEN', nonRetryable: true });
    const [command = ''] = detailOf(failure).handOff ?? [];
    const body = JSON.parse(/^databricks cluster-policies create --json '(.*)'$/.exec(command)?.[1] ?? '') as {
      name: string;
      definition: string;
    };
    expect(body.name).toBe(plan.compute.policy);
    expect(JSON.parse(body.definition)).toEqual(provisioningPolicyDefinition(plan));
  });

  it('is there, or not', async () => {
    const { activities, run, plan } = await openSetting();
    const { policyId } = await activities.ensurePolicy(run, { plan });
    expect(await activities.policyIsThere(run, { policyId })).toBe(true);
    expect(await activities.policyIsThere(run, { policyId: '0000000000000000' })).toBe(false);
  });
});
