import { html } from 'hono/html';
import { clockText } from '../../../domain/messages/moments.ts';
import { agendaOf } from '../../../domain/clock/agenda.ts';
import type { Region } from '../../live/regions.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { drawn, region, type Html } from '../document.ts';
import { bannerRegion } from '../banner.ts';
import { HAND } from '../hand-sign.ts';
import { nameOf, SIGNS } from '../seat-look.ts';
import { peopleBar, presentStates } from './people-bar.ts';

/** For the wall: what is on, and how many are ready. No names, unless somebody asks for them. */
export const projectorRegions = (view: RoomView, withNames: boolean): Promise<Region[]> =>
  Promise.all([bannerRegion(view), wallRegion(view, withNames)]);

function wallRegion({ plan, timeline, at, totals, room, seats }: RoomView, withNames: boolean) {
  const { attendees: all, byState } = totals;
  const ready = byState.ready ?? 0;
  const waits = room.hands.length;
  const block = agendaOf(plan, timeline).find(({ from, until }) => at >= from && at < until);
  return region(
    'wall',
    html`<div id="wall">
      <p class="now">
        ${
          block
            ? html`${block.name} <span class="small">until ${clockText(block.until, plan.timeZone)}</span>`
            : at < timeline.start
              ? html`Begins at ${clockText(timeline.start, plan.timeZone)}`
              : html`Over. Thank you.`
        }
      </p>
      <p class="count"><strong>${ready}</strong> of ${all} ready</p>
      ${peopleBar(totals)}
      <p class="legend">
        ${presentStates(totals).map(
          ([state, people]) =>
            html`<span>
              <span class="sign is-${state}" aria-hidden="true">${SIGNS[state]}</span> ${people} ${state}
            </span> `,
        )}
      </p>
      ${waits === 0 ? '' : html`<p class="waiting">${HAND} ${waits} ${waits === 1 ? 'waits' : 'wait'} for help</p>`}
      ${
        withNames
          ? html`<ul class="names">
              ${seats
                .filter(({ state }) => state !== 'ready')
                .map((seat) => html`<li>${SIGNS[seat.state]} ${nameOf(seat)}</li>`)}
            </ul>`
          : ''
      }
    </div>`,
  );
}

export const projectorPage = (regions: readonly Region[], { plan }: RoomView, path: string, withNames: boolean): Html =>
  html`<h1>${plan.title}</h1>
    ${drawn(regions, 'banner')} ${drawn(regions, 'wall')}
    <p class="corner">
      <a href="${path}">Room</a>
      <a href="${path}/projector${withNames ? '' : '?names=yes'}">${withNames ? 'Without names' : 'With names'}</a>
    </p>`;
