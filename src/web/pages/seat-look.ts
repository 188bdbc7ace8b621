import type { Seat, SeatState } from '../../domain/replayed/seat/seat.ts';

/** A colour is never the only sign of a state. */
export const SIGNS: Readonly<Record<SeatState, string>> = {
  released: '–',
  ready: '✔',
  asleep: '☾',
  starting: '▸',
  verifying: '▸',
  parked: '■',
  creating: '…',
  waiting: '~',
  enrolled: '·',
  failed: '✘',
};

/** From done to not begun, as a bar fills. */
export const STATES_IN_ORDER = Object.keys(SIGNS) as SeatState[];

/** What people call them. */
export const nameOf = ({ details, email }: Pick<Seat, 'details' | 'email'>): string =>
  details?.name ?? email.slice(0, Math.max(1, email.indexOf('@')));
