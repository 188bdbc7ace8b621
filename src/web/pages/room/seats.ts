import { html } from 'hono/html';
import type { Hand } from '../../../domain/replayed/room/room.ts';
import { isAttendee, type Seat } from '../../../domain/replayed/seat/seat.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { region, type Html } from '../document.ts';
import { HAND } from '../hand-sign.ts';
import { nameOf, SIGNS, STATES_IN_ORDER } from '../seat-look.ts';

/** How the seats stand beside each other. */
export const ORDERS = ['table', 'name', 'state'] as const;
export type Order = (typeof ORDERS)[number];

/** What is chosen on the page. */
export interface Chosen {
  readonly by: Order;
  /** Part of a name, an address or a table. */
  readonly find: string;
  /** Key of the seat that is open. */
  readonly seat?: string | undefined;
}

/** Table 2 stands before table 10. */
const BY_NAME = new Intl.Collator('en', { numeric: true });

export interface SeatGroup {
  readonly name: string;
  readonly seats: readonly Seat[];
}

/** The seats that are shown, in groups. What is in trouble comes first where they stand by state. */
export function groupsOf({ seats }: Pick<RoomView, 'seats'>, { by, find }: Chosen): SeatGroup[] {
  const wanted = find.trim().toLowerCase();
  const shown = seats.filter((seat) =>
    `${nameOf(seat)} ${seat.email} ${seat.details?.table ?? ''}`.toLowerCase().includes(wanted),
  );
  const named = shown.toSorted((a, b) => BY_NAME.compare(nameOf(a), nameOf(b)));
  if (by === 'name') return [{ name: '', seats: named }];
  const group = by === 'table' ? tableOf : ({ state }: Seat) => state;
  const rank = (name: string) => (by === 'state' ? STATES_BY_WORRY.indexOf(name as never) : 0);
  return [...Map.groupBy(named, group)]
    .map(([name, members]) => ({ name, seats: members }))
    .toSorted((a, b) => rank(a.name) - rank(b.name) || BY_NAME.compare(a.name, b.name));
}

const STATES_BY_WORRY = STATES_IN_ORDER.toReversed();

const tableOf = (seat: Seat): string => {
  if (!isAttendee(seat)) return 'Testers';
  return seat.details?.table === undefined ? '' : `Table ${seat.details.table.replace(/^table\s+/i, '')}`;
};

const RAISED = html`<span class="hand-up">${HAND}<span class="unseen">asks for help</span></span>`;

interface TileParts {
  readonly path: string;
  readonly hand?: Hand | undefined;
  readonly query: string;
  /** Their laptop is connected now, as the workspace says. */
  readonly isConnected: boolean;
  /** All that is known of it stands beside the room. */
  readonly isOpen: boolean;
}

/** One seat as a tile. */
export const seatRegion = (seat: Seat, { path, hand, query, isConnected, isOpen }: TileParts) =>
  region(
    `seat-${seat.key}`,
    html`<li id="seat-${seat.key}">
      <a
        class="seat is-${seat.state}"
        id="open-${seat.key}"
        href="${path}?${query}&seat=${seat.key}#drawer"
        title="${nameOf(seat)}"
        ${isOpen ? html`aria-current="true"` : ''}
      >
        <span class="sign" aria-hidden="true">${SIGNS[seat.state]}</span>
        <span class="who">${nameOf(seat)}</span>
        <span class="state">${seat.repair ? 'being mended' : seat.state}${isConnected ? ', connected' : ''}</span>
        ${hand ? RAISED : ''}
      </a>
    </li>`,
  );

/** All seats, with what was drawn of each. */
export const seatsPart = (groups: readonly SeatGroup[], tile: (seat: Seat) => Html): Html =>
  html`${groups.map(
    ({ name, seats }) =>
      html`<section class="group">
        ${name === '' ? '' : html`<h3>${name} <span class="small">${seats.length}</span></h3>`}
        <ul class="seats">
          ${seats.map(tile)}
        </ul>
      </section>`,
  )}`;
