import { z } from 'zod';
import { configBody, decidedConfig } from './endpoint-config.ts';
import { appliedTelemetry, canHaveTelemetry, mustTakeTelemetry, telemetryConfig } from './endpoint-telemetry.ts';
import { endpointView, tagsView } from './serving-endpoint.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';
import { GatewayLimits, gatewayRateLimit } from './gateway-limits.ts';
import { invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import { levelsOf } from '../identity/permission-kinds.ts';
import { readBody, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const SDK = 'Python SDK, ServingEndpointsAPI';

const MOST_TAGS = 20;

const tag = z.object({ key: text.min(1).max(127), value: text.max(255).default('') });
const notifications = z.object({
  on_update_success: z.array(text).optional(),
  on_update_failure: z.array(text).optional(),
});
const gatewayBody = z.looseObject({ rate_limits: z.array(gatewayRateLimit).max(20).optional() });
const createBody = z.looseObject({
  name: text.regex(/^[\w-]{1,63}$/, 'an endpoint name consists of at most 63 letters, digits, dashes and underscores'),
  config: configBody.optional(),
  description: text.max(5_000).default(''),
  route_optimized: z.boolean().default(false),
  tags: z.array(tag).max(MOST_TAGS).default([]),
  rate_limits: z.array(gatewayRateLimit).max(20).default([]),
  ai_gateway: gatewayBody.optional(),
  email_notifications: notifications.optional(),
  telemetry_config: telemetryConfig.optional(),
  budget_policy_id: text.optional(),
});
const tagsBody = z.object({ add_tags: z.array(tag).default([]), delete_tags: z.array(text).default([]) });
const rateLimitsBody = z.object({ rate_limits: z.array(gatewayRateLimit).max(20).default([]) });

const notificationsBody = z.object({ email_notifications: notifications.optional() });
const telemetryBody = z.object({ telemetry_config: telemetryConfig.optional() });

const PLAIN = '/api/2.0/serving-endpoints';
const NAMED = `${PLAIN}/:name`;
const SOURCE = 'facts/databricks.md section 9';

/** /api/2.0/serving-endpoints: the endpoints themselves; asking them is elsewhere (invocations.ts, messages.ts). */
export function servingEndpointRoutes(workspace: Workspace): Route[] {
  const { serving, permissions, principals } = workspace;
  const LEVELS = { View: 'CAN_VIEW', Manage: 'CAN_MANAGE' } as const;

  const named = (call: Call, need: keyof typeof LEVELS): ServingEndpoint => {
    const name = call.params['name'] ?? '';
    const endpoint = serving.byName(name);
    if (!endpoint) throw notFound(`Endpoint with name '${name}' does not exist.`);
    if (!permissions.allows(call.caller, 'serving-endpoints', endpoint.id, LEVELS[need])) {
      throw permissionDenied(`User does not have permission '${need}' on serving endpoint '${endpoint.name}'.`);
    }
    return endpoint;
  };
  const view = (call: Call, endpoint: ServingEndpoint): unknown =>
    endpointView(
      endpoint,
      levelsOf('serving-endpoints').findLast((level) =>
        permissions.allows(call.caller, 'serving-endpoints', endpoint.id, level),
      ),
    );

  return [
    {
      method: 'GET',
      path: PLAIN,
      does: 'Lists the serving endpoints that the caller may see',
      source: SOURCE,
      handle: (call) =>
        ok({
          endpoints: [...serving.all()]
            .filter((endpoint) => permissions.allows(call.caller, 'serving-endpoints', endpoint.id, 'CAN_VIEW'))
            .map((endpoint) => endpointView(endpoint)),
        }),
    },
    {
      method: 'POST',
      path: PLAIN,
      does: 'Creates a serving endpoint, which is ready some minutes later; for admins',
      source: SDK,
      handle(call) {
        if (!principals.isAdmin(call.caller))
          throw permissionDenied(
            `${call.caller.userName} is not allowed to create serving endpoints. Please contact an administrator for access.`,
          );
        const body = readBody(createBody, call.json);
        const config = body.config && decidedConfig(body.config);
        const endpoint = serving.create(
          {
            name: body.name,
            description: body.description,
            routeOptimized: body.route_optimized,
            budgetPolicyId: body.budget_policy_id,
            tags: body.tags,
          },
          config,
          call.caller,
          call.at,
        );
        const { rate_limits = body.rate_limits, ...settings } = body.ai_gateway ?? {};
        endpoint.gateway = body.ai_gateway && settings;
        endpoint.gatewayLimits = new GatewayLimits(rate_limits);
        endpoint.notifications = body.email_notifications;
        if (canHaveTelemetry(endpoint))
          endpoint.telemetry = appliedTelemetry(undefined, body.telemetry_config, workspace.chance);
        permissions.grantHighest(call.caller, 'serving-endpoints', endpoint.id);
        return ok(view(call, endpoint));
      },
    },
    {
      method: 'GET',
      path: NAMED,
      does: 'One serving endpoint with its state, config and the level of the caller',
      source: SOURCE,
      handle: (call) => ok(view(call, named(call, 'View'))),
    },
    {
      method: 'DELETE',
      path: NAMED,
      does: 'Deletes a serving endpoint that somebody made',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        serving.delete(endpoint);
        permissions.forget('serving-endpoints', endpoint.id);
        return ok({});
      },
    },
    {
      method: 'PUT',
      path: `${NAMED}/config`,
      does: 'Moves an endpoint to another config, which takes some minutes',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        serving.deploy(endpoint, decidedConfig(readRequiredBody(configBody, call.json)), call.at);
        return ok(view(call, endpoint));
      },
    },
    {
      method: 'PATCH',
      path: `${NAMED}/tags`,
      does: 'Adds and deletes tags of an endpoint',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        const { add_tags, delete_tags } = readRequiredBody(tagsBody, call.json);
        const tags = new Map([...endpoint.tags, ...add_tags.map(({ key, value }) => [key, value] as const)]);
        for (const key of delete_tags) tags.delete(key);
        if (tags.size > MOST_TAGS)
          throw invalidParameter(`An endpoint has at most ${MOST_TAGS} tags, got ${tags.size}.`);
        endpoint.tags.clear();
        for (const [key, value] of tags) endpoint.tags.set(key, value);
        return ok({ tags: tagsView(endpoint) });
      },
    },
    {
      method: 'PATCH',
      path: `${NAMED}/notifications`,
      does: 'Changes whom an endpoint writes to; nobody is written to',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        endpoint.notifications = readRequiredBody(notificationsBody, call.json).email_notifications;
        return ok(view(call, endpoint));
      },
    },
    {
      method: 'PATCH',
      path: `${NAMED}/telemetry-config`,
      does: 'Changes where an endpoint writes its logs; nothing is written',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        const { telemetry_config } = readRequiredBody(telemetryBody, call.json);
        mustTakeTelemetry(endpoint);
        endpoint.telemetry = appliedTelemetry(endpoint.telemetry, telemetry_config, workspace.chance);
        endpoint.updatedAt = call.at;
        return ok(view(call, endpoint));
      },
    },
    {
      method: 'PUT',
      path: `${NAMED}/rate-limits`,
      does: 'Replaces the rate limits of an endpoint; the older form of ai-gateway',
      source: SDK,
      handle(call) {
        const endpoint = named(call, 'Manage');
        endpoint.gatewayLimits = new GatewayLimits(readRequiredBody(rateLimitsBody, call.json).rate_limits);
        return ok({ rate_limits: endpoint.gatewayLimits.lines });
      },
    },
    {
      method: 'PUT',
      path: `${NAMED}/ai-gateway`,
      does: 'Replaces the AI Gateway settings of an endpoint; only rate limits change anything here',
      source: SOURCE,
      handle(call) {
        const endpoint = named(call, 'Manage');
        const { rate_limits = [], ...settings } = readRequiredBody(gatewayBody, call.json);
        endpoint.gateway = Object.keys(settings).length > 0 ? settings : undefined;
        endpoint.gatewayLimits = new GatewayLimits(rate_limits);
        return ok({ ...settings, ...(rate_limits.length > 0 ? { rate_limits } : {}) });
      },
    },
  ];
}
