const SLOTS = 60;

/** What was added, so that it can be taken back. */
export interface Added {
  readonly slot: number;
}

/**
 * A sum over the last minute or hour. It counts in sixtieths of it, so that a thousand requests cost no more than
 * one.
 */
export class SlidingSum {
  readonly #slotMs: number;
  readonly #amounts = new Float64Array(SLOTS);
  #newest = 0;
  #total = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS;
  }

  /** @param at epoch milliseconds; a clock that goes backwards stands still here. */
  total(at: number): number {
    this.#moveTo(at);
    return this.#total;
  }

  add(at: number, amount: number): Added {
    this.#moveTo(at);
    this.#amounts[this.#newest % SLOTS] = this.#amountOf(this.#newest) + amount;
    this.#total += amount;
    return { slot: this.#newest };
  }

  /** Takes back a part of what was added; what has left the window stays gone. */
  takeBack({ slot }: Added, amount: number): void {
    if (slot <= this.#newest - SLOTS) return;
    this.#amounts[slot % SLOTS] = this.#amountOf(slot) - amount;
    this.#total -= amount;
  }

  /**
   * Milliseconds until the total has sunk to `most` when nothing is added; the whole window when even nothing would
   * be too much.
   */
  waitUntil(at: number, most: number): number {
    this.#moveTo(at);
    let total = this.#total;
    for (let slot = this.#newest - SLOTS + 1; slot <= this.#newest; slot += 1) {
      if (total <= most) break;
      total -= this.#amountOf(slot);
      if (total <= most) return (slot + SLOTS) * this.#slotMs - at;
    }
    return total <= most ? 0 : SLOTS * this.#slotMs;
  }

  #amountOf(slot: number): number {
    return this.#amounts[((slot % SLOTS) + SLOTS) % SLOTS] ?? 0;
  }

  #moveTo(at: number): void {
    const slot = Math.floor(at / this.#slotMs);
    for (let next = Math.max(this.#newest + 1, slot - SLOTS + 1); next <= slot; next += 1) {
      this.#total -= this.#amountOf(next);
      this.#amounts[next % SLOTS] = 0;
    }
    this.#newest = Math.max(this.#newest, slot);
  }
}
