/** For each moment of reading, so many without. */
const RESTS = 4;

const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms).unref());

/**
 * One expensive read for everybody who asks at the same time.
 * Whoever asks gets a result of a read that *began after* the question, so that it shows what the asker has just done;
 * all who ask while one read is under way share the next. Reads begin at least `gapMs` apart, and those that take long
 * as much farther apart that reading takes a fifth of the time at most.
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
    const began = performance.now();
    const result = this.#load();
    const rested = async (): Promise<void> => {
      await Promise.allSettled([result]);
      await pause(RESTS * (performance.now() - began));
    };
    this.#running = Promise.all([rested(), pause(this.#gapMs)]);
    return result;
  }
}
