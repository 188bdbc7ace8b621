import { createHash } from 'node:crypto';
import { notFound, permissionDenied } from '../http/errors.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

export interface ServingEndpoint {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** Output tokens spent in the last minute, oldest first. */
  readonly spent: { readonly at: number; readonly tokens: number }[];
}

const MODELS = ['databricks-claude-sonnet-4-5', 'databricks-claude-opus-4-1', 'databricks-claude-haiku-4-5'] as const;

/** The serving endpoints that the workspace comes with. */
export class ServingEndpoints {
  readonly #byName: ReadonlyMap<string, ServingEndpoint>;
  readonly outputTokensPerMinute: number;

  constructor(at: number, outputTokensPerMinute: number) {
    this.outputTokensPerMinute = outputTokensPerMinute;
    this.#byName = new Map(MODELS.map((name) => [name, { id: createHash('md5').update(name).digest('hex'), name, createdAt: at, spent: [] }]));
  }

  all(): Iterable<ServingEndpoint> {
    return this.#byName.values();
  }

  byName(name: string): ServingEndpoint | undefined {
    return this.#byName.get(name);
  }

  /** @throws 404; permissions go by id, never by name. */
  byId(id: string): ServingEndpoint {
    const found = [...this.#byName.values()].find((endpoint) => endpoint.id === id);
    if (!found) throw notFound(`Serving endpoint with id ${id} does not exist.`);
    return found;
  }
}

/** /api/2.0/serving-endpoints: list and get (facts/databricks.md section 9). */
export function servingEndpointRoutes(workspace: Workspace): Route[] {
  const { serving, permissions } = workspace;
  return [
    {
      method: 'GET',
      path: '/api/2.0/serving-endpoints',
      handle: (call) => ok({ endpoints: [...serving.all()].filter((endpoint) => permissions.allows(call.caller, 'serving-endpoints', endpoint.id, 'CAN_VIEW')).map(view) }),
    },
    {
      method: 'GET',
      path: '/api/2.0/serving-endpoints/:name',
      handle(call) {
        const endpoint = serving.byName(call.params['name'] ?? '');
        if (!endpoint) throw notFound(`Endpoint with name '${call.params['name']}' does not exist.`);
        if (!permissions.allows(call.caller, 'serving-endpoints', endpoint.id, 'CAN_VIEW')) {
          throw permissionDenied(`User does not have permission 'View' on serving endpoint '${endpoint.name}'.`);
        }
        return ok(view(endpoint));
      },
    },
  ];
}

const view = (endpoint: ServingEndpoint): unknown => ({
  id: endpoint.id,
  name: endpoint.name,
  creator: 'System-User',
  creation_timestamp: endpoint.createdAt,
  last_updated_timestamp: endpoint.createdAt,
  state: { ready: 'READY', config_update: 'NOT_UPDATING' },
  task: 'llm/v1/chat',
  endpoint_type: 'FOUNDATION_MODEL_API',
  permission_level: 'CAN_QUERY',
  config: { served_entities: [{ name: endpoint.name, foundation_model: { name: `system.ai.${endpoint.name}`, display_name: endpoint.name } }] },
});
