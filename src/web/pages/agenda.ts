import { html } from 'hono/html';
import { clockText } from '../../domain/messages/moments.ts';
import { agendaOf } from '../../domain/clock/agenda.ts';
import type { RoomView } from '../watch/room-view.ts';
import { region } from './document.ts';

/** The day's blocks, with what is on now. */
export const agendaRegion = ({ plan, timeline, at }: RoomView) =>
  region(
    'agenda',
    html`<section id="agenda" class="agenda">
      <h2>Today</h2>
      <ol class="plain">
        ${agendaOf(plan, timeline).map(({ name, from, until }) => {
          const isNow = at >= from && at < until;
          return html`<li class="${isNow ? 'is-now' : ''}" ${isNow ? html`aria-current="time"` : ''}>
            <span class="clock">${clockText(from, plan.timeZone)}</span>
            ${name}${isNow ? html` <strong>now</strong>` : ''}
          </li>`;
        })}
        <li><span class="clock">${clockText(timeline.end, plan.timeZone)}</span> End</li>
      </ol>
    </section>`,
  );
