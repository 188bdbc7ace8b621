interface Bucket {
  tokens: number;
  at: number;
}

const MOST_BUCKETS = 20_000;

/** So many a second for each name, and a burst before that. */
export class Turns {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = limits.perSecond;
    this.#burst = limits.burst;
  }

  /** True where it is within the limit; it is counted then. @param now epoch milliseconds */
  take(name: string, now: number): boolean {
    const { tokens, at } = this.#buckets.get(name) ?? { tokens: this.#burst, at: now };
    const filled = Math.min(this.#burst, tokens + (Math.max(0, now - at) / 1_000) * this.#perSecond);
    // The last that asked stands last, so that the first is the one to be forgotten.
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: filled >= 1 ? filled - 1 : filled, at: now });
    if (this.#buckets.size > MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return filled >= 1;
  }
}
