import { HEADINGS } from '../checklist/lines.ts';
import type { Timeline } from './timeline.ts';

const DAY_OF = HEADINGS.indexOf('day of');

/**
 * From the moment at which machines are warmed for everybody to the end. The page turns earlier than its own moment
 * where the warming takes long.
 * @param page place of the heading that the guide is open at
 * @param now epoch milliseconds
 */
export const isEventOn = ({ dayOf, end }: Timeline, page: number, now: number): boolean =>
  now < end && (now >= dayOf || page >= DAY_OF);

/**
 * At each new heading up to the day people are looked up again: somebody may have been deactivated since. During the
 * event nobody's cluster is held up by a directory that does not answer.
 */
export const isPageToLookUp = (page: number): boolean => page <= DAY_OF;
