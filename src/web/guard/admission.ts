import { holderOf, isSigned, type Holder } from '../../domain/links/signed-link.ts';
import { timesSeated } from '../../domain/links/times-seated.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { DAY } from '../../domain/replayed/time/units.ts';
import type { Visitor } from '../visitor.ts';
import type { RoomView } from '../watch/room-view.ts';
import type { WorkshopWatch } from '../watch/workshop-watch.ts';

/** In the place of a link: whoever signs people in says who it is. */
export const SIGNED_IN = 'me';

/** Links end with the workshop: a day later there is nothing to be seen any more. */
const ENDS_AFTER = DAY;

/** What is asked for, before it is known whether they may. */
export interface Asked {
  readonly watch: WorkshopWatch;
  /** The last part of their address. */
  readonly link: string;
  /** Where their page is, below the host. */
  readonly path: string;
  /** Whom a proxy that is believed names. */
  readonly identity?: string | undefined;
}

/**
 * Whom a link, or the one who signs people in, lets in; undefined for everybody else. A link that is forged, of another
 * workshop, revoked or over is no link, and nothing tells which.
 * @throws {Error} where the workshop cannot be asked
 */
export async function admitted({ watch, link, path, identity }: Asked, key: Uint8Array): Promise<Visitor | undefined> {
  const holder = link === SIGNED_IN ? undefined : holderOf(link);
  if (link !== SIGNED_IN && holder === undefined) return undefined;
  const view = await watch.look();
  if (view.isOver && Date.now() > view.timeline.teardown + ENDS_AFTER) return undefined;
  if (holder === undefined) return identity === undefined ? undefined : signedIn(identity, { view, watch, path });
  const seat = holder.role === 'attendee' ? view.seats.find((one) => one.key === holder.seat) : undefined;
  if (holder.role === 'attendee' && seat === undefined) return undefined;
  const scope = {
    id: view.id,
    runId: view.runId,
    generation: view.plan.web?.generation ?? 1,
    ...(seat === undefined ? {} : { seatGeneration: timesSeated(seat) }),
  };
  if (!isSigned(key, link, scope)) return undefined;
  const common = { view, watch, path, role: holder.role };
  return seat === undefined ? { ...common, name: nameOf(view.plan, holder) } : { ...common, name: seat.email, seat };
}

function signedIn(
  identity: string,
  common: { view: RoomView; watch: WorkshopWatch; path: string },
): Visitor | undefined {
  const { plan, seats } = common.view;
  const { leadFacilitator, helpers = [] } = plan.contacts;
  const is = (contact: string) => contact.toLowerCase() === identity;
  if (is(leadFacilitator.contact)) return { ...common, role: 'facilitator', name: leadFacilitator.name };
  const helper = helpers.find(({ contact }) => is(contact));
  if (helper) return { ...common, role: 'helper', name: helper.name };
  const seat = seats.find(({ email, person }) => email === identity || person?.userName.toLowerCase() === identity);
  return seat && { ...common, role: 'attendee', name: seat.email, seat };
}

/** As acts are recorded under. */
function nameOf({ contacts }: Plan, holder: Holder): string {
  if (holder.role === 'facilitator') return contacts.leadFacilitator.name;
  const nth = holder.role === 'helper' ? holder.nth : undefined;
  return (nth === undefined ? undefined : contacts.helpers?.[nth]?.name) ?? 'a helper';
}
