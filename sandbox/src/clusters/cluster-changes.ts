import { held, unexpectedState } from './cluster-access.ts';
import { clusterSpec } from './cluster-spec.ts';
import { settleSpec } from './cluster-validation.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply } from '../http/router.ts';
import type { ClusterParts } from './cluster-parts.ts';

const editBody = clusterSpec.extend({ cluster_id: text });

/**
 * POST clusters/edit: the new specification replaces the whole old one. A cluster that runs is restarted with it, a
 * terminated one starts with it next time. @throws 400, 403, 429; nothing has changed then.
 */
export function edit(workspace: ClusterParts, call: Call): Reply {
  const { cluster_id, ...given } = readBody(editBody, call.json);
  const cluster = held(workspace, call, cluster_id, 'CAN_MANAGE');
  if (cluster.state !== 'TERMINATED' && cluster.state !== 'RUNNING') throw unexpectedState(cluster);
  const spec = settleSpec(workspace, given, call.caller);
  const wasRunning = cluster.state === 'RUNNING';
  const { spec: oldSpec, givenSpec: oldGiven, configuredBy } = cluster;
  workspace.clusters.edit(cluster, spec, given, call.caller, call.at);
  if (wasRunning) {
    try {
      workspace.clusters.restart(cluster, call.caller, call.at);
    } catch (refused) {
      workspace.clusters.edit(cluster, oldSpec, oldGiven, call.caller, call.at);
      cluster.configuredBy = configuredBy;
      throw refused;
    }
  }
  return ok({});
}
