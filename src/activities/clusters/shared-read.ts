/**
 * One expensive read for everybody who asks at the same time.
 * Whoever asks gets a result of a read that *began after* the question, so that it shows what the asker has just done;
 * all who ask while one read is under way share the next. Reads begin at least `gapMs` apart.
 */
export class SharedRead<T> {
  readonly #load: () => Promise<T>;
  readonly #gapMs: number;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | undefined;

  constructor(load: () => Promise<T>, gapMs: number) {
    this.#load = load;
    this.#gapMs = gapMs;
  }

  /** Resolves with a read begun after this call. A failed read fails for all who shared it, and only for them. */
  async read(): Promise<T> {
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  async #after(previous: Promise<unknown>): Promise<T> {
    await previous;
    this.#next = undefined;
    const result = this.#load();
    this.#running = Promise.allSettled([result, new Promise((done) => setTimeout(done, this.#gapMs).unref())]);
    return result;
  }
}
