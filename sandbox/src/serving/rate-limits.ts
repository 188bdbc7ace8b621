import { tooManyRequests } from '../http/errors.ts';
import type { ApiError } from '../http/errors.ts';
import { SlidingSum } from './sliding-sum.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** For each endpoint, everybody in the workspace together (docs/facts/databricks-workspace.md section 9). */
export interface ServingRates {
  readonly inputTokensPerMinute: number;
  readonly outputTokensPerMinute: number;
  readonly queriesPerHour: number;
}

/** One bound: so much within one window. */
export class RateLimit {
  readonly #name: string;
  readonly #most: number;
  readonly #sum: SlidingSum;

  /** @param name as messages say it, such as `workspace output tokens per minute`. */
  constructor(name: string, most: number, windowMs: number) {
    this.#name = name;
    this.#most = most;
    this.#sum = new SlidingSum(windowMs);
  }

  /** Milliseconds until so much more would fit; 0 when it fits now. */
  wait(amount: number, at: number): number {
    return this.#sum.total(at) + amount <= this.#most ? 0 : Math.max(1, this.#sum.waitUntil(at, this.#most - amount));
  }

  /** @returns how to credit a part of it back. */
  take(amount: number, at: number): (unused: number) => void {
    const added = this.#sum.add(at, amount);
    return (unused) => this.#sum.takeBack(added, unused);
  }

  refusal(endpoint: string, waitMs: number): ApiError {
    return tooManyRequests(
      `REQUEST_LIMIT_EXCEEDED: Exceeded ${this.#name} rate limit for ${endpoint}. The limit is ${this.#most}.`,
      Math.max(1, Math.ceil(waitMs / 1_000)),
    );
  }
}

/**
 * A limit that applies to a query, and what of the query it counts. All of max_tokens counts as output until the
 * answer has ended.
 */
export interface Applying {
  readonly limit: RateLimit;
  readonly counts: 'queries' | 'input tokens' | 'output tokens';
}

/** The three limits of a pay-per-token endpoint, of which the most restrictive applies. */
export const payPerTokenLimits = (rates: ServingRates): readonly Applying[] => [
  {
    counts: 'input tokens',
    limit: new RateLimit('workspace input tokens per minute', rates.inputTokensPerMinute, MINUTE),
  },
  {
    counts: 'output tokens',
    limit: new RateLimit(
      'workspace output tokens per minute (max_tokens is reserved in advance)',
      rates.outputTokensPerMinute,
      MINUTE,
    ),
  },
  { counts: 'queries', limit: new RateLimit('workspace queries per hour', rates.queriesPerHour, HOUR) },
];
