import type { Kept } from '../../state/kept.ts';

/** How many nodes may be launched: `burst` at once, then `perSecond` (unscaled seconds). */
export interface LaunchRate {
  readonly burst: number;
  readonly perSecond: number;
}

export type Launch =
  | { readonly granted: true; readonly tokensBefore: number }
  | { readonly granted: false; readonly retryAfterSeconds: number };

interface LaunchBucketState {
  readonly tokens: number;
  readonly at: number;
}

/**
 * The workspace-wide limit on node launches: a token bucket counted in nodes, not requests, over cluster create,
 * start and restart (docs/facts/databricks.md section 1). Its real size is unpublished.
 */
export class LaunchBucket implements Kept<LaunchBucketState> {
  readonly burst: number;
  /** Tokens a millisecond of the sandbox's time. */
  readonly perMs: number;
  #tokens: number;
  #at: number;

  constructor(rate: LaunchRate, speed: number, now: number) {
    this.burst = rate.burst;
    this.perMs = (rate.perSecond * speed) / 1_000;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  state(): LaunchBucketState {
    return { tokens: this.#tokens, at: this.#at };
  }

  restore({ tokens, at }: LaunchBucketState): void {
    this.#tokens = tokens;
    this.#at = at;
  }

  /** Takes `nodes` tokens at `at`, or says after how many whole seconds to try again. */
  take(nodes: number, at: number): Launch {
    this.#tokens = Math.min(this.burst, this.#tokens + Math.max(0, at - this.#at) * this.perMs);
    this.#at = Math.max(this.#at, at);
    if (this.#tokens < nodes) {
      const waitMs = this.perMs > 0 ? (nodes - this.#tokens) / this.perMs : 3_600_000;
      return { granted: false, retryAfterSeconds: Math.min(3_600, Math.max(1, Math.ceil(waitMs / 1_000))) };
    }
    const tokensBefore = this.#tokens;
    this.#tokens -= nodes;
    return { granted: true, tokensBefore };
  }
}
