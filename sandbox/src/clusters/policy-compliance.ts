import { z } from 'zod';
import { held } from './cluster-access.ts';
import { change } from './cluster-changes.ts';
import { clusterSpec } from './cluster-model.ts';
import type { Cluster, ClusterSpec } from './cluster-model.ts';
import { settleSpec, virtualsIn } from './cluster-validation.ts';
import { invalidParameter, permissionDenied } from '../http/errors.ts';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import { judge, unfixed } from '../policies/policy-rules.ts';
import { readAt, writeAt } from '../policies/spec-paths.ts';
import type { JsonObject } from '../policies/spec-paths.ts';
import type { Policy } from '../policies/cluster-policies.ts';
import type { Workspace } from '../workspace.ts';

const enforceBody = z.object({ cluster_id: text, validate_only: z.boolean().default(false) });
const SOURCE = 'Python SDK, PolicyComplianceForClustersAPI';
const MOST_VIOLATIONS = 200;

/** /api/2.0/policies/clusters: whether clusters still keep to a policy that changed after they were made, and how they come to. */
export function policyComplianceRoutes(workspace: Workspace): Route[] {
  const policyOf = (cluster: Cluster): Policy => {
    if (!cluster.spec.policy_id) throw invalidParameter(`Cluster ${cluster.id} has no cluster policy.`);
    return workspace.policies.get(cluster.spec.policy_id);
  };
  return [
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/get-compliance',
      does: 'Says whether a cluster keeps to its policy as it is now',
      source: SOURCE,
      handle(call) {
        const cluster = held(workspace, call, queryText(call.query, 'cluster_id'), 'CAN_ATTACH_TO');
        return ok(compliance(workspace, cluster, policyOf(cluster)));
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policies/clusters/list-compliance',
      does: 'Says of every cluster under a policy whether it keeps to it',
      source: SOURCE,
      handle(call) {
        const policy = workspace.policies.get(queryText(call.query, 'policy_id'));
        const clusters = [...workspace.clusters.listed.upwards()].filter(
          (cluster) => cluster.spec.policy_id === policy.id && mayLook(workspace, call, cluster),
        );
        return ok(
          clusters.length === 0
            ? {}
            : {
                clusters: clusters.map((cluster) => ({
                  cluster_id: cluster.id,
                  ...compliance(workspace, cluster, policy),
                })),
              },
        );
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/policies/clusters/enforce-compliance',
      does: 'Brings a cluster to the fixed values of its policy; one that runs restarts',
      source: SOURCE,
      handle(call) {
        const { cluster_id, validate_only } = readBody(enforceBody, call.json);
        const cluster = held(workspace, call, cluster_id, 'CAN_MANAGE');
        const policy = policyOf(cluster);
        if (!workspace.permissions.allows(call.caller, 'cluster-policies', policy.id, 'CAN_USE'))
          throw permissionDenied(
            `${call.caller.userName} does not have Use permissions on cluster policy ${policy.id}.`,
          );
        const settled = plain(cluster.spec);
        const wrong = unfixed(policy.rules, settled);
        const changes = wrong.map(({ path, value }) => ({
          field: path,
          previous_value: JSON.stringify(readAt(settled, path)) ?? '',
          new_value: JSON.stringify(value),
        }));
        if (wrong.length > 0) {
          const wanted = plain(cluster.givenSpec);
          for (const { path, value } of wrong) writeAt(wanted, path, value);
          const given = readBody(clusterSpec, wanted);
          if (validate_only) settleSpec(workspace, given, call.caller);
          else change(workspace, call, cluster, given);
        }
        return ok({ has_changes: changes.length > 0, ...(changes.length > 0 ? { changes } : {}) });
      },
    },
  ];
}

const mayLook = (workspace: Workspace, call: Call, cluster: Cluster): boolean =>
  workspace.permissions.allows(call.caller, 'clusters', cluster.id, 'CAN_ATTACH_TO');

/** As plain JSON, which policies are judged on. */
const plain = (spec: ClusterSpec): JsonObject => JSON.parse(JSON.stringify(spec)) as JsonObject;

/** Fixed values are looked for in the cluster, the other rules in what was asked for: what the server filled in is not held against it. */
function compliance(
  workspace: Workspace,
  cluster: Cluster,
  policy: Policy,
): { is_compliant: boolean; violations?: Record<string, string> } {
  const found = [
    ...unfixed(policy.rules, plain(cluster.spec)),
    ...judge(policy.rules, plain(cluster.givenSpec), virtualsIn(workspace), false),
  ];
  const violations = Object.fromEntries(
    found.slice(0, MOST_VIOLATIONS).map(({ path, text: message }) => [path, message]),
  );
  return found.length === 0 ? { is_compliant: true } : { is_compliant: false, violations };
}
