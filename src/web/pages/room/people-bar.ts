import { html } from 'hono/html';
import type { SeatState } from '../../../domain/replayed/seat/seat.ts';
import type { Totals } from '../../../domain/replayed/seat/totals.ts';
import type { Html } from '../document.ts';
import { STATES_IN_ORDER } from '../seat-look.ts';

/** Each state that somebody is in, from done to not begun, and how many are. */
export const presentStates = ({ byState }: Totals): readonly (readonly [state: SeatState, people: number])[] =>
  STATES_IN_ORDER.flatMap((state) => {
    const people = byState[state] ?? 0;
    return people > 0 ? [[state, people] as const] : [];
  });

/** All attendees as one bar. It says nothing that does not stand beside it in numbers. */
export function peopleBar(totals: Totals): Html {
  let from = 0;
  return html`<svg
    class="bar"
    viewBox="0 0 ${Math.max(1, totals.attendees)} 10"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${presentStates(totals).map(([state, people]) => {
      const part = html`<rect class="is-${state}" x="${from}" width="${people}" height="10" />`;
      from += people;
      return part;
    })}
  </svg>`;
}
