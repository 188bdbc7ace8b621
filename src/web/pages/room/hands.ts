import { html } from 'hono/html';
import type { Hand } from '../../../domain/replayed/room/room.ts';
import { whatToSay } from '../../../domain/replayed/diagnosis/what-to-say.ts';
import { formatDuration } from '../../../domain/replayed/time/format-duration.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { SEAT_WORDS } from '../../../domain/verdict/seat-words.ts';
import { region, sentence } from '../document.ts';
import { press } from '../forms.ts';
import { nameOf } from '../seat-look.ts';

/** Who asks for help, whoever has waited longest first, with who took it. */
export const handsRegion = ({ room, seats, at, isOver }: RoomView, path: string, query: string) => {
  const seatOf = new Map(seats.map((seat) => [seat.key, seat]));
  // Nobody goes anywhere any more.
  const raised = (isOver ? [] : room.hands).flatMap((hand) => {
    const seat = seatOf.get(hand.key);
    return seat ? [{ hand, seat }] : [];
  });
  return region(
    'hands',
    html`<section id="hands" class="hands" aria-live="polite">
      <h2>Raised hands <span class="small">${raised.length}</span></h2>
      ${
        raised.length === 0
          ? html`<p class="small">Nobody asks for help.</p>`
          : html`<ol>
              ${raised.map(({ hand, seat }) => handItem(hand, seat, { at, path, query }))}
            </ol>`
      }
    </section>`,
  );
};

/** In whole minutes: the page stays calm. */
export const waited = (since: number, at: number): string =>
  at - since < 60_000 ? 'just now' : `for ${formatDuration(Math.floor((at - since) / 60_000) * 60_000)}`;

/** What the program knows of their cluster, which goes along with every hand. */
const knownOf = (seat: Seat): string =>
  [`${sentence(seat.state)}: ${SEAT_WORDS[seat.state]}.`, whatToSay(seat)[0]?.cause].filter(Boolean).join(' ');

function handItem(hand: Hand, seat: Seat, { at, path, query }: { at: number; path: string; query: string }) {
  const { key, words, takenBy, checks = [] } = hand;
  const failed = checks.filter(({ state }) => state === 'failed');
  const name = nameOf(seat);
  return html`<li class="hand-item">
    <p>
      <a id="hand-${key}" href="${path}?${query}&seat=${key}#drawer">${name}</a
      >${seat.details?.table ? `, table ${seat.details.table}` : ''}
      <span class="small">${waited(hand.at, at)}${hand.from === 'terminal' ? ', from the terminal' : ''}</span>
    </p>
    ${words ? html`<p class="words">${words}</p>` : ''}
    <p class="small">${knownOf(seat)}</p>
    ${failed.map(({ id, said }) => html`<p class="small">check-claude, ${id}: ${said}</p>`)}
    <div class="presses">
      ${
        takenBy === undefined
          ? press({ to: `${path}/hands/${key}/take`, label: 'I go', about: `to ${name}`, look: 'main' })
          : html`<span class="small">${takenBy} is there</span>`
      }
      ${press({ to: `${path}/hands/${key}/lower`, label: 'Helped', about: name })}
    </div>
  </li>`;
}
