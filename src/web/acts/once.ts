/** Whoever presses so soon after another wanted the same, and has not seen it. */
const SAME_MS = 20_000;

/** What was done, by whom, and what came of it. */
interface Done {
  readonly by: string;
  readonly at: number;
  readonly outcome: Promise<string>;
}

/** Two helpers who press the same at once do it once, and both are told. */
export class Once {
  readonly #done = new Map<string, Done>();

  /**
   * @param what the act with all it says, as a key
   * @throws {Error} what the act throws; then it may be tried again at once
   */
  async do(what: string, by: string, act: () => Promise<string>): Promise<string> {
    const now = Date.now();
    for (const [key, { at }] of this.#done) if (now - at > SAME_MS) this.#done.delete(key);
    const before = this.#done.get(what);
    if (before !== undefined) {
      const outcome = await before.outcome;
      return before.by === by ? outcome : `${before.by} did that a moment ago. ${outcome}`;
    }
    const outcome = act();
    this.#done.set(what, { by, at: now, outcome });
    try {
      return await outcome;
    } catch (error) {
      this.#done.delete(what);
      throw error;
    }
  }
}
