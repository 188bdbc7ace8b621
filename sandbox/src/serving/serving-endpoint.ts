import type { EndpointConfig } from './endpoint-config.ts';
import type { Telemetry } from './endpoint-telemetry.ts';
import type { FoundationModel } from './foundation-models.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import type { Applying } from './rate-limits.ts';

/** An endpoint, and what is known of how it serves. */
export interface ServingEndpoint {
  /** What permissions are keyed by. */
  readonly id: string;
  readonly name: string;
  /** The platform's own; undefined for one that somebody made. */
  readonly foundation: FoundationModel | undefined;
  readonly creator: string;
  readonly createdAt: number;
  readonly description: string;
  readonly routeOptimized: boolean;
  /** What decides how it is asked, such as `llm/v1/chat`; undefined for a model of one's own. */
  task: string | undefined;
  readonly maxOutputTokens: number;
  readonly limits: readonly Applying[];
  updatedAt: number;
  ready: 'READY' | 'NOT_READY';
  updating: boolean;
  config: EndpointConfig | undefined;
  /** What it is changing to. */
  pending: EndpointConfig | undefined;
  configVersion: number;
  readonly tags: Map<string, string>;
  /** Whom to write to; nobody is written to here. */
  notifications: Readonly<Record<string, unknown>> | undefined;
  telemetry: Telemetry | undefined;
  readonly budgetPolicyId: string | undefined;
  /** As it was put, without its rate limits. */
  gateway: Readonly<Record<string, unknown>> | undefined;
  gatewayLimits: GatewayLimits;
}

/** What GET answers; a list leaves permission_level out. @param level the highest that the asker holds. */
export function endpointView(endpoint: ServingEndpoint, level?: string): Record<string, unknown> {
  const { gateway, gatewayLimits, tags, config, pending, notifications, telemetry, budgetPolicyId } = endpoint;
  const limits = gatewayLimits.lines.length > 0 ? { rate_limits: gatewayLimits.lines } : {};
  return {
    id: endpoint.id,
    name: endpoint.name,
    creator: endpoint.creator,
    creation_timestamp: endpoint.createdAt,
    last_updated_timestamp: endpoint.updatedAt,
    description: endpoint.description,
    state: { ready: endpoint.ready, config_update: endpoint.updating ? 'IN_PROGRESS' : 'NOT_UPDATING' },
    ...(endpoint.task === undefined ? {} : { task: endpoint.task }),
    ...(endpoint.foundation ? { endpoint_type: 'FOUNDATION_MODEL_API' } : {}),
    route_optimized: endpoint.routeOptimized,
    ...(level === undefined ? {} : { permission_level: level }),
    ...(config ? { config: configView(endpoint, config, endpoint.configVersion, 'DEPLOYMENT_READY') } : {}),
    ...(pending
      ? { pending_config: configView(endpoint, pending, endpoint.configVersion + 1, 'DEPLOYMENT_CREATING') }
      : {}),
    ...(tags.size > 0 ? { tags: tagsView(endpoint) } : {}),
    ...(notifications ? { email_notifications: notifications } : {}),
    ...(telemetry ? { telemetry_config: telemetry } : {}),
    ...(budgetPolicyId === undefined ? {} : { budget_policy_id: budgetPolicyId }),
    ...(gateway || gatewayLimits.lines.length > 0 ? { ai_gateway: { ...gateway, ...limits } } : {}),
  };
}

/** By key. */
export const tagsView = ({ tags }: ServingEndpoint): { key: string; value: string }[] =>
  [...tags].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));

function configView(
  { foundation, creator, createdAt }: ServingEndpoint,
  { entities, routes, autoCapture }: EndpointConfig,
  version: number,
  deployment: string,
): unknown {
  if (foundation) return { served_entities: entities };
  const served = entities.map((entity) => ({
    ...entity,
    creator,
    creation_timestamp: createdAt,
    state: { deployment, deployment_state_message: '' },
  }));
  return {
    served_entities: served,
    // Older clients read the same under the older names.
    served_models: served.map(({ entity_name, entity_version, ...rest }: Readonly<Record<string, unknown>>) => ({
      model_name: entity_name,
      model_version: entity_version,
      ...rest,
    })),
    traffic_config: { routes },
    ...(autoCapture ? { auto_capture_config: autoCapture } : {}),
    config_version: version,
  };
}
