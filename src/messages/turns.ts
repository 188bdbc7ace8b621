/** Longer than this nobody waits for a turn: whoever would is told when to come again. */
const LONGEST_WAIT_MS = 10_000;

/** Turns of this process on one mail server: so many a minute, evenly. */
export class Turns {
  #next = 0;
  /** Whoever is sent away comes back when those who were sent away before have had their turn. */
  #promised = 0;

  /** Waits for a turn. @returns milliseconds until one is likely, where that is too long: none was taken then. */
  async take(perMinute: number): Promise<number | undefined> {
    const everyMs = 60_000 / perMinute;
    const now = performance.now();
    const at = Math.max(now, this.#next);
    if (at - now > LONGEST_WAIT_MS) {
      this.#promised = Math.max(this.#promised, at) + everyMs;
      return this.#promised - now;
    }
    this.#next = at + everyMs;
    await new Promise((done) => setTimeout(done, at - now));
    return undefined;
  }
}
