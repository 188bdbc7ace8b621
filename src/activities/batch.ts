/**
 * Many single wishes that the workspace can grant in one call. Wishes that arrive within `gatherMs` travel together,
 * at most `most` at a time; each asker gets its own outcome.
 */
export class Batch<Wish, Outcome> {
  readonly #grant: (wishes: readonly Wish[]) => Promise<readonly Outcome[]>;
  readonly #gatherMs: number;
  readonly #most: number;
  #waiting: { wish: Wish; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(grant: (wishes: readonly Wish[]) => Promise<readonly Outcome[]>, gatherMs: number, most: number) {
    this.#grant = grant;
    this.#gatherMs = gatherMs;
    this.#most = most;
  }

  ask(wish: Wish): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wish, resolve, reject });
      if (this.#waiting.length >= this.#most) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#gatherMs);
    });
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#grant(batch.map(({ wish }) => wish)).then(
      (outcomes) => batch.forEach(({ resolve }, i) => resolve(outcomes[i] as Outcome)),
      (error: unknown) => batch.forEach(({ reject }) => reject(error)),
    );
  }
}
