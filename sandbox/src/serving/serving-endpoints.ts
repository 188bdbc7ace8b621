import { createHash } from 'node:crypto';
import { ApiError, invalidParameter, notFound } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import type { EndpointConfig } from './endpoint-config.ts';
import { FOUNDATION_MODELS } from './foundation-models.ts';
import type { FoundationModel } from './foundation-models.ts';
import { GatewayLimits } from './gateway-limits.ts';
import { payPerTokenLimits } from './rate-limits.ts';
import type { Applying, ServingRates } from './rate-limits.ts';
import type { Pace } from '../time/pace.ts';
import type { Principal, Principals } from '../identity/principals.ts';
import type { Schedule } from '../time/schedule.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';
import { UsageBook } from './usage.ts';

const DEPLOYMENT_MS = 5 * 60_000;
const MAX_OUTPUT_TOKENS = 64_000;

/** How the endpoints of the platform serve. */
export interface ServingSettings extends ServingRates {
  /** How fast an answer is streamed, before `speed`. */
  readonly outputTokensPerSecond: number;
  readonly speed: number;
}

interface World {
  readonly schedule: Schedule;
  readonly pace: Pace;
  readonly chance: Chance;
  readonly principals: Principals;
}

/** The fields of a new endpoint beside its config. */
interface NewEndpoint {
  readonly name: string;
  readonly description: string;
  readonly routeOptimized: boolean;
  readonly budgetPolicyId: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** The serving endpoints: those the workspace comes with, and those that somebody makes. */
export class ServingEndpoints {
  readonly usage = new UsageBook();
  /** How fast an answer is streamed. */
  readonly tokensPerSecond: number;
  readonly #byName = new Map<string, ServingEndpoint>();
  readonly #byId = new Map<string, ServingEndpoint>();
  readonly #world: World;

  constructor(world: World, settings: ServingSettings, at: number) {
    this.#world = world;
    this.tokensPerSecond = settings.outputTokensPerSecond * settings.speed;
    for (const model of FOUNDATION_MODELS) this.#keep(foundationEndpoint(model, payPerTokenLimits(settings), at));
  }

  all(): Iterable<ServingEndpoint> {
    return this.#byName.values();
  }

  byName(name: string): ServingEndpoint | undefined {
    return this.#byName.get(name);
  }

  /** @throws 404; permissions go by id, never by name. */
  byId(id: string): ServingEndpoint {
    const found = this.#byId.get(id);
    if (!found) throw notFound(`Serving endpoint with id ${id} does not exist.`);
    return found;
  }

  /** Every limit that a query of this person has to pass. */
  limitsOn(endpoint: ServingEndpoint, who: Principal): Applying[] {
    return [...endpoint.limits, ...endpoint.gatewayLimits.for(who, this.#world.principals)];
  }

  /** A new endpoint, which serves nothing until its first config is deployed. @throws 409 when the name is taken. */
  create(
    { name, description, routeOptimized, budgetPolicyId, tags }: NewEndpoint,
    config: EndpointConfig | undefined,
    creator: Principal,
    at: number,
  ): ServingEndpoint {
    if (this.#byName.has(name))
      throw new ApiError({
        status: 409,
        errorCode: 'RESOURCE_ALREADY_EXISTS',
        message: `Endpoint with name '${name}' already exists.`,
      });
    const endpoint: ServingEndpoint = {
      id: this.#world.chance.hex(),
      name,
      foundation: undefined,
      creator: creator.userName,
      createdAt: at,
      description,
      routeOptimized,
      task: config?.task,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      limits: [],
      updatedAt: at,
      ready: 'NOT_READY',
      updating: false,
      config: undefined,
      pending: undefined,
      configVersion: 0,
      tags: new Map(tags.map(({ key, value }) => [key, value])),
      notifications: undefined,
      telemetry: undefined,
      budgetPolicyId,
      gateway: undefined,
      gatewayLimits: new GatewayLimits([]),
    };
    this.#keep(endpoint);
    if (config) this.deploy(endpoint, config, at);
    return endpoint;
  }

  /**
   * Moves to another config. Until that is deployed the endpoint serves what it served; an external model is only passed on to and
   * needs no time. @throws 409 while another update is under way.
   */
  deploy(endpoint: ServingEndpoint, config: EndpointConfig, at: number): void {
    if (endpoint.foundation)
      throw invalidParameter(`Endpoint '${endpoint.name}' is served by the platform: its config cannot be changed.`);
    if (endpoint.updating)
      throw new ApiError({
        status: 409,
        errorCode: 'RESOURCE_CONFLICT',
        message: `Endpoint '${endpoint.name}' is currently updating. Wait for the update to complete before updating it again.`,
      });
    endpoint.updatedAt = at;
    const done = (): void => {
      endpoint.config = config;
      endpoint.task = config.task;
      endpoint.pending = undefined;
      endpoint.updating = false;
      endpoint.ready = 'READY';
      endpoint.configVersion += 1;
    };
    if (config.task !== undefined) {
      done();
      return;
    }
    endpoint.pending = config;
    endpoint.updating = true;
    this.#world.schedule.at(at + this.#world.pace.scaled(DEPLOYMENT_MS), done);
  }

  /** @throws 400 for an endpoint of the platform. */
  delete(endpoint: ServingEndpoint): void {
    if (endpoint.foundation)
      throw invalidParameter(`Endpoint '${endpoint.name}' is served by the platform: it cannot be deleted.`);
    this.#byName.delete(endpoint.name);
    this.#byId.delete(endpoint.id);
  }

  #keep(endpoint: ServingEndpoint): void {
    this.#byName.set(endpoint.name, endpoint);
    this.#byId.set(endpoint.id, endpoint);
  }
}

const foundationEndpoint = (model: FoundationModel, limits: readonly Applying[], at: number): ServingEndpoint => ({
  id: createHash('md5').update(model.name).digest('hex'),
  name: model.name,
  foundation: model,
  creator: 'System-User',
  createdAt: at,
  description: '',
  routeOptimized: false,
  task: 'llm/v1/chat',
  maxOutputTokens: model.maxOutputTokens,
  limits,
  updatedAt: at,
  ready: 'READY',
  updating: false,
  config: {
    entities: [
      {
        name: model.name,
        entity_name: `system.ai.${model.name}`,
        foundation_model: { name: `system.ai.${model.name}`, display_name: model.displayName },
      },
    ],
    routes: [],
    autoCapture: undefined,
    task: 'llm/v1/chat',
  },
  pending: undefined,
  configVersion: 1,
  tags: new Map(),
  notifications: undefined,
  telemetry: undefined,
  budgetPolicyId: undefined,
  gateway: undefined,
  gatewayLimits: new GatewayLimits([]),
});
