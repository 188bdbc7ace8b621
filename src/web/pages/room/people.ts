import { html } from 'hono/html';
import type { RoomView } from '../../watch/room-view.ts';
import { region } from '../document.ts';
import { SIGNS } from '../seat-look.ts';
import { peopleBar, presentStates } from './people-bar.ts';

/** Everybody as a bar, and in numbers. */
export const peopleRegion = ({ status: { progress, cost, poolWaits }, totals, workspace }: RoomView) => {
  const { guests, guestsReady } = totals;
  const connected = [...(workspace?.connected.values() ?? [])].filter(({ state }) => state === 'connected').length;
  const model = progress.checklist.find(({ id }) => id === 'model');
  return region(
    'people',
    html`<section id="people" class="people" aria-label="People">
      ${peopleBar(totals)}
      <ul class="legend">
        ${presentStates(totals).map(
          ([state, people]) =>
            html`<li><span class="sign is-${state}" aria-hidden="true">${SIGNS[state]}</span> ${people} ${state}</li>`,
        )}
        ${guests > 0 ? html`<li>and ${guests} testers, ${guestsReady} ready</li>` : ''}
      </ul>
      <dl class="meters">
        ${workspace ? meter('Connected', `${connected} of ${workspace.connected.size} laptops`) : ''}
        ${model === undefined ? '' : meter('Model', model.evidence ?? model.state)}
        ${poolWaits ? meter('Pool', `${poolWaits.machines} machines wait, about ${poolWaits.perHour} an hour`) : ''}
        ${cost === undefined ? '' : meter('Money', cost)}
      </dl>
    </section>`,
  );
};

const meter = (name: string, says: string) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${says}</dd>
  </div>`;
