import type { Seat } from '../replayed/seat/seat.ts';

/**
 * How often somebody was given their seat. A cluster that is set aside counts in the seat's generation, too, and leaves
 * the person's link alone: they need their page most while they get another one.
 */
export const timesSeated = ({ generation, setAside = [] }: Pick<Seat, 'generation' | 'setAside'>): number =>
  generation - setAside.length;
