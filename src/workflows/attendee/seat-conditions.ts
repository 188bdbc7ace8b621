import { isHeldBack } from '../../domain/replayed/diagnosis/breaker.ts';
import { amendedPlan } from '../../domain/replayed/checklist/amendment.ts';
import type { SeatRules } from '../../domain/replayed/seat/next-step.ts';
import { endpointsOf } from '../../domain/replayed/made/claude-settings.ts';
import { toRepair } from '../../domain/replayed/seat/repair.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import {
  allowedAgain,
  askedAgain,
  closed,
  raised,
  setBack,
  settled,
  toLookUp,
} from '../../domain/replayed/seat/transitions.ts';
import { isEventOn, isPageToLookUp } from '../../domain/replayed/time/event.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Infrastructure, Raise } from '../shared/messages.ts';

/** What a seat carries of it from one run of its workflow to the next. */
export interface Conditions {
  /** In force: with what was amended. */
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly infrastructure: Infrastructure;
  /** The heading that the guide is open at, by its place. */
  readonly page?: number;
  /** The start that the letter is to name, once it was moved: epoch milliseconds. */
  readonly startTold?: number | undefined;
}

/** What the lifecycle said last: when things are due, what clusters can be made with, and whether they may be. */
export class SeatConditions {
  #plan: Plan;
  #timeline: Timeline;
  #infrastructure: Infrastructure;
  #page: number;
  #startTold: number | undefined;
  /** Launches are stopped, and this one's is to be tried all the same. */
  #triesOnce = false;

  constructor({ plan, timeline, infrastructure, page = 0, startTold }: Conditions) {
    this.#plan = plan;
    this.#timeline = timeline;
    this.#infrastructure = infrastructure;
    this.#page = page;
    this.#startTold = startTold;
  }

  get plan(): Plan {
    return this.#plan;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get infrastructure(): Infrastructure {
    return this.#infrastructure;
  }

  get page(): number {
    return this.#page;
  }

  get startTold(): number | undefined {
    return this.#startTold;
  }

  /** For the next run of this workflow. */
  snapshot(): Required<Conditions> {
    return {
      plan: this.#plan,
      timeline: this.#timeline,
      infrastructure: this.#infrastructure,
      page: this.#page,
      startTold: this.#startTold,
    };
  }

  /** The lifecycle says what it wants; gives the seat as it is then. */
  hear(wanted: Raise, seat: Seat, now: number): Seat {
    const { infrastructure, page = 0, target, wake, due, again, tryOnce, startTold, repair, lookUp } = wanted;
    this.#startTold = startTold ?? this.#startTold;
    let heard = this.#hearPlan(wanted, this.#hearMoments(wanted, seat, now));
    const isTried = again === true || tryOnce === true || repair !== undefined || this.#triesOnce;
    this.#triesOnce = infrastructure.stop !== undefined && isTried;
    if (this.#infrastructure.stop && !infrastructure.stop) heard = allowedAgain(heard);
    this.#infrastructure = infrastructure;
    if (lookUp ?? (page > this.#page && isPageToLookUp(page))) heard = toLookUp(heard);
    this.#page = Math.max(this.#page, page);
    heard = raised(again ? askedAgain(heard) : heard, target, wake, due);
    if (repair) heard = toRepair(heard, repair.stage, repair.by, repair.at);
    // What it failed of stays said for as long as nothing else may be tried.
    return heard.state !== 'failed' || !this.#holdsBack(heard, now) ? settled(heard, now) : heard;
  }

  /** Its launch is tried now: once is enough. */
  launches(): void {
    this.#triesOnce = false;
  }

  isEventOn(now: number): boolean {
    return isEventOn(this.#timeline, this.#page, now);
  }

  rules(seat: Seat, now: number): SeatRules {
    const { mayCreate, held, poolId, elsewhere, paused = false } = this.#infrastructure;
    const holdsBack = this.#holdsBack(seat, now);
    return {
      preProvision: this.#plan.compute.preProvision,
      mayCreate,
      held: held || holdsBack,
      poolId,
      stopped: holdsBack || paused,
      startTold: this.#startTold,
      elsewhere,
    };
  }

  /** A start that was moved to a later day opens the guide at an earlier page again, and less is wanted. */
  #hearMoments({ timeline, page = 0, target }: Raise, seat: Seat, now: number): Seat {
    if (!timeline) return seat;
    const isBack = timeline.start !== this.#timeline.start && page < this.#page;
    this.#timeline = timeline;
    if (!isBack) return seat;
    this.#page = page;
    return setBack(seat, target, now);
  }

  /** Whoever may query one endpoint may not therefore query another. */
  #hearPlan({ amended }: Raise, seat: Seat): Seat {
    const before = endpointsOf(this.#plan).join();
    this.#plan = amendedPlan(this.#plan, amended);
    return endpointsOf(this.#plan).join() === before ? seat : closed(seat);
  }

  #holdsBack(seat: Seat, now: number): boolean {
    return !this.#triesOnce && isHeldBack(seat, this.#infrastructure.stop, this.isEventOn(now));
  }
}
