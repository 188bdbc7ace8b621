import { createHash } from 'node:crypto';
import { notFound } from '../http/errors.ts';
import { FOUNDATION_MODELS } from './foundation-models.ts';
import type { Refusable } from './messages/strictness.ts';
import { payPerTokenLimits } from './rate-limits.ts';
import type { ServingRates } from './rate-limits.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';
import { UsageBook } from './usage.ts';

/** How the endpoints of the platform serve. */
export interface ServingSettings extends ServingRates {
  /** How fast an answer is streamed, before `speed`. */
  readonly outputTokensPerSecond: number;
  readonly speed: number;
  /** What is refused of requests that would else be answered. */
  readonly messagesRefuse: readonly Refusable[];
}

/** The serving endpoints that the workspace comes with. Nobody can make others here. */
export class ServingEndpoints {
  readonly usage = new UsageBook();
  /** How fast an answer is streamed. */
  readonly tokensPerSecond: number;
  readonly refuses: readonly Refusable[];
  readonly #byName: ReadonlyMap<string, ServingEndpoint>;

  /** @param at when they were made, in epoch milliseconds. */
  constructor(settings: ServingSettings, at: number) {
    this.refuses = settings.messagesRefuse;
    this.tokensPerSecond = settings.outputTokensPerSecond * settings.speed;
    this.#byName = new Map(
      FOUNDATION_MODELS.map((model) => [
        model.name,
        {
          id: createHash('md5').update(model.name).digest('hex'),
          name: model.name,
          model,
          createdAt: at,
          limits: payPerTokenLimits(settings),
        },
      ]),
    );
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
