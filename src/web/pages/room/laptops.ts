import { html } from 'hono/html';
import { isIntercepted } from '../../../domain/papers/laptop-evidence.ts';
import { isAttendee } from '../../../domain/replayed/seat/seat.ts';
import { failedOn, laptopOf } from '../../laptops.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { region } from '../document.ts';
import { askedFirst, press } from '../forms.ts';
import { nameOf } from '../seat-look.ts';

/** Who has checked a laptop, on what, behind whose proxy; and who has not. */
export const laptopsRegion = ({ seats, room }: RoomView, { path, may }: { path: string; may: boolean }) => {
  const people = seats.filter(isAttendee);
  const seen = people.flatMap((seat) => {
    const evidence = laptopOf(room, seat.key);
    return evidence ? [{ seat, evidence }] : [];
  });
  const systems = [...Map.groupBy(seen, ({ evidence }) => evidence.system)];
  const opened = seen.filter(({ evidence }) => isIntercepted(evidence.issuer));
  const failing = seen.filter(({ evidence }) => failedOn(evidence) !== '');
  const missing = people.filter(({ key }) => !seen.some(({ seat }) => seat.key === key));
  return region(
    'laptops',
    html`<section id="laptops" class="laptops">
      <h2>Laptops <span class="small">${seen.length} of ${people.length} checked</span></h2>
      <ul class="plain">
        ${systems.map(([system, of]) => html`<li>${of.length} on ${system}</li>`)}
        ${
          opened.length > 0
            ? html`<li>
                TLS is opened on the way of ${opened.length}:
                ${[...new Set(opened.map(({ evidence }) => evidence.issuer))].join(', ')}
              </li>`
            : ''
        }
        ${failing.map(({ seat, evidence }) => html`<li>${nameOf(seat)}: ${failedOn(evidence)} failed</li>`)}
      </ul>
      ${
        missing.length === 0
          ? ''
          : html`<details id="laptops-missing">
              <summary>${missing.length} have not handed in a check</summary>
              <p class="small">${missing.map(nameOf).join(', ')}</p>
            </details>`
      }
      ${
        may && missing.length + failing.length > 0
          ? askedFirst(
              'remind-form',
              'Remind those who lack something',
              html`<p class="small">
                  A letter goes to each of ${missing.length + failing.length} people, with what they lack; to nobody
                  else.
                </p>
                ${press({ to: `${path}/remind`, label: 'Remind them', look: 'main' })}`,
            )
          : ''
      }
    </section>`,
  );
};
