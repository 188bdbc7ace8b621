import type { WorkshopWatch } from '../watch/workshop-watch.ts';
import { Regions, type Changes, type Region } from './regions.ts';

/** Draws the parts of one page that change by themselves. */
export type Draws = (watch: WorkshopWatch) => Promise<readonly Region[]>;

/** One page as all have it who look at it: drawn once for each answer of Temporal, whoever looks. */
export class LivePage {
  readonly #watch: WorkshopWatch;
  readonly #draws: Draws;
  readonly #regions = new Regions();
  readonly #listeners = new Set<() => void>();
  #unfollow: (() => void) | undefined;
  #usedAt = Date.now();
  #begun = 0;
  #taken = 0;

  constructor(watch: WorkshopWatch, draws: Draws) {
    this.#watch = watch;
    this.#draws = draws;
  }

  get followers(): number {
    return this.#listeners.size;
  }

  /** Nobody has looked at it since then, epoch milliseconds; undefined while somebody follows. */
  get idleSince(): number | undefined {
    return this.#listeners.size > 0 ? undefined : this.#usedAt;
  }

  /** All of it as it is now, with the mark to ask for changes by. */
  async drawn(): Promise<{ readonly mark: string; readonly regions: readonly Region[] }> {
    await this.#draw();
    return { mark: this.#regions.mark, regions: this.#regions.all };
  }

  /** What has changed since a mark, as it was last drawn. */
  since(mark: string): Changes {
    return this.#regions.since(mark);
  }

  /** Calls back whenever something on it has changed, until the returned function is called. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#unfollow ??= this.#watch.follow(() => void this.#draw());
    return () => {
      this.#listeners.delete(listener);
      this.#usedAt = Date.now();
      if (this.#listeners.size > 0) return;
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  }

  async #draw(): Promise<void> {
    this.#usedAt = Date.now();
    const turn = (this.#begun += 1);
    const regions = await this.#draws(this.#watch);
    // One that was begun earlier and came later shows what is over.
    if (turn < this.#taken) return;
    this.#taken = turn;
    if (!this.#regions.take(regions, Date.now())) return;
    for (const listener of this.#listeners) listener();
  }
}
