/** How long pages and their server wait for each other, milliseconds. */
export interface Waits {
  /** From one sign of life to the next: proxies close what is silent for a minute. */
  readonly beatMs: number;
  /** From one question to the next of a page that gets no stream. */
  readonly pollMs: number;
  /** A stream ends by itself before the shortest of the proxies that cut off every stream. */
  readonly longestMs: number;
}

export const WAITS: Waits = { beatMs: 15_000, pollMs: 4_000, longestMs: 55_000 };
