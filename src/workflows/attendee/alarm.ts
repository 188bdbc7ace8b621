import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';

interface Timer {
  readonly at: number;
  readonly scope: CancellationScope;
}

/** Waits for news until a moment, by a timer that is kept: each that is set and called off stands in the history. */
export class Alarm {
  readonly #keeps: boolean;
  #set: Timer | undefined;

  /** @param keeps without it each wait has a timer of its own, as waits had that began earlier */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /**
   * True when there is news. False at the moment, or before it where an earlier wait was to end sooner.
   * @param until epoch milliseconds, or Infinity
   */
  async wait(isNews: () => boolean, until: number): Promise<boolean> {
    if (this.#keeps) {
      this.#ringAt(until);
      await condition(() => isNews() || (until !== Infinity && !this.#set));
      return isNews();
    }
    if (until !== Infinity) return condition(isNews, Math.max(1, until - Date.now()));
    await condition(isNews);
    return true;
  }

  #ringAt(at: number): void {
    if (this.#set && this.#set.at <= at && at !== Infinity) return;
    this.#set?.scope.cancel();
    this.#set = undefined;
    if (at === Infinity) return;
    const set = { at, scope: new CancellationScope() };
    this.#set = set;
    void this.#ring(set);
  }

  async #ring(set: Timer): Promise<void> {
    try {
      await set.scope.run(() => sleep(Math.max(1, set.at - Date.now())));
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
    if (this.#set === set) this.#set = undefined;
  }
}
