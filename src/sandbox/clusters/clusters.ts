import { z } from 'zod';
import { eventsBody, listEvents } from './cluster-events.ts';
import { userRequest } from './cluster-fleet.ts';
import { listClusters } from './cluster-listing.ts';
import { clusterSpec } from './cluster-model.ts';
import type { Cluster } from './cluster-model.ts';
import { requirePoolAttach, settleSpec } from './cluster-validation.ts';
import { clusterView } from './cluster-view.ts';
import { ApiError, invalidParameter, invalidState, permissionDenied } from '../http/errors.ts';
import { nodeTypeList, sparkVersionList } from './node-types.ts';
import type { Principal } from '../identity/principals.ts';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Method, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const idBody = z.object({ cluster_id: text });
const editBody = clusterSpec.extend({ cluster_id: text });

const VERBS = { CAN_ATTACH_TO: 'Attach', CAN_RESTART: 'Restart', CAN_MANAGE: 'Manage' } as const;

/** /api/2.1/clusters, and the same under /api/2.0 (facts/databricks.md sections 2 and 3). */
export function clusterRoutes(workspace: Workspace): Route[] {
  const actions: [Method, string, (workspace: Workspace, call: Call) => Reply][] = [
    ['POST', 'create', create],
    ['GET', 'get', (_, call) => ok(clusterView(held(workspace, call.caller, queryText(call.query, 'cluster_id'), 'CAN_ATTACH_TO')))],
    ['GET', 'list', list],
    ['POST', 'edit', edit],
    ['POST', 'start', start],
    ['POST', 'restart', restart],
    ['POST', 'delete', terminate],
    ['POST', 'permanent-delete', permanentDelete],
    ['POST', 'pin', pin],
    ['POST', 'unpin', unpin],
    ['POST', 'events', events],
    ['GET', 'list-node-types', () => ok(nodeTypeList())],
    ['GET', 'spark-versions', () => ok(sparkVersionList())],
  ];
  return ['2.1', '2.0'].flatMap((version) =>
    actions.map(([method, action, act]): Route => ({ method, path: `/api/${version}/clusters/${action}`, handle: (call) => act(workspace, call) })),
  );
}

function create(workspace: Workspace, call: Call): Reply {
  const given = readBody(clusterSpec, call.json);
  const spec = settleSpec(workspace, given, call.caller);
  countForPolicy(workspace, spec.policy_id, call.caller, undefined);
  const cluster = workspace.clusters.create(spec, given, call.caller, call.at);
  workspace.permissions.grantHighest(call.caller, 'clusters', cluster.id);
  return ok({ cluster_id: cluster.id });
}

function list(workspace: Workspace, call: Call): Reply {
  const { clusters, permissions, principals } = workspace;
  const seesAll = principals.isAdmin(call.caller);
  const visible: Cluster[] = [];
  for (const cluster of clusters.everMade()) {
    if (cluster.removedAt === undefined && (seesAll || permissions.allows(call.caller, 'clusters', cluster.id, 'CAN_ATTACH_TO'))) visible.push(cluster);
  }
  return ok(listClusters(visible, call.query));
}

function edit(workspace: Workspace, call: Call): Reply {
  const { cluster_id, ...given } = readBody(editBody, call.json);
  const cluster = held(workspace, call.caller, cluster_id, 'CAN_MANAGE');
  if (cluster.state !== 'TERMINATED' && cluster.state !== 'RUNNING') throw unexpectedState(cluster);
  const spec = settleSpec(workspace, given, call.caller);
  const wasRunning = cluster.state === 'RUNNING';
  const { spec: oldSpec, givenSpec: oldGiven } = cluster;
  workspace.clusters.edit(cluster, spec, given, call.caller, call.at);
  if (wasRunning) {
    try {
      workspace.clusters.restart(cluster, call.caller, call.at);
    } catch (refused) {
      workspace.clusters.edit(cluster, oldSpec, oldGiven, call.caller, call.at);
      throw refused;
    }
  }
  return ok({});
}

