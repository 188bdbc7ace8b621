import { z } from 'zod';
import { libraries } from './library.ts';
import { held, isForgotten } from '../clusters/cluster-access.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import { invalidParameter } from '../http/errors.ts';
import { queryOrBodyText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const body = z.object({ cluster_id: text, libraries });
const SOURCE = 'Python SDK, LibrariesAPI';

/** /api/2.0/libraries: what is to be installed on clusters, and how far that has come. */
export function libraryRoutes(workspace: Workspace): Route[] {
  const { clusters, libraries: shelf, permissions } = workspace;
  const statuses = (cluster: Cluster, at: number): { cluster_id: string; library_statuses?: unknown[] } => {
    const found = shelf.of(cluster, at);
    return {
      cluster_id: cluster.id,
      ...(found.length === 0
        ? {}
        : { library_statuses: found.map((one) => ({ ...one, is_library_for_all_clusters: false })) }),
    };
  };
  return [
    {
      method: 'GET',
      path: '/api/2.0/libraries/cluster-status',
      does: 'Says how far the libraries of one cluster have come',
      source: SOURCE,
      handle: (call) =>
        ok(statuses(held(workspace, call, queryOrBodyText(call, 'cluster_id'), 'CAN_ATTACH_TO'), call.at)),
    },
    {
      method: 'GET',
      path: '/api/2.0/libraries/all-cluster-statuses',
      does: 'Says how far the libraries of every cluster have come that the caller may see and that has any',
      source: SOURCE,
      handle(call) {
        const found = [...clusters.listed.upwards()]
          .filter(
            (cluster) =>
              !isForgotten(cluster, call.at) &&
              permissions.allows(call.caller, 'clusters', cluster.id, 'CAN_ATTACH_TO'),
          )
          .map((cluster) => statuses(cluster, call.at))
          .filter(({ library_statuses }) => library_statuses !== undefined);
        return ok(found.length === 0 ? {} : { statuses: found });
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/libraries/install',
      does: 'Asks for libraries on a cluster; simulated, nothing is really installed',
      source: SOURCE,
      handle(call) {
        const given = readBody(body, call.json);
        const cluster = held(workspace, call, given.cluster_id, 'CAN_MANAGE');
        if (given.libraries.length === 0) throw invalidParameter('At least one library must be given.');
        shelf.install(cluster, given.libraries, call.at);
        return ok({});
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/libraries/uninstall',
      does: 'Takes libraries off a cluster when it restarts',
      source: SOURCE,
      handle(call) {
        const given = readBody(body, call.json);
        shelf.uninstall(held(workspace, call, given.cluster_id, 'CAN_MANAGE'), given.libraries, call.at);
        return ok({});
      },
    },
  ];
}
