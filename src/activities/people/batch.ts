interface Asker<Request, Outcome> {
  readonly request: Request;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Requests of single people that the workspace can grant in one call. Requests that arrive within `gatherMs` travel
 * together, at most `most` at a time; each asker gets its own outcome. A call that is refused because of one request
 * among them is asked again by halves, so that only that one fails.
 */
export class Batch<Request, Outcome> {
  readonly #grant: (requests: readonly Request[]) => Promise<readonly Outcome[]>;
  readonly #gatherMs: number;
  readonly #most: number;
  readonly #isOnesFault: (error: unknown) => boolean;
  #waiting: Asker<Request, Outcome>[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param isOnesFault tells an error that may be due to a single request; anything else fails all of them at once. */
  constructor(
    grant: (requests: readonly Request[]) => Promise<readonly Outcome[]>,
    gatherMs: number,
    most: number,
    isOnesFault: (error: unknown) => boolean = () => false,
  ) {
    this.#grant = grant;
    this.#gatherMs = gatherMs;
    this.#most = most;
    this.#isOnesFault = isOnesFault;
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
      if (batch.length === 1 || !this.#isOnesFault(error)) return batch.forEach(({ reject }) => reject(error));
      const half = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
    }
  }
}
