import { html } from 'hono/html';
import { shortMoment } from '../../../domain/clock/clock.ts';
import type { Visitor } from '../../visitor.ts';
import type { Html } from '../document.ts';
import { topOf } from './room-page.ts';

/** Somebody did something, in words. */
export interface Deed {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** Who did what, the newest first: about the workshop, and in the room. @param left what the list does not know */
export const historyPage = (visitor: Visitor, deeds: readonly Deed[], left: readonly string[]): Html =>
  html`${topOf(visitor, 'History')}
    <section>
      <h2>Who did what</h2>
      <p class="small">Times are those of ${visitor.view.plan.timeZone}.</p>
      <ul class="log">
        ${deeds
          .toSorted((a, b) => b.at - a.at)
          .map(({ at, who, what }) => html`<li>${shortMoment(at, visitor.view.plan.timeZone)} ${who} ${what}</li>`)}
      </ul>
      ${left.map((line) => html`<p class="small">${line}</p>`)}
    </section>`;
