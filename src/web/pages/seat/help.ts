import { html } from 'hono/html';
import { evidenceText, type LaptopEvidence } from '../../../domain/papers/laptop-evidence.ts';
import { failedOn, laptopInWords, laptopOf } from '../../laptops.ts';
import type { RoomView } from '../../watch/room-view.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { region, type Html } from '../document.ts';
import { HAND } from '../hand-sign.ts';
import { press, writing } from '../forms.ts';
import { waited } from '../room/hands.ts';

/** Whether their hand is up, and who comes. */
export const handRegion = ({ room, at }: RoomView, { key }: Seat, path: string) => {
  const hand = room.hands.find((one) => one.key === key);
  return region(
    'hand',
    html`<div id="hand" aria-live="polite">
      ${
        hand === undefined
          ? ''
          : html`<p class="standing">
                ${HAND} Your hand is up ${waited(hand.at, at)}.
                ${hand.takenBy === undefined ? 'Whoever is free comes to you.' : `${hand.takenBy} comes to you.`}
              </p>
              ${press({ to: `${path}/lower`, label: 'It works again' })}`
      }
    </div>`,
  );
};

/** Where help is asked for. */
export const helpForm = (path: string): Html =>
  writing({
    to: `${path}/help`,
    id: 'help-words',
    label: 'What happens? What the program knows of your cluster goes along.',
    button: 'I need help',
    most: 500,
    isLong: true,
    isNeeded: false,
    look: 'main',
  });

/** What their laptop's check said, in words. */
export const laptopRegion = ({ room }: RoomView, { key }: Seat) => {
  const evidence = laptopOf(room, key);
  return region('laptop', html`<div id="laptop" aria-live="polite">${evidence ? laptopWords(evidence) : ''}</div>`);
};

const laptopWords = (evidence: LaptopEvidence): Html =>
  html`<p class="standing">
      <span aria-hidden="true">${failedOn(evidence) === '' ? '✔' : '✘'}</span>
      ${failedOn(evidence) === '' ? 'Nothing failed on your laptop.' : 'Your laptop is not ready yet.'}
    </p>
    ${laptopInWords(evidence).map((words) => html`<p>${words}</p>`)}
    <p class="small">${evidenceText(evidence)}</p>`;

/** Where the code of a check is pasted. */
export const laptopForm = (path: string): Html =>
  writing({
    to: `${path}/laptop`,
    id: 'laptop-code',
    name: 'code',
    label: 'The code in the last line of the check',
    button: 'Hand it in',
    most: 40,
  });
