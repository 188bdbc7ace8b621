/** How far somebody's cluster is. Without imports: the command line lists them before it loads anything. */
export const SEAT_STATES = [
  'enrolled',
  'waiting',
  'creating',
  'verifying',
  'parked',
  'starting',
  'ready',
  'asleep',
  'failed',
  'released',
] as const;
export type SeatState = (typeof SEAT_STATES)[number];
