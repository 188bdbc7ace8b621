/** The sandbox's own time: the machine's clock, set forward as often as somebody asks. */
export class Clock {
  readonly #machine: () => number;
  #ahead = 0;

  /** @param machine epoch milliseconds. */
  constructor(machine: () => number) {
    this.#machine = machine;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#machine() + this.#ahead;
  }

  /** How many milliseconds it is ahead of the machine's clock. */
  ahead(): number {
    return this.#ahead;
  }

  setAhead(ms: number): void {
    this.#ahead = ms;
  }

  /**
   * Goes on after a restart, never from before the moment it was stopped at: the machine's clock may have been set
   * back since.
   */
  goOn(ahead: number, stoppedAt: number): void {
    this.#ahead = ahead + Math.max(0, stoppedAt - this.#machine() - ahead);
  }
}
