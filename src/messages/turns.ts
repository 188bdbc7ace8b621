/** Longer than this nobody waits for a turn: whoever would is told when to come again. */
const LONGEST_WAIT_MS = 10_000;

/** Turns of this process on one mail server: so many a minute, evenly. */
export class Turns {
  #next = 0;

  /** Waits for a turn. @returns milliseconds until one is free, when that is too long to wait; then none was taken. */
  async take(perMinute: number): Promise<number | undefined> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    if (at - now > LONGEST_WAIT_MS) return at - now;
    this.#next = at + 60_000 / perMinute;
    await new Promise((done) => setTimeout(done, at - now));
    return undefined;
  }
}
