import { endpointView } from './serving-endpoint.ts';
import { notFound, permissionDenied } from '../http/errors.ts';
import { leftOut } from '../http/left-out.ts';
import { levelsOf } from '../identity/permission-kinds.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const PLAIN = '/api/2.0/serving-endpoints';
const NAMED = `${PLAIN}/:name`;
const SOURCE = 'docs/facts/databricks-workspace.md section 9';

/** /api/2.0/serving-endpoints: which there are; asking them is elsewhere (messages/messages.ts). */
export function servingEndpointRoutes({ serving, permissions }: Workspace): Route[] {
  return [
    {
      method: 'GET',
      path: PLAIN,
      does: 'Lists the serving endpoints that the caller may see',
      source: SOURCE,
      handle: ({ caller }) =>
        ok({
          endpoints: [...serving.all()]
            .filter((endpoint) => permissions.allows(caller, 'serving-endpoints', endpoint.id, 'CAN_VIEW'))
            .map((endpoint) => endpointView(endpoint)),
        }),
    },
    {
      method: 'GET',
      path: NAMED,
      does: 'One serving endpoint with its state, config and the level of the caller',
      source: SOURCE,
      handle({ params, caller }) {
        const name = params['name'] ?? '';
        const endpoint = serving.byName(name);
        if (!endpoint) throw notFound(`Endpoint with name '${name}' does not exist.`);
        const level = levelsOf('serving-endpoints').findLast((one) =>
          permissions.allows(caller, 'serving-endpoints', endpoint.id, one),
        );
        if (level === undefined)
          throw permissionDenied(`User does not have permission 'View' on serving endpoint '${endpoint.name}'.`);
        return ok(endpointView(endpoint, level));
      },
    },
    leftOut('POST', PLAIN),
    leftOut('DELETE', NAMED),
  ];
}
