/** The sandbox's own time: the machine's clock, set forward as often as somebody asks, and held still while a kept state is carried out again. */
export class Clock {
  readonly #machine: () => number;
  #ahead = 0;
  #heldAt: number | undefined;

  /** @param machine epoch milliseconds. */
  constructor(machine: () => number) {
    this.#machine = machine;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#heldAt ?? this.#machine() + this.#ahead;
  }

  /** How many milliseconds it is ahead of the machine's clock. */
  ahead(): number {
    return this.#ahead;
  }

  setAhead(ms: number): void {
    this.#ahead = ms;
  }

  holdAt(at: number): void {
    this.#heldAt = at;
  }

  /** Goes on, and never from before `notBefore`: the machine's clock may have been set back while the sandbox was down. */
  release(notBefore = Number.NEGATIVE_INFINITY): void {
    this.#heldAt = undefined;
    const behind = notBefore - this.now();
    if (behind > 0) this.#ahead += behind;
  }
}
