import type { Context } from 'hono';
import { html } from 'hono/html';
import type { WebParts } from './web-parts.ts';
import { eventStream } from './live/event-stream.ts';
import type { LivePage } from './live/live-page.ts';
import type { LivePages } from './live/live-pages.ts';
import type { Waits } from './live/waits.ts';
import { pageOf, sentence, type DocumentParts, type Html } from './pages/document.ts';
import { checklistPage, checklistRegion } from './pages/room/checklist-page.ts';
import type { OpenSeat } from './pages/room/drawer.ts';
import { historyPage } from './pages/room/history-page.ts';
import { projectorPage, projectorRegions } from './pages/room/projector-page.ts';
import { nextOf, roomPage, roomRegions } from './pages/room/room-page.ts';
import { ORDERS, type Chosen, type Order } from './pages/room/seats.ts';
import { titleOf } from './pages/room/verdict.ts';
import { nameOf } from './pages/seat-look.ts';
import { seatPage, seatRegions } from './pages/seat/seat-page.ts';
import { laptopOf } from './pages/seat/steps.ts';
import { NOT_HERE, wordsPage } from './pages/words-page.ts';
import type { Visitor } from './visitor.ts';
import type { RoomView } from './watch/room-view.ts';

interface Needs extends Pick<WebParts, 'client' | 'evidence' | 'history'> {
  readonly base: string;
  readonly live: LivePages;
  readonly waits: Waits;
}
type Note = { readonly text: string; readonly isRefusal: boolean } | undefined;

const LONGEST_SEARCH = 100;
/** All helpers may have come by one link. */
const MOST_STREAMS = 60;

/** Which page a visitor gets at which address. */
export function pagesFor({ client, evidence, history, base, live, waits }: Needs) {
  const send = async (
    c: Context,
    parts: Omit<DocumentParts, 'base' | 'waits'>,
    status: 200 | 404 = 200,
  ): Promise<Response> => {
    c.header('cache-control', 'no-store');
    return c.html(String(await pageOf({ ...parts, base, waits })), status);
  };
  const notHere = async (c: Context): Promise<Response> => c.html(String(await wordsPage(base, NOT_HERE)), 404);

  return { front, page, live: changes };

  /** The first page of whoever comes: the room, or their own. */
  async function front(c: Context, visitor: Visitor, note: Note): Promise<Response> {
    const { view, seat } = visitor;
    const { mark, regions } = await livePage(c, visitor, '').drawn();
    if (seat)
      return send(c, {
        title: view.plan.title,
        look: 'seat',
        mark,
        body: html`${noteOf(note)} ${seatPage(regions, { view, seat, path: visitor.path })}`,
      });
    const chosen = chosenIn(c);
    const open = view.seats.find(({ key }) => key === chosen.seat);
    const opened = open && (await openSeat(visitor, open));
    return send(c, {
      title: titleOf(view),
      look: 'room',
      mark,
      body: html`${noteOf(note)} ${roomPage(regions, visitor, chosen, opened)}`,
    });
  }

  async function page(c: Context, visitor: Visitor, name: string): Promise<Response> {
    if (visitor.role === 'attendee') return notHere(c);
    const { view, path } = visitor;
    const { title, timeZone } = view.plan;
    if (name === 'history') {
      const { deeds, left } = await history(view.id, timeZone);
      const inRoom = view.room.acts.map(({ at, by, what }) => ({ at, who: `${by}:`, what: named(what, view.seats) }));
      return send(c, {
        title: `History: ${title}`,
        look: 'room',
        body: historyPage(visitor, [...deeds, ...inRoom], left),
      });
    }
    const { mark, regions } = await livePage(c, visitor, name).drawn();
    return name === 'checklist'
      ? send(c, { title: `Checklist: ${title}`, look: 'room', mark, body: checklistPage(regions, visitor) })
      : send(c, { title, look: 'projector', mark, body: projectorPage(regions, view, path, withNames(c)) });
  }

  /** What has changed since: at once, or as a stream. */
  async function changes(c: Context, visitor: Visitor, name: string, how: 'changes' | 'events'): Promise<Response> {
    if (visitor.role === 'attendee' && name !== '') return notHere(c);
    const shown = livePage(c, visitor, name);
    const mark = (how === 'events' ? c.req.header('last-event-id') : undefined) ?? c.req.query('mark') ?? '';
    // Whoever opens more windows than that with one link asks in turn.
    if (how === 'events' && shown.followers >= MOST_STREAMS) return c.body(null, 429);
    if (how === 'events') return eventStream(c, shown, { mark, waits });
    await shown.drawn();
    return c.json(shown.since(mark), 200, { 'cache-control': 'no-store' });
  }

  function livePage(c: Context, visitor: Visitor, name: string): LivePage {
    const { view, watch, path, role, seat } = visitor;
    const about = [view.id, path, name];
    if (seat) {
      const laptop = laptopOf(c.req.header('user-agent') ?? '');
      return live.of(JSON.stringify([...about, laptop]), watch, (of) => seatRegions(of, seat.key, { path, laptop }));
    }
    if (name === 'checklist')
      return live.of(JSON.stringify(about), watch, async ({ view: now = view }) => [await checklistRegion(now)]);
    if (name === 'projector')
      return live.of(JSON.stringify([...about, withNames(c)]), watch, ({ view: now = view }) =>
        projectorRegions(now, withNames(c)),
      );
    const chosen = chosenIn(c);
    return live.of(JSON.stringify([...about, chosen]), watch, (of) => roomRegions(of, { role, path }, chosen));
  }

  async function openSeat(visitor: Visitor, seat: OpenSeat['seat']): Promise<OpenSeat> {
    const { view } = visitor;
    const past = await client
      .seatHistory(view.id, seat.key)
      .catch((error: unknown) => ({ silence: error instanceof Error ? error.message : String(error) }));
    const { cluster } = seat;
    return {
      seat,
      next: nextOf(view, seat, 'silence' in past ? undefined : past.launchLimitMs),
      history: past,
      evidence: cluster
        ? await evidence(seat.isIn?.workspace ?? view.plan.workspace, cluster.id)
        : { events: [], missing: [] },
    };
  }
}

/** Acts name seats by their keys, which hold no address. */
const named = (text: string, seats: RoomView['seats']): string =>
  text.replaceAll(/\b[0-9a-f]{16}\b/g, (key) => {
    const seat = seats.find((one) => one.key === key);
    return seat ? nameOf(seat) : key;
  });

const withNames = (c: Context): boolean => c.req.query('names') === 'yes';

function chosenIn(c: Context): Chosen {
  const by = ORDERS.find((order) => order === c.req.query('by')) ?? ('table' satisfies Order);
  const seat = c.req.query('seat');
  return { by, find: (c.req.query('find') ?? '').slice(0, LONGEST_SEARCH), ...(seat === undefined ? {} : { seat }) };
}

const noteOf = (note: Note): Html =>
  note === undefined
    ? html``
    : html`<p class="note ${note.isRefusal ? 'is-refusal' : ''}" role="status">
        ${note.isRefusal ? `Nothing was done: ${note.text}` : sentence(note.text)}
      </p>`;
