import { html } from 'hono/html';
import { nextOfSeat } from '../../../domain/verdict/next-of-seat.ts';
import type { Region } from '../../live/regions.ts';
import { runsWorkshop, type Visitor } from '../../visitor.ts';
import type { WorkshopWatch } from '../../watch/workshop-watch.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { bannerRegion } from '../banner.ts';
import { drawn, type Html } from '../document.ts';
import { drawer, notesRegion, standingRegion, type OpenSeat } from './drawer.ts';
import { forAllRegion } from './for-all.ts';
import { handsRegion } from './hands.ts';
import { laptopsRegion } from './laptops.ts';
import { nextRegion } from './next-steps.ts';
import { peopleRegion } from './people.ts';
import { actsRegion } from './seat-acts.ts';
import { groupsOf, ORDERS, seatRegion, seatsPart, type Chosen } from './seats.ts';
import { verdictRegion } from './verdict.ts';

/** What stays in addresses of this page, whichever seat is open. */
export const queryOf = ({ by, find }: Chosen): string =>
  new URLSearchParams({ by, ...(find === '' ? {} : { find }) }).toString();

/** The parts of the room's page that change by themselves. */
export async function roomRegions(
  watch: WorkshopWatch,
  visitor: Pick<Visitor, 'role' | 'path'>,
  chosen: Chosen,
): Promise<Region[]> {
  const { view, silence } = watch;
  if (view === undefined) return [];
  const { path } = visitor;
  const query = queryOf(chosen);
  const hands = new Map(view.room.hands.map((hand) => [hand.key, hand]));
  const shown = groupsOf(view, chosen).flatMap(({ seats }) => seats);
  const open = view.seats.find(({ key }) => key === chosen.seat);
  return Promise.all([
    verdictRegion(view, silence, Date.now()),
    bannerRegion(view),
    handsRegion(view, path, query),
    nextRegion(view, { path, may: runsWorkshop(visitor) && !view.isOver }),
    peopleRegion(view),
    laptopsRegion(view, { path, may: runsWorkshop(visitor) && !view.isOver }),
    ...(runsWorkshop(visitor) ? [forAllRegion(view, path)] : []),
    ...(open
      ? [
          standingRegion({ seat: open, next: nextOf(view, open) }, view.plan.timeZone),
          actsRegion(open, { path, mayRemove: runsWorkshop(visitor) }),
          notesRegion(open, view),
        ]
      : []),
    ...shown.map((seat) =>
      seatRegion(seat, {
        path,
        hand: hands.get(seat.key),
        query,
        isConnected: isConnected(view, seat),
        isOpen: seat === open,
      }),
    ),
  ]);
}

const isConnected = ({ workspace }: RoomView, { email }: OpenSeat['seat']): boolean =>
  workspace?.connected.get(email)?.state === 'connected';

export const nextOf = (view: RoomView, seat: OpenSeat['seat'], launchLimitMs?: number) =>
  nextOfSeat(seat, {
    checklist: view.status.progress.checklist,
    timeline: view.timeline,
    // In whole minutes, or the page would change with every look.
    now: Math.floor(view.at / 60_000) * 60_000,
    launchLimitMs,
  });

/** The page of those who run it. */
export function roomPage(
  regions: readonly Region[],
  visitor: Visitor,
  chosen: Chosen,
  open: OpenSeat | undefined,
): Html {
  const { view, path } = visitor;
  const part = (id: string) => drawn(regions, id);
  const query = queryOf(chosen);
  return html`${topOf(visitor, 'Room')} ${part('verdict')} ${part('banner')}
    <div class="columns ${open ? 'has-drawer' : ''}">
      <div class="first">${part('hands')} ${part('next')} ${part('for-all')}</div>
      <div class="second">
        ${part('people')}
        <section class="seats-part" aria-labelledby="seats-name">
          <h2 id="seats-name" class="unseen">Seats</h2>
          <form method="get" action="${path}" class="choose">
            <label for="by">Seats by</label>
            <select id="by" name="by">
              ${ORDERS.map((by) => html`<option ${by === chosen.by ? html`selected` : ''}>${by}</option>`)}
            </select>
            <label for="find">Find</label>
            <input id="find" name="find" value="${chosen.find}" maxlength="100" placeholder="name or table" />
            <button>Show</button>
          </form>
          ${seatsPart(groupsOf(view, chosen), (seat) => part(`seat-${seat.key}`))}
        </section>
        ${part('laptops')}
      </div>
      ${
        open
          ? drawer(open, part, {
              id: view.id,
              path,
              query,
              room: view.room,
              workspace: view.workspace,
              timeZone: view.plan.timeZone,
            })
          : ''
      }
    </div>`;
}

const PAGES = [
  ['Room', ''],
  ['Checklist', '/checklist'],
  ['History', '/history'],
  ['Projector', '/projector'],
] as const;

/** Where else one may look. */
export const topOf = ({ path, name, role, view }: Visitor, here: (typeof PAGES)[number][0]): Html =>
  html`<header class="top">
    <h1>${view.plan.title}</h1>
    <nav aria-label="Pages">
      ${PAGES.map(
        ([name, end]) => html`<a href="${path}${end}" ${name === here ? html`aria-current="page"` : ''}>${name}</a> `,
      )}
    </nav>
    <p class="small">${name}, ${role}</p>
  </header>`;
