import type { Figures } from './figures.ts';

/** Whoever asks more often is told the same again. */
const FRESH_MS = 15_000;
/** Less than a monitoring waits for an answer, which is ten seconds by default. */
const PATIENCE_MS = 5_000;

/** Figures that are read when somebody wants them, and never more often than every fifteen seconds. */
export class FreshFigures {
  readonly #read: () => Promise<Figures>;
  readonly #now: () => number;
  readonly #patienceMs: number;
  #last: Figures | undefined;
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(read: () => Promise<Figures>, { now = Date.now, patienceMs = PATIENCE_MS } = {}) {
    this.#read = read;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  /**
   * The latest: those of before where Temporal does not answer soon, undefined where it never has. Never throws: how
   * old they are says enough.
   */
  async latest(): Promise<Figures | undefined> {
    if (this.#reading === undefined && this.#now() - this.#readAt >= FRESH_MS) {
      this.#readAt = this.#now();
      this.#reading = this.#read()
        .then((figures) => void (this.#last = figures))
        .catch(() => undefined)
        .finally(() => (this.#reading = undefined));
    }
    if (this.#reading !== undefined) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((settle) => (timer = setTimeout(settle, this.#patienceMs)));
      await Promise.race([this.#reading, patience]);
      clearTimeout(timer);
    }
    return this.#last;
  }
}
