import { z } from 'zod';
import { ApiError, invalidParameter } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import { text } from '../http/request-body.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';

/** Where an endpoint writes its logs: tables to make a profile from, or a profile that exists. */
export const telemetryConfig = z.looseObject({
  telemetry_profile_id: text.min(1).optional(),
  table_names: z.looseObject({ logs_table: text.optional() }).optional(),
  inference_table_config: z.looseObject({}).optional(),
});

export type Telemetry = Readonly<Record<string, unknown>>;

/** Only models of one's own write telemetry. */
export const canHaveTelemetry = ({ config, pending }: ServingEndpoint): boolean => {
  const shown = pending ?? config;
  return shown !== undefined && shown.task === undefined;
};

/** @throws 400 where there can be none, 409 while the endpoint is updating. */
export function mustTakeTelemetry(endpoint: ServingEndpoint): void {
  if (!canHaveTelemetry(endpoint))
    throw invalidParameter(
      `Endpoint '${endpoint.name}' serves no model of your own: telemetry can only be configured for endpoints that do.`,
    );
  if (endpoint.updating)
    throw new ApiError({
      status: 409,
      errorCode: 'RESOURCE_CONFLICT',
      message: `Endpoint '${endpoint.name}' is currently updating. Wait for the update to complete before changing its telemetry.`,
    });
}

/** Tables become a profile, and are not shown again; what names neither tables nor a profile leaves the old one in place. */
export function appliedTelemetry(
  previous: Telemetry | undefined,
  given: z.output<typeof telemetryConfig> | undefined,
  chance: Chance,
): Telemetry | undefined {
  if (!given) return undefined;
  const { table_names, telemetry_profile_id, inference_table_config, ...rest } = given;
  if (!table_names && telemetry_profile_id === undefined) return previous;
  const payload = table_names?.logs_table === undefined ? {} : { name: `${table_names.logs_table}_payload` };
  return {
    ...rest,
    telemetry_profile_id: telemetry_profile_id ?? chance.uuid(),
    ...(inference_table_config ? { inference_table_config: { ...inference_table_config, ...payload } } : {}),
  };
}
