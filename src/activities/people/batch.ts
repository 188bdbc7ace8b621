interface Asker<Request, Outcome> {
  readonly request: Request;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Requests of single people that the workspace can grant in one call. Requests that arrive within `gatherMs` travel
 * together, at most `most` at a time; each asker gets its own outcome, and an error fails all who travelled together.
 */
export class Batch<Request, Outcome> {
  readonly #grant: (requests: readonly Request[]) => Promise<readonly Outcome[]>;
  readonly #gatherMs: number;
  readonly #most: number;
  #waiting: Asker<Request, Outcome>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(grant: (requests: readonly Request[]) => Promise<readonly Outcome[]>, gatherMs: number, most: number) {
    this.#grant = grant;
    this.#gatherMs = gatherMs;
    this.#most = most;
  }

  ask(request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#waiting.length >= this.#most) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#gatherMs);
    });
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    void this.#settle(batch);
  }

  /** Never rejects: whatever happens goes to those who asked. */
  async #settle(batch: readonly Asker<Request, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#grant(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, i) => resolve(outcomes[i] as Outcome));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
}
