import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Run } from '../../activities/run.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Calls } from '../shared/calls.ts';
import type { Places } from './places.ts';

/** What people are looked up with. */
interface LookedUpWith {
  readonly run: Run;
  readonly pace: Pace;
  /** An earlier run ended before it was done. */
  readonly toLookUp?: boolean | undefined;
  readonly calls: Calls;
  readonly places: Pick<Places, 'found' | 'get'>;
  /** Is told whom the workspace does not know as it did. */
  readonly changed: (seat: Seat) => void;
}

/**
 * At a new heading of the guide people are looked up again: somebody may have been deactivated since. All of a cohort
 * at once, and only whoever is not as they were has to look for themselves.
 */
export class LookUps {
  readonly #with: LookedUpWith;
  #isDue: boolean;
  #underWay: CancellationScope | undefined;

  constructor(lookedUpWith: LookedUpWith) {
    this.#with = lookedUpWith;
    this.#isDue = lookedUpWith.toLookUp ?? false;
  }

  /** It is still to be done, by the next run if not by this one. */
  get isDue(): boolean {
    return this.#isDue;
  }

  ask(): void {
    this.#isDue = true;
  }

  interrupt(): void {
    this.#underWay?.cancel();
  }

  /** A directory that does not answer holds nobody up: it is asked again later. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await condition(() => isOver() || this.#isDue);
      if (isOver()) return;
      this.#underWay = new CancellationScope();
      try {
        await this.#underWay.run(() => this.#lookUp());
      } catch (error) {
        if (!isCancellation(error)) await condition(isOver, this.#with.pace.recheck);
      }
    }
  }

  async #lookUp(): Promise<void> {
    const { run, calls, places, changed } = this.#with;
    const { workflowId: cohort } = workflowInfo();
    const people = places.found();
    const keys = people.length === 0 ? [] : await calls.peopleWhoChanged(run, { cohort, people });
    this.#isDue = false;
    for (const key of keys) {
      const place = places.get(key);
      if (place) changed(place.seat);
    }
  }
}
