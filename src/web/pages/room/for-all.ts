import { html } from 'hono/html';
import type { RoomView } from '../../watch/room-view.ts';
import { region, type Html } from '../document.ts';
import { askedFirst, press, writing } from '../forms.ts';

/** What concerns everybody: for whoever runs the workshop. */
export const forAllRegion = (view: RoomView, path: string) =>
  region('for-all', html`<section id="for-all" class="for-all">${actsOn(view, path)}</section>`);

function actsOn(view: RoomView, path: string): Html {
  if (view.isOver) return html`<p class="small">The workshop is over: nothing can be changed any more.</p>`;
  const { paused } = view.status.progress;
  return html`
    <h2>For everybody</h2>
    <div class="presses">
      ${askedFirst(
        'banner-form',
        'Banner',
        html`${writing({
          to: `${path}/banner`,
          id: 'banner-text',
          label: "On everybody's page",
          button: 'Show it',
          most: 500,
          beside: html`<label class="check"
            ><input type="checkbox" name="send" value="yes" /> Send it to them, too</label
          >`,
          look: 'main',
        })}
        ${view.room.banner ? press({ to: `${path}/banner`, label: 'Take it away', fields: { text: '' } }) : ''}`,
      )}
      ${askedFirst(
        'extend-form',
        'Extend by 30 minutes',
        html`<p class="small">
            The end and the removal come half an hour later. Nobody gets a letter about it: tell the room.
          </p>
          ${press({ to: `${path}/extend`, label: 'Extend it', look: 'main' })}`,
      )}
      ${
        paused
          ? press({ to: `${path}/resume`, label: 'Go on', look: 'main' })
          : askedFirst(
              'pause-form',
              'Pause',
              writing({
                to: `${path}/pause`,
                id: 'pause-reason',
                name: 'reason',
                label: 'Nothing new is made or started until it goes on. Why?',
                button: 'Pause it',
                most: 500,
                isNeeded: false,
                look: 'danger',
              }),
            )
      }
      ${press({ to: `${path}/lines/all/retry`, label: 'Try all that failed again' })}
    </div>
  `;
}
