import { randomUUID } from 'node:crypto';

const KEPT_MS = 10 * 60_000;
const MOST = 5_000;

/** What came of a press, for the page that is shown next: never in an address, where anybody could write it. */
export class Said {
  readonly #texts = new Map<string, { readonly text: string; readonly isRefusal: boolean; readonly at: number }>();

  /** Keeps it for a while, and answers by which id. */
  keep(text: string, isRefusal: boolean, now: number): string {
    const id = randomUUID();
    this.#texts.set(id, { text, isRefusal, at: now });
    for (const [old, { at }] of this.#texts) {
      if (now - at < KEPT_MS && this.#texts.size <= MOST) break;
      this.#texts.delete(old);
    }
    return id;
  }

  find(id: string): { readonly text: string; readonly isRefusal: boolean } | undefined {
    return this.#texts.get(id);
  }
}
