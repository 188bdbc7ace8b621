import { condition, getExternalWorkflowHandle, patched } from '@temporalio/workflow';
import type { CrowdState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import { attendeeAddress, cohortAddress } from '../../domain/replayed/made/addresses.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import { TARGETS, type Target } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { Seating } from './seating.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { enrol, raise, takeOut, type Infrastructure, type Raise, type TakeOut } from '../shared/messages.ts';

/** The moments, once they were moved, the start that letters are to name then, and what was amended of the plan. */
export interface Changed {
  readonly timeline: Timeline | undefined;
  readonly startTold: number | undefined;
  readonly amended: Raise['amended'];
}

/**
 * Who takes part in this lifecycle: their seats, what is wanted of them, and where they stand. It alone writes these,
 * and it alone talks to their cohorts.
 */
export class Crowd extends Seating {
  readonly #run: { readonly workshopId: string; readonly runId: string };
  readonly #infrastructure: () => Infrastructure;
  readonly #changed: () => Changed;
  readonly #page: number;
  readonly #missed: () => void;
  readonly #isSilent: () => boolean;

  /**
   * @param infrastructure what clusters can be made with at this moment
   * @param page which heading of the guide this run of the lifecycle is under: whoever hears of a new one begins a new
   * history
   */
  constructor(
    state: CrowdState,
    about: {
      readonly run: { readonly workshopId: string; readonly runId: string };
      readonly testers: readonly string[];
      readonly infrastructure: () => Infrastructure;
      readonly changed: () => Changed;
      readonly page: number;
      /** A cohort was not found. */
      readonly missed: () => void;
      /** Nothing is to be said to the cohorts yet; what is wanted is said later. */
      readonly isSilent: () => boolean;
    },
  ) {
    super(state, about.run.runId, about.testers);
    this.#run = about.run;
    this.#infrastructure = about.infrastructure;
    this.#changed = about.changed;
    this.#page = about.page;
    this.#missed = about.missed;
    this.#isSilent = about.isSilent;
  }

  /**
   * Somebody asks for people who have a seat: their cohorts look whether their workflows are there, and start them
   * again if they are not. Nobody waits for it.
   * @param details address → what is known of them by now
   */
  lookFor(emails: readonly string[], details: Readonly<Record<string, Details>> = {}): void {
    const newcomers = emails.map((email) => this.newcomer(email, details[email]));
    for (const n of this.numbers) {
      const here = newcomers.filter(({ key }) => this.state.seats[key] === n);
      if (here.length === 0) continue;
      const cohort = getExternalWorkflowHandle(cohortAddress(this.#run.workshopId, n));
      cohort.signal(enrol, here).catch(() => this.#missed());
    }
  }

  /**
   * These take part no longer: their cohorts take away what is theirs. Gives back who they were.
   * @param now epoch milliseconds
   */
  async takeOut(emails: readonly string[], by: string, now: number): Promise<string[]> {
    const places = Map.groupBy(emails, (email) => this.state.seats[this.keyOf(email)]);
    const seated = this.unseatForGood(emails, by, now);
    for (const n of this.numbers) {
      const keys = (places.get(n) ?? []).map((email) => this.keyOf(email));
      if (keys.length > 0) await this.#tell(n, { keys, by, at: now });
    }
    return seated;
  }

  /** A cohort that begins again has to hear of it once more; what it knows already changes nothing. */
  async tellWhoIsOut(n: number): Promise<void> {
    for (const [key, { n: where, by, at }] of Object.entries(this.state.takenOut ?? {}))
      if (where === n) await this.#tell(n, { keys: [key], by, at });
  }

  /**
   * Wants at least this of everybody, or of the testers; whoever joins later is brought to it too. A target never
   * sinks: a heading that is gone through again asks for less than the day has asked for already.
   */
  async raise(target: Target, { wake = false, testersOnly = false } = {}): Promise<void> {
    const state = this.state;
    state.testersTarget = higher(target, state.testersTarget);
    if (!testersOnly) state.target = higher(target, state.target);
    await this.#send(testersOnly, wake);
  }

  /** The start was moved to a later day: until then nobody's cluster is to run. Testers keep theirs. */
  setBack(): void {
    if (this.state.target === 'ready') this.state.target = 'prepared';
  }

  /**
   * Wants everybody's cluster looked at, or their work saved, from now on; what was done before does not count. Returns
   * that moment.
   */
  async renew(what: 'check' | 'save'): Promise<number> {
    const asked = Date.now();
    this.state.due = { ...this.state.due, [what]: asked };
    await this.raise(this.state.target);
    return asked;
  }

  /** Asks everybody's seat, or one person's, for another try of what failed: no pause is waited for. */
  async tryAgain(email?: string): Promise<void> {
    const again = { again: true } as const;
    if (email !== undefined) {
      await this.#tellOne(email, again).catch(ignoreUnlessCancelled);
      return;
    }
    for (const testersOnly of [true, false]) await this.#tellAll({ ...this.wanted(testersOnly), ...again });
  }

  /** One person's cluster is to be mended, beginning with this stage. @param at epoch milliseconds */
  async repair(email: string, repair: NonNullable<Raise['repair']>): Promise<void> {
    await this.#tellOne(email, { repair });
  }

  /** Asks those whose seat has failed for another try: what held them all up is over. */
  async tryFailed(): Promise<void> {
    await this.#tellAll({ ...this.wanted(false), again: true, failedOnly: true });
  }

  /** While launches are stopped, one person's is tried: of each cohort in turn, of those who have somebody failing. */
  async tryOne(turn: number): Promise<void> {
    const failing = this.numbers.filter((n) => (this.state.totals[n]?.totals.failingAlike ?? []).length > 0);
    const n = failing[turn % failing.length];
    if (n !== undefined) await this.#tell(n, { ...this.wanted(false), tryOnce: true });
  }

  /** Since when everybody's cluster is to have been looked at, epoch milliseconds. */
  get checkDue(): number | undefined {
    return this.state.due?.check;
  }

  /** What can be made with is known at last: seats of a run that was taken over go on with it. */
  async untilHeard(isOver: () => boolean): Promise<void> {
    if (!this.#isSilent()) return;
    await condition(() => isOver() || !this.#isSilent());
    if (!isOver()) await this.turnPage();
  }

  /** Tells every cohort which page the guide is open at, so that nobody's history grows for three weeks. */
  async turnPage(): Promise<void> {
    await this.#send(true, false);
    await this.#send(false, false);
  }

  /** What is wanted of everybody, or of testers, as it is sent. */
  wanted(testersOnly: boolean, wake = false): Raise {
    const { target, testersTarget, due } = this.state;
    const { timeline, startTold, amended } = this.#changed();
    return {
      target: testersOnly ? testersTarget : target,
      wake,
      testersOnly,
      ...(due ? { due } : {}),
      infrastructure: this.#infrastructure(),
      page: this.#page,
      ...(timeline ? { timeline } : {}),
      ...(startTold === undefined ? {} : { startTold }),
      ...(amended ? { amended } : {}),
    };
  }

  async #send(testersOnly: boolean, wake: boolean): Promise<void> {
    if (this.#isSilent()) return;
    const { sent } = this.state;
    const whom = testersOnly ? 'testers' : 'everybody';
    const message = this.wanted(testersOnly, wake);
    const text = JSON.stringify({ ...message, wake: false });
    if (!wake && sent[whom] === text) return;
    // How many cohorts there are is told along with other things, and not for its own sake.
    await this.#tellAll({ ...message, cohorts: this.cohorts });
    // Only now: a page that turns in the middle would leave some cohorts without it for good.
    sent[whom] = text;
  }

  /** One person's seat, of what is wanted of it and something besides. @throws when its workflow is not there */
  async #tellOne(email: string, besides: Partial<Raise>): Promise<void> {
    const seat = getExternalWorkflowHandle(attendeeAddress(this.#run.workshopId, this.keyOf(email)));
    await seat.signal(raise, { ...this.wanted(this.roleOf(email) !== 'attendee'), ...besides });
  }

  /** At once: one after the other, twenty cohorts of a busy server would wait minutes for each other. */
  async #tellAll(message: Raise): Promise<void> {
    const { numbers } = this;
    if (numbers.length > 1 && patched('cohorts-told-together'))
      await Promise.all(numbers.map((n) => this.#tell(n, message)));
    else for (const n of numbers) await this.#tell(n, message);
  }

  /** One cohort; that it was not there to hear is no trouble here, and it is missed. */
  async #tell(n: number, message: Raise | TakeOut): Promise<void> {
    const cohort = getExternalWorkflowHandle(cohortAddress(this.#run.workshopId, n));
    try {
      if ('keys' in message) await cohort.signal(takeOut, message);
      else await cohort.signal(raise, message);
    } catch (error) {
      ignoreUnlessCancelled(error);
      this.#missed();
    }
  }
}

const higher = (a: Target, b: Target): Target => (TARGETS.indexOf(a) > TARGETS.indexOf(b) ? a : b);
