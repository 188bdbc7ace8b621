import { z } from 'zod';
import { held, unexpectedState } from './cluster-access.ts';
import { clusterSize, clusterSpec } from './cluster-model.ts';
import type { Cluster, ClusterSpec } from './cluster-model.ts';
import { requireAutoscaleRange, settleSpec } from './cluster-validation.ts';
import { masked } from './update-mask.ts';
import { invalidParameter, invalidState } from '../http/errors.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const editBody = clusterSpec.extend({ cluster_id: text });
const updateBody = z.object({
  cluster_id: text,
  update_mask: text,
  cluster: z.record(z.string(), z.json()).default({}),
});
const resizeBody = z.object({ cluster_id: text, ...clusterSize });

/** POST clusters/edit: the new specification replaces the whole old one. */
export function edit(workspace: Workspace, call: Call): Reply {
  const { cluster_id, ...given } = readBody(editBody, call.json);
  return change(workspace, call, held(workspace, call, cluster_id, 'CAN_MANAGE'), given);
}

/** POST clusters/update: only the fields that the mask names change. */
export function update(workspace: Workspace, call: Call): Reply {
  const { cluster_id, update_mask, cluster: fields } = readBody(updateBody, call.json);
  const cluster = held(workspace, call, cluster_id, 'CAN_MANAGE');
  return change(workspace, call, cluster, readBody(clusterSpec, masked(cluster.givenSpec, fields, update_mask)));
}

/** POST clusters/resize, while it runs (facts/databricks.md section 3). */
export function resize(workspace: Workspace, call: Call): Reply {
  const { cluster_id, ...size } = readBody(resizeBody, call.json);
  const cluster = held(workspace, call, cluster_id, 'CAN_RESTART');
  if ((size.num_workers === undefined) === (size.autoscale === undefined))
    throw invalidParameter('Exactly one of num_workers and autoscale must be supplied.');
  requireAutoscaleRange(size);
  if (cluster.state !== 'RUNNING') throw invalidState('Cluster is not running');
  if (cluster.spec.is_single_node === true)
    throw invalidParameter(`Cluster ${cluster.id} is a single-node cluster and cannot be resized.`);
  workspace.clusters.resize(cluster, size, call.caller, call.at);
  return ok({});
}

/** A cluster that runs is restarted with the new specification, a terminated one starts with it next time. @throws 400, 403, 429; nothing has changed then. */
export function change(workspace: Workspace, call: Call, cluster: Cluster, given: ClusterSpec): Reply {
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
