import { HOUR } from '../time/units.ts';
import type { Timeline } from '../time/timeline.ts';
import { isForAPerson, type Item } from './item.ts';
import { HEADINGS, type Heading, type LineId } from './lines.ts';

/** What becomes of the checklist when the start moves to a later day. */
export interface MovedBack {
  /** Where the guide is opened again. */
  readonly heading: Heading;
  /** Lines that are gone through once more. */
  readonly again: readonly LineId[];
}

/** So long after they passed, these lines say nothing of another day any more. */
const PERISHABLE: readonly LineId[] = ['endpoint', 'access', 'pool', 'canary'];

/** A shorter move does not undo a day that has begun: what was done for it is still good. */
const OTHER_DAY = 6 * HOUR;
const FAR = 24 * HOUR;

/**
 * That day is so far off that clusters are stopped until then.
 * @param now epoch milliseconds
 * @param speed of the workshop's clock
 */
export const isAnotherDay = ({ dayOf }: Timeline, now: number, speed: number): boolean =>
  (dayOf - now) * speed > OTHER_DAY;

/** Which heading of the guide is open at a moment, by its own moments alone. */
function headingAt(timeline: Timeline, now: number): Heading {
  if (now >= timeline.start) return 'during';
  if (now >= timeline.dayOf) return 'day of';
  if (now >= timeline.dayBefore) return 'day before';
  if (now >= timeline.oneWeekBefore) return 'one week before';
  return now >= timeline.twoWeeksBefore ? 'two weeks before' : 'first';
}

/**
 * A start that moves later opens the guide at the page that is now due. What people did and said stays done; what was
 * done for the day itself is done again, and by more than a day also what may have changed until then. A start that
 * moves earlier makes every result younger: all of it stays, and the pages turn as they fall due.
 * @param speed of the workshop's clock
 * @returns undefined when everything stays as it is
 */
export function movedBack({
  items,
  heading,
  before,
  after,
  now,
  speed,
}: {
  readonly items: readonly Item[];
  readonly heading: Heading;
  readonly before: Timeline;
  readonly after: Timeline;
  readonly now: number;
  readonly speed: number;
}): MovedBack | undefined {
  const page = HEADINGS.indexOf(heading);
  const due = HEADINGS.indexOf(headingAt(after, now));
  const isMovedAway = due < page && isAnotherDay(after, now, speed);
  const isFar = (after.start - before.start) * speed > FAR;
  if (!isMovedAway && !isFar) return undefined;
  const opened = isMovedAway ? due : page;
  const again = items
    .filter((item) => !isForAPerson(item) && wasTried(item))
    .filter(
      (item) =>
        (isFar && PERISHABLE.includes(item.id)) ||
        HEADINGS.indexOf(item.heading) > Math.max(opened, HEADINGS.indexOf('one week before')),
    )
    .map(({ id }) => id);
  return { heading: HEADINGS[opened] ?? heading, again };
}

/** What a person waived stays waived. */
const wasTried = (item: Item): boolean =>
  item.state !== 'waiting' && !(item.state === 'waived' && item.by !== undefined);
