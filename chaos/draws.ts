import { createHash } from 'node:crypto';

/** Numbers that follow from a seed: the same seed draws the same ones, in the same order, on every computer. */
export class Draws {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.#seed}/${this.#drawn}`).digest().readUInt32BE() / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @throws {RangeError} for an empty list */
  oneOf<T>(list: readonly T[]): T {
    const chosen = list[this.between(0, list.length - 1)];
    if (chosen === undefined) throw new RangeError('nothing to draw from');
    return chosen;
  }

  /** As many different ones, in a drawn order. */
  someOf<T>(list: readonly T[], howMany: number): T[] {
    const rest = [...list];
    return Array.from({ length: Math.min(howMany, rest.length) }, () => {
      const [one] = rest.splice(this.between(0, rest.length - 1), 1);
      return one as T;
    });
  }
}