function start(workspace: Workspace, call: Call): Reply {
  const cluster = held(workspace, call.caller, readBody(idBody, call.json).cluster_id, 'CAN_RESTART');
  if (cluster.state !== 'TERMINATED') throw unexpectedState(cluster);
  const pool = workspace.pools.find(cluster.spec.instance_pool_id ?? '');
  if (pool) requirePoolAttach(workspace, pool, call.caller);
  countForPolicy(workspace, cluster.spec.policy_id, cluster.creator, cluster);
  workspace.clusters.start(cluster, call.caller, call.at);
  return ok({});
}

function restart(workspace: Workspace, call: Call): Reply {
  const cluster = held(workspace, call.caller, readBody(idBody, call.json).cluster_id, 'CAN_RESTART');
  if (cluster.state !== 'RUNNING') throw unexpectedState(cluster);
  workspace.clusters.restart(cluster, call.caller, call.at);
  return ok({});
}

function terminate(workspace: Workspace, call: Call): Reply {
  const cluster = held(workspace, call.caller, readBody(idBody, call.json).cluster_id, 'CAN_RESTART');
  workspace.clusters.terminate(cluster, userRequest(call.caller), `Terminated by ${call.caller.userName}`, call.at);
  return ok({});
}

function permanentDelete(workspace: Workspace, call: Call): Reply {
  const cluster = held(workspace, call.caller, readBody(idBody, call.json).cluster_id, 'CAN_MANAGE');
  if (cluster.pinnedBy !== undefined) throw invalidParameter(`Cluster ${cluster.id} is pinned: unpin the cluster first.`);
  workspace.clusters.remove(cluster, call.caller, call.at);
  workspace.permissions.forget('clusters', cluster.id);
  return ok({});
}

function pin(workspace: Workspace, call: Call): Reply {
  const cluster = administered(workspace, call);
  workspace.clusters.pin(cluster, call.caller, call.at);
  return ok({});
}

function unpin(workspace: Workspace, call: Call): Reply {
  const cluster = administered(workspace, call);
  workspace.clusters.unpin(cluster, call.caller, call.at);
  return ok({});
}

function events(workspace: Workspace, call: Call): Reply {
  const asked = readBody(eventsBody, call.json);
  return ok(listEvents(held(workspace, call.caller, asked.cluster_id, 'CAN_ATTACH_TO'), asked));
}

function administered(workspace: Workspace, call: Call): Cluster {
  const cluster = workspace.clusters.get(readBody(idBody, call.json).cluster_id);
  if (!workspace.principals.isAdmin(call.caller)) throw permissionDenied('Only admin users can pin or unpin clusters.');
  return cluster;
}

/** The cluster, when the caller holds the level on it. */
function held(workspace: Workspace, caller: Principal, id: string, level: keyof typeof VERBS): Cluster {
  const cluster = workspace.clusters.get(id);
  if (workspace.permissions.allows(caller, 'clusters', id, level)) return cluster;
  throw permissionDenied(`${caller.userName} does not have ${VERBS[level]} permissions on cluster ${id}. Please contact the owner or an administrator for access.`);
}

const unexpectedState = (cluster: Cluster): ApiError =>
  invalidState(`Cluster ${cluster.id} is in unexpected state ${cluster.state.slice(0, 1)}${cluster.state.slice(1).toLowerCase()}.`);

/** max_clusters_per_user counts what is active under the policy by who created it; whom it is dedicated to does not matter (facts/databricks.md section 1). */
function countForPolicy(workspace: Workspace, policyId: string | undefined, creator: Principal, self: Cluster | undefined): void {
  const policy = policyId ? workspace.policies.find(policyId) : undefined;
  const most = policy?.fields.max_clusters_per_user;
  if (!policy || most === undefined) return;
  let active = 0;
  for (const cluster of workspace.clusters.everMade()) {
    if (cluster !== self && cluster.creator === creator && cluster.spec.policy_id === policyId && cluster.state !== 'TERMINATED') active += 1;
  }
  if (active >= most) {
    throw new ApiError({
      status: 400,
      errorCode: 'QUOTA_EXCEEDED',
      message: `Cluster validation error: User ${creator.userName} has reached the limit of ${most} active cluster(s) for cluster policy '${policy.fields.name}'.`,
    });
  }
}
