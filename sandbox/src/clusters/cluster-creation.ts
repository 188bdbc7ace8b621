import { z } from 'zod';
import { countForPolicy, held } from './cluster-access.ts';
import { clusterSpec } from './cluster-spec.ts';
import { settleSpec } from './cluster-validation.ts';
import { invalidParameter } from '../http/errors.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply } from '../http/router.ts';
import type { ClusterParts } from './cluster-parts.ts';

const LONGEST_TOKEN = 64;
const createBody = clusterSpec.extend({ clone_from: z.object({ source_cluster_id: text }).optional() });
const legacyCreateBody = createBody.extend({ idempotency_token: text.optional() });

/**
 * POST clusters/create of API 2.1, which knows no idempotency_token: a field like any other that it does not know
 * (docs/facts/databricks.md section 2).
 */
export const create = (workspace: ClusterParts, call: Call): Reply =>
  make(workspace, call, readBody(createBody, call.json));

/**
 * POST clusters/create of API 2.0. A token answers the cluster that was made with it, until that has terminated
 * (docs/facts/databricks.md section 2). Tokens of one caller are no business of another's.
 */
export function legacyCreate(workspace: ClusterParts, call: Call): Reply {
  const { idempotency_token: token, ...given } = readBody(legacyCreateBody, call.json);
  if (!token) return make(workspace, call, given);
  if (token.length > LONGEST_TOKEN)
    throw invalidParameter(
      `The idempotency token can be at most ${LONGEST_TOKEN} characters long, got ${token.length}.`,
    );
  const { clusters } = workspace;
  const key = `${call.caller.id}/${token}`;
  const known = clusters.madeWith(key);
  if (known) return ok({ cluster_id: known.id });
  const reply = make(workspace, call, given);
  clusters.rememberToken(key, clusters.get((reply.json as { cluster_id: string }).cluster_id));
  return reply;
}

function make(workspace: ClusterParts, call: Call, { clone_from, ...given }: z.output<typeof createBody>): Reply {
  // All that is cloned is in the request, but for libraries, which the sandbox leaves out.
  if (clone_from) held(workspace, call, clone_from.source_cluster_id, 'CAN_ATTACH_TO');
  const spec = settleSpec(workspace, given, call.caller);
  countForPolicy(workspace, spec.policy_id, call.caller, undefined);
  const cluster = workspace.clusters.create(spec, given, call.caller, call.at);
  workspace.permissions.grantHighest(call.caller, 'clusters', cluster.id);
  return ok({ cluster_id: cluster.id });
}
