import { html } from 'hono/html';
import type { RoomView } from '../watch/room-view.ts';
import { clockTime } from '../../domain/clock/clock.ts';
import { region } from './document.ts';

/** What whoever runs it says to everybody; an empty element where nothing is said. */
export const bannerRegion = ({ room: { banner }, plan, at }: RoomView) =>
  region(
    'banner',
    banner
      ? html`<div id="banner" class="banner" role="status">
          <p>${banner.text}</p>
          <p class="small">${banner.by}, ${clockTime(banner.at, at, plan.timeZone)}</p>
        </div>`
      : html`<div id="banner" role="status"></div>`,
  );
