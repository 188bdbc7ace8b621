import type { SeatState } from '../replayed/seat/seat-states.ts';

/** What each state of a seat means, as whoever helps reads it. */
export const SEAT_WORDS: Readonly<Record<SeatState, string>> = {
  enrolled: 'on the roster; nothing was asked of the workspace yet',
  waiting: 'waits for a cluster',
  creating: 'the cluster is being made',
  verifying: 'the cluster runs and is being looked at',
  parked: 'the cluster was made and tried, and is stopped until the day',
  starting: 'the cluster is being started',
  ready: 'the cluster runs and serves',
  asleep: 'the cluster has fallen asleep',
  failed: 'something is wrong',
  released: 'released: the workshop has let go of it',
};
