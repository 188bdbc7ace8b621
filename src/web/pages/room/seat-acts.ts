import { html } from 'hono/html';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { region } from '../document.ts';
import { askedFirst, press, writing } from '../forms.ts';
import { nameOf } from '../seat-look.ts';

const SAVE_FIRST =
  'If they can still work on it, have them type save-work first: what lies outside ~/workshop stays behind. ' +
  '~/workshop is theirs as before.';

/** Everything that can be done for one seat. */
export function actsRegion(seat: Seat, { path, mayRemove }: { readonly path: string; readonly mayRemove: boolean }) {
  const to = `${path}/seats/${seat.key}`;
  const name = nameOf(seat);
  const isTroubled = seat.state === 'failed' || seat.letterTrouble !== undefined;
  return region(
    'acts',
    html`<div id="acts" class="presses">
      ${isTroubled ? press({ to: `${to}/retry`, label: 'Try again', look: 'main' }) : ''}
      ${
        seat.cluster
          ? html`${askedFirst(
              'replace',
              'Restart the cluster',
              html`<p class="small">
                  The same cluster, started anew; if it does not serve then, on another machine, and at last a new one.
                  ${SAVE_FIRST}
                </p>
                ${press({ to: `${to}/restart`, label: 'Restart it', look: 'danger' })}`,
            )}
            ${askedFirst(
              'swap',
              'Give a new cluster',
              html`<p class="small">
                  They have to run the line of their new letter, which stands on their page, too. ${SAVE_FIRST}
                </p>
                ${press({ to: `${to}/swap`, label: 'Give a new one', look: 'danger' })}`,
            )}`
          : ''
      }
      ${askedFirst(
        'message',
        'Write to them',
        writing({
          to: `${to}/message`,
          id: 'message-text',
          label: `A message to ${name}, by the workshop's channels`,
          button: 'Send',
          most: 2_000,
          isLong: true,
        }),
      )}
      ${askedFirst(
        'note',
        'Note',
        writing({
          to: `${to}/note`,
          id: 'note-text',
          label: 'For those who help; they never see it',
          button: 'Keep it',
          most: 2_000,
          isLong: true,
        }),
      )}
      ${
        mayRemove
          ? askedFirst(
              'remove',
              'Remove',
              html`<p class="small">
                  They take part no longer: their cluster and their rights are taken away. Their work folder stays.
                </p>
                ${press({ to: `${to}/remove`, label: `Remove ${name}`, look: 'danger' })}`,
            )
          : ''
      }
    </div>`,
  );
}
