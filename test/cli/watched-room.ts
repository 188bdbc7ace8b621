import { setTimeout as wait } from 'node:timers/promises';
import type { Changes } from '../../src/web/live/regions.ts';

const LOOK_AGAIN_MS = 300;

/** Follows a room's page as a browser does: which seats it showed to be what, in this order. */
export class WatchedRoom {
  /** `seat-1f… ready`, each as often as it came to be so. */
  readonly seen: string[] = [];
  readonly #page: string;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  /** @param page the address that opens it */
  constructor(page: string) {
    this.#page = page;
    this.#watching = this.#watch();
  }

  /** Looks no more. Throws what the page was amiss with before. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    let mark = '';
    while (!signal.aborted) {
      const response = await fetch(`${this.#page}/changes?mark=${mark}`, { signal }).catch(() => undefined);
      // What listened there has ended, or nobody wants to know any more.
      if (response === undefined) return;
      if (!response.ok) throw new Error(`${this.#page} answered ${response.status}`);
      const changes = (await response.json()) as Changes;
      mark = changes.isOther ? '' : changes.mark;
      for (const { id, html } of changes.regions) {
        const state = /class="seat is-(\w+)"/.exec(html)?.[1];
        if (state !== undefined && this.seen.at(-1) !== `${id} ${state}`) this.seen.push(`${id} ${state}`);
      }
      await wait(LOOK_AGAIN_MS);
    }
  }
}
