import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { text } from '../http/request-body.ts';

const externalModel = z.looseObject({ name: text.min(1), provider: text.min(1), task: text.min(1) });
const servedEntity = z.looseObject({
  name: text.regex(/^[\w-]{1,63}$/).optional(),
  entity_name: text.min(1).optional(),
  entity_version: text.min(1).optional(),
  external_model: externalModel.optional(),
  workload_size: text.optional(),
  workload_type: text.optional(),
  scale_to_zero_enabled: z.boolean().optional(),
  environment_vars: z.record(z.string(), text).optional(),
});
/** The older name of the same thing. */
const servedModel = z
  .looseObject({ model_name: text.min(1), model_version: text.min(1) })
  .transform(({ model_name, model_version, ...rest }): z.input<typeof servedEntity> => ({
    ...rest,
    entity_name: model_name,
    entity_version: model_version,
  }))
  .pipe(servedEntity);
const route = z.looseObject({
  served_model_name: text.optional(),
  served_entity_name: text.optional(),
  traffic_percentage: z.int().min(0).max(100),
});

/** What a client sends as `config`, and as the body of PUT config. */
export const configBody = z.looseObject({
  served_entities: z.array(servedEntity).max(15).optional(),
  served_models: z.array(servedModel).max(15).optional(),
  auto_capture_config: z.looseObject({}).optional(),
  traffic_config: z.looseObject({ routes: z.array(route).optional() }).optional(),
});

export interface EndpointConfig {
  readonly entities: readonly Readonly<Record<string, unknown>>[];
  readonly routes: readonly Readonly<Record<string, unknown>>[];
  readonly autoCapture: Readonly<Record<string, unknown>> | undefined;
  /** Of an external model; undefined for a model of one's own. */
  readonly task: string | undefined;
}

/** Checks a config and fills in what was left out. @throws 400 INVALID_PARAMETER_VALUE. */
export function decidedConfig(given: z.output<typeof configBody>): EndpointConfig {
  const wanted = given.served_entities ?? given.served_models ?? [];
  if (wanted.length === 0) throw invalidParameter('Endpoint config must contain at least one served entity.');
  const named = wanted.map((entity) => {
    if (entity.external_model ? entity.entity_name !== undefined : entity.entity_name === undefined) {
      throw invalidParameter('Each served entity must have exactly one of entity_name or external_model.');
    }
    return { ...entity, name: entity.name ?? standardName(entity) };
  });
  const names = new Set(named.map(({ name }) => name));
  if (names.size !== named.length) throw invalidParameter('Served entity names must be unique within an endpoint.');
  return {
    entities: named.map((entity) => withoutSecrets(entity) as Readonly<Record<string, unknown>>),
    routes: decidedRoutes(given.traffic_config?.routes, names),
    autoCapture: given.auto_capture_config,
    task: named[0]?.external_model?.task,
  };
}

function decidedRoutes(
  given: readonly z.output<typeof route>[] | undefined,
  names: ReadonlySet<string>,
): EndpointConfig['routes'] {
  if (!given || given.length === 0) {
    const [only] = names;
    if (names.size > 1)
      throw invalidParameter('traffic_config is required when an endpoint has more than one served entity.');
    return [{ served_model_name: only, served_entity_name: only, traffic_percentage: 100 }];
  }
  const routes = given.map((one) => ({ ...one, name: one.served_entity_name ?? one.served_model_name ?? '' }));
  const stranger = routes.find(({ name }) => !names.has(name));
  if (stranger)
    throw invalidParameter(`traffic_config names '${stranger.name}', which is no served entity of this endpoint.`);
  const total = routes.reduce((sum, { traffic_percentage }) => sum + traffic_percentage, 0);
  if (total !== 100) throw invalidParameter(`Traffic percentages must add up to 100, got ${total}.`);
  return routes.map(({ name, traffic_percentage }) => ({
    served_model_name: name,
    served_entity_name: name,
    traffic_percentage,
  }));
}

function standardName({ external_model, entity_name = '', entity_version }: z.output<typeof servedEntity>): string {
  if (external_model) return external_model.name.replaceAll(/[.:]/g, '-');
  return `${entity_name.split('.').at(-1) ?? ''}${entity_version === undefined ? '' : `-${entity_version}`}`;
}

/** Keys that were given in the open are never shown again. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith('_plaintext'))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  );
}
