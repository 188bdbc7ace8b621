import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Where ids, tokens and secrets come from. Every request has a seed of its own that nobody can guess: the journal keeps the
 * seed, so that a request carried out again makes the same ids (state/journal.ts). Nothing that happens by the clock alone may draw.
 */
export class Chance {
  #seed: Buffer = randomBytes(16);
  #drawn = 0;

  /** Begins a new request; answers its seed. */
  reseed(seed: Buffer = randomBytes(16)): Buffer {
    this.#seed = seed;
    this.#drawn = 0;
    return seed;
  }

  /** @param length at most 32. */
  bytes(length: number): Buffer {
    this.#drawn += 1;
    return createHash('sha256').update(this.#seed).update(String(this.#drawn)).digest().subarray(0, length);
  }

  /** 32 hexadecimal digits. */
  hex(): string {
    return this.bytes(16).toString('hex');
  }

  /** A version 4 UUID. */
  uuid(): string {
    const drawn = this.bytes(16);
    drawn[6] = ((drawn[6] ?? 0) & 0x0f) | 0x40;
    drawn[8] = ((drawn[8] ?? 0) & 0x3f) | 0x80;
    return drawn.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return this.bytes(6).readUIntBE(0, 6) % below;
  }

  /** Lower-case letters and digits. */
  letters(length: number): string {
    return Array.from({ length }, () => ALPHABET[this.below(ALPHABET.length)]).join('');
  }
}
