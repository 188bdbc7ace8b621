import type { Role } from '../../domain/replayed/seat/seat.ts';
import { atLeast } from '../../domain/replayed/seat/seat.ts';
import { isPageToLookUp } from '../../domain/replayed/time/event.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Raise } from '../shared/messages.ts';

/** What a cohort begins with. */
interface Begun {
  readonly wanted: Raise;
  readonly testersWanted: Raise;
  readonly timeline: Timeline;
  readonly page?: number;
}

/** What the lifecycle wants of everybody, and of testers, and the page of the guide that was open when it said so. */
export class Wanted {
  #everybody: Raise;
  #testers: Raise;
  #page: number;
  readonly #timeline: Timeline;

  constructor({ wanted, testersWanted, timeline, page }: Begun) {
    this.#everybody = wanted;
    this.#testers = testersWanted;
    this.#timeline = timeline;
    this.#page = page ?? wanted.page ?? 0;
  }

  get everybody(): Raise {
    return this.#everybody;
  }

  get testers(): Raise {
    return this.#testers;
  }

  get page(): number {
    return this.#page;
  }

  get timeline(): Timeline {
    return this.#everybody.timeline ?? this.#timeline;
  }

  readonly of = (role: Role): Raise => (role === 'attendee' ? this.#everybody : this.#testers);

  /**
   * Takes in what is wanted from now on, of whoever joins later, too: without what was asked for this once.
   * @returns `waits`: whoever has not failed does not have to hear of it before they hear of something else;
   * `isToLookUp`: a page was turned at which people are looked up again
   */
  hear(wanted: Raise): { readonly waits: boolean; readonly isToLookUp: boolean } {
    const known = this.timeline;
    const { page = 0, timeline = known } = wanted;
    const before = wanted.testersOnly ? this.#testers : this.#everybody;
    const isUntold = timeline.start !== known.start && wanted.startTold === before.startTold;
    const waits = !wanted.wake && asItMatters(wanted, isUntold) === asItMatters(before, isUntold);
    const isToLookUp = page > this.#page && isPageToLookUp(page) && atLeast(wanted.target, 'invited');
    // A start that was moved to a later day opens the guide at an earlier page again.
    this.#page = timeline.start === known.start ? Math.max(this.#page, page) : page;
    this.#testers = wanted;
    if (!wanted.testersOnly) this.#everybody = wanted;
    return { waits, isToLookUp };
  }
}

/**
 * What a seat does something about, as text, whatever the order of its fields: that differs between what was begun with
 * and what was heard. A page by itself changes nothing for whoever is well, nor does a start of which nobody is to be
 * told, and what clusters are made with nothing for whoever is not invited yet: each hears it with what is wanted next.
 * @param isUntold the start was moved, and no letter says so
 */
function asItMatters({ timeline, ...wanted }: Raise, isUntold: boolean): string {
  const { elsewhere } = wanted.infrastructure;
  const infrastructure = atLeast(wanted.target, 'invited') ? sorted(wanted.infrastructure) : { elsewhere };
  const moments = isUntold ? {} : { timeline };
  return JSON.stringify(
    sorted({ ...wanted, ...moments, infrastructure, page: 0, testersOnly: false, wake: false, cohorts: 0 }),
  );
}

const sorted = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
