import type { FoundationModel } from './foundation-models.ts';
import type { Applying } from './rate-limits.ts';

/** An endpoint of the platform, which serves one of its models. */
export interface ServingEndpoint {
  /** What permissions are keyed by. */
  readonly id: string;
  readonly name: string;
  readonly model: FoundationModel;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly limits: readonly Applying[];
}

/** What GET answers; a list leaves permission_level out. @param level the highest that the asker holds. */
export function endpointView({ id, name, model, createdAt }: ServingEndpoint, level?: string): Record<string, unknown> {
  const entity = `system.ai.${model.name}`;
  return {
    id,
    name,
    creator: 'System-User',
    creation_timestamp: createdAt,
    last_updated_timestamp: createdAt,
    description: '',
    state: { ready: 'READY', config_update: 'NOT_UPDATING' },
    task: 'llm/v1/chat',
    endpoint_type: 'FOUNDATION_MODEL_API',
    route_optimized: false,
    ...(level === undefined ? {} : { permission_level: level }),
    config: {
      served_entities: [
        { name: model.name, entity_name: entity, foundation_model: { name: entity, display_name: model.displayName } },
      ],
    },
  };
}
