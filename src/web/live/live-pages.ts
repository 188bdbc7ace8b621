import type { WorkshopWatch } from '../watch/workshop-watch.ts';
import { LivePage, type Draws } from './live-page.ts';

/** What nobody has looked at for so long is forgotten: whoever comes back gets all of it once more. */
const IDLE_MS = 60_000;

/** Each page once, however many look at it. */
export class LivePages {
  readonly #pages = new Map<string, LivePage>();

  /** @param name says which page of which workshop it is, with all that is chosen on it */
  of(name: string, watch: WorkshopWatch, draws: Draws): LivePage {
    const now = Date.now();
    for (const [old, { idleSince }] of this.#pages)
      if (old !== name && idleSince !== undefined && now - idleSince > IDLE_MS) this.#pages.delete(old);
    const page = this.#pages.get(name) ?? new LivePage(watch, draws);
    this.#pages.set(name, page);
    return page;
  }
}
