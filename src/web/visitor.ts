import type { Holder } from '../domain/links/signed-link.ts';
import type { Seat } from '../domain/replayed/seat/seat.ts';
import type { RoomView } from './watch/room-view.ts';
import type { WorkshopWatch } from './watch/workshop-watch.ts';

/** Whoever asks for a page, once it is known that they may. */
export interface Visitor {
  readonly role: Holder['role'];
  /** As acts are recorded. */
  readonly name: string;
  /** An attendee's own. */
  readonly seat?: Seat;
  readonly view: RoomView;
  readonly watch: WorkshopWatch;
  /** The address of their page below the host, without a slash at its end. */
  readonly path: string;
}

/** As an attendee's own acts are recorded: never under their address. */
export const OWNER = 'its owner, on their page';

/** Whether they may do what concerns the whole workshop, and not only somebody's seat. */
export const runsWorkshop = ({ role }: Pick<Visitor, 'role'>): boolean => role === 'facilitator';
