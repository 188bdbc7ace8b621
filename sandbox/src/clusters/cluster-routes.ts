import { held, isForgotten, mustBeRemembered } from './cluster-access.ts';
import { edit } from './cluster-changes.ts';
import { create, legacyCreate } from './cluster-creation.ts';
import { eventsBody, listEvents } from './cluster-events.ts';
import { changeOwner, permanentDelete, pin, restart, start, terminate, unpin } from './fleet/cluster-lifecycle.ts';
import { listAllClusters, listClusters } from './cluster-listing.ts';
import type { Cluster } from './cluster-model.ts';
import { clusterView } from './cluster-view.ts';
import { nodeTypeList } from '../region/node-types.ts';
import { sparkVersionList } from '../region/spark-versions.ts';
import { notFound } from '../http/errors.ts';
import { queryOrBodyText, readBody } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Method, Reply, Route } from '../http/router.ts';
import type { ClusterParts } from './cluster-parts.ts';

interface Action {
  readonly method: Method;
  readonly does: string;
  readonly source: string;
  readonly act: (workspace: ClusterParts, call: Call) => Reply;
  readonly readsOnly?: true;
}

/** What of a call a listing looks at. */
type Listing = Pick<Call, 'caller' | 'query' | 'at'>;

const LIFE = 'docs/facts/databricks.md section 3';
const CREATION = 'docs/facts/databricks.md section 2';

/** What both versions of the API answer alike. */
const ACTIONS: Readonly<Record<string, Action>> = {
  get: { method: 'GET', does: 'Answers one cluster', source: LIFE, act: get },
  edit: {
    method: 'POST',
    does: 'Replaces the specification of a cluster; one that runs restarts',
    source: LIFE,
    act: edit,
  },
  start: { method: 'POST', does: 'Starts a terminated cluster under its id', source: LIFE, act: start },
  restart: { method: 'POST', does: 'Restarts a running cluster on fresh nodes', source: LIFE, act: restart },
  delete: { method: 'POST', does: 'Terminates a cluster; it can be started again', source: LIFE, act: terminate },
  'permanent-delete': {
    method: 'POST',
    does: 'Terminates a cluster and takes it out of every listing for good',
    source: LIFE,
    act: permanentDelete,
  },
  pin: {
    method: 'POST',
    does: 'Keeps a cluster in the listing however long it is terminated (admins)',
    source: LIFE,
    act: pin,
  },
  unpin: { method: 'POST', does: 'Takes the pin off a cluster (admins)', source: LIFE, act: unpin },
  'change-owner': {
    method: 'POST',
    does: 'Gives a terminated cluster another owner (admins)',
    source: 'docs/facts/databricks.md section 1',
    act: changeOwner,
  },
  events: {
    method: 'POST',
    does: 'Lists what happened to a cluster, newest first, in pages',
    source: LIFE,
    act: events,
    readsOnly: true,
  },
  'list-node-types': {
    method: 'GET',
    does: 'Lists the kinds of machine that a cluster can have',
    source: 'docs/facts/databricks-workspace.md section 12',
    act: () => ok(nodeTypeList()),
  },
  'spark-versions': {
    method: 'GET',
    does: 'Lists the runtimes that a cluster can have',
    source: 'docs/facts/databricks.md section 5',
    act: () => ok(sparkVersionList()),
  },
  'list-zones': {
    method: 'GET',
    does: 'Lists availability zones, of which an Azure workspace offers none to choose from',
    source: 'docs/facts/ssh-and-claude.md section 4',
    act: () => ok({ zones: [], default_zone: '' }),
  },
};

/** /api/2.1/clusters, and the same under /api/2.0 but for an older create and list. */
export function clusterRoutes(workspace: ClusterParts & { advance(): number }): Route[] {
  workspace.permissions.register('clusters', {
    mustExist(id) {
      const { clusters } = workspace;
      // Of one that was deleted for good there is no list any more, though its own API says 400.
      if (clusters.remembered(id)?.removedAt !== undefined) throw notFound(`Cluster ${id} does not exist`);
      mustBeRemembered(clusters.get(id), workspace.advance());
    },
  });
  const makes = 'Creates a cluster and answers its id while it is pending';
  const versions: Record<string, Readonly<Record<string, Action>>> = {
    '2.1': {
      create: { method: 'POST', does: makes, source: CREATION, act: create },
      list: { method: 'GET', does: 'Lists clusters in pages, filtered and sorted', source: CREATION, act: list },
      ...ACTIONS,
    },
    '2.0': {
      create: {
        method: 'POST',
        does: `${makes}; an idempotency_token makes it repeatable`,
        source: CREATION,
        act: legacyCreate,
      },
      list: {
        method: 'GET',
        does: 'Lists all clusters at once, or in pages when asked for pages',
        source: CREATION,
        act: legacyList,
      },
      ...ACTIONS,
    },
  };
  return Object.entries(versions).flatMap(([version, actions]) =>
    Object.entries(actions).map(([action, { act, ...rest }]): Route => ({
      ...rest,
      path: `/api/${version}/clusters/${action}`,
      handle: (call) => act(workspace, call),
    })),
  );
}

function get(workspace: ClusterParts, call: Call): Reply {
  return ok(clusterView(held(workspace, call, queryOrBodyText(call, 'cluster_id'), 'CAN_ATTACH_TO')));
}

/** Pinned and active clusters and those terminated lately, as far as the caller may attach to them. */
function shownTo({ permissions, principals }: ClusterParts, { caller, at }: Listing): (cluster: Cluster) => boolean {
  const seesAll = principals.isAdmin(caller);
  return (cluster) =>
    !isForgotten(cluster, at) && (seesAll || permissions.allows(caller, 'clusters', cluster.id, 'CAN_ATTACH_TO'));
}

/** The answer of clusters/list in API 2.1. */
export function list(workspace: ClusterParts, call: Listing, clusters = workspace.clusters.listed): Reply {
  return ok(listClusters(clusters, shownTo(workspace, call), call.query));
}

/** The same in API 2.0. */
export function legacyList(workspace: ClusterParts, call: Listing, clusters = workspace.clusters.listed): Reply {
  const isPaged = call.query.has('page_size') || call.query.has('page_token');
  return ok((isPaged ? listClusters : listAllClusters)(clusters, shownTo(workspace, call), call.query));
}

function events(workspace: ClusterParts, call: Call): Reply {
  const asked = readBody(eventsBody, call.json);
  return ok(listEvents(held(workspace, call, asked.cluster_id, 'CAN_ATTACH_TO'), asked));
}
