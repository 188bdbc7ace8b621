import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import type { CrowdState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import { attendeeAddress, cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import { TARGETS, type Role, type Target } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { addTotals, type Totals } from '../../domain/replayed/seat/totals.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { enrol, raise, type CohortReport, type Infrastructure, type Newcomer, type Raise } from '../shared/messages.ts';

/** Large enough that a listing serves many, small enough for one workflow's history. */
const SEATS_PER_COHORT = 500;

/** The moments, once they were moved, and the start that letters are to name then. */
export interface Moved {
  readonly timeline: Timeline | undefined;
  readonly startTold: number | undefined;
}

/**
 * Who takes part in this lifecycle: their seats, what is wanted of them, and where they stand. It alone writes these.
 */
export class Crowd {
  readonly #state: CrowdState;
  readonly #run: { readonly workshopId: string; readonly runId: string };
  readonly #testers: readonly string[];
  readonly #infrastructure: () => Infrastructure;
  readonly #moved: () => Moved;
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
      readonly moved: () => Moved;
      readonly page: number;
      /** A cohort was not found. */
      readonly missed: () => void;
      /** Nothing is to be said to the cohorts yet; what is wanted is said later. */
      readonly isSilent: () => boolean;
    },
  ) {
    this.#state = state;
    this.#run = about.run;
    this.#testers = about.testers;
    this.#infrastructure = about.infrastructure;
    this.#moved = about.moved;
    this.#page = about.page;
    this.#missed = about.missed;
    this.#isSilent = about.isSilent;
  }

  /** How many people have a seat or are about to, guests and those of a run that was taken over included. */
  get size(): number {
    const { attendees, guests, twins } = this.totals();
    const seats = Object.keys(this.#state.seats).length + this.#state.toEnrol.length;
    return Math.max(seats - twins, attendees + guests);
  }

  get cohorts(): number {
    return this.#state.cohorts.length;
  }

  totals(): Totals {
    return addTotals(Object.values(this.#state.totals).map(({ totals }) => totals));
  }

  /** A cohort's report carries everything and a number: repeated or overtaken, it does no harm. */
  hear({ n, seq, totals }: CohortReport): void {
    if (seq > (this.#state.totals[n]?.seq ?? 0)) this.#state.totals[n] = { seq, totals };
  }

  /** False when that address has a seat, or waits for one. */
  add(email: string, details?: Details): boolean {
    if (this.hasSeat(email)) return false;
    if (details) this.#state.details = { ...this.#state.details, [email]: details };
    if (this.#state.toEnrol.includes(email)) return false;
    this.#state.toEnrol.push(email);
    return true;
  }

  /**
   * Somebody asks for people who have a seat: their cohorts look whether their workflows are there, and start them
   * again if they are not. Nobody waits for it.
   * @param details address → what is known of them by now
   */
  lookFor(emails: readonly string[], details: Readonly<Record<string, Details>> = {}): void {
    const newcomers = emails.map((email) => this.#newcomer(email, details[email]));
    for (const n of this.numbers) {
      const here = newcomers.filter(({ key }) => this.#state.seats[key] === n);
      if (here.length === 0) continue;
      const cohort = getExternalWorkflowHandle(cohortAddress(this.#run.workshopId, n));
      cohort.signal(enrol, here).catch(() => this.#missed());
    }
  }

  /** Everybody has a seat. */
  get isEnrolled(): boolean {
    return this.#state.toEnrol.length === 0;
  }

  /** The next who get a seat, and in which cohort: the last one while it has room, else a new one. */
  next(most: number): { readonly n: number; readonly isNew: boolean; readonly newcomers: readonly Newcomer[] } {
    const last = this.#state.cohorts.length - 1;
    const n = last >= 0 && (this.#state.cohorts[last] ?? 0) < SEATS_PER_COHORT ? last : last + 1;
    const room = SEATS_PER_COHORT - (this.#state.cohorts[n] ?? 0);
    const newcomers = this.#state.toEnrol.slice(0, Math.min(room, most)).map((email) => this.#newcomer(email));
    return { n, isNew: this.#state.cohorts[n] === undefined, newcomers };
  }

  /** True for one who has no seat yet: what was begun before an interruption is not done twice. */
  isNew({ key }: Newcomer): boolean {
    return this.#state.seats[key] === undefined;
  }

  /**
   * Nobody knows any more who belonged to this cohort: whoever is added again gets a new place. Returns how many they
   * were.
   */
  forget(n: number): number {
    const keys = this.keysOf(n);
    for (const key of keys) delete this.#state.seats[key];
    delete this.#state.totals[n];
    this.#state.cohorts[n] = SEATS_PER_COHORT;
    this.#state.forgotten = [...(this.#state.forgotten ?? []), n];
    return keys.length;
  }

  /** Of the people of one cohort. */
  keysOf(n: number): readonly string[] {
    return Object.keys(this.#state.seats).filter((key) => this.#state.seats[key] === n);
  }

  /** Their cohort does not know them: whoever is added again gets a new seat. */
  unseat(keys: readonly string[]): void {
    for (const key of keys) {
      const n = this.#state.seats[key];
      delete this.#state.seats[key];
      if (n !== undefined) this.#state.cohorts[n] = (this.#state.cohorts[n] ?? 1) - 1;
    }
  }

  /** Places of the cohorts that look after people. */
  get numbers(): readonly number[] {
    const { cohorts, forgotten = [] } = this.#state;
    return cohorts.map((_, n) => n).filter((n) => !forgotten.includes(n));
  }

  /** The number of the last report that was heard of a cohort: what it reports after it was started again is newer. */
  lastReport(n: number): number {
    return this.#state.totals[n]?.seq ?? 0;
  }

  /** They have their seats. Those who were first in line are no longer waiting. */
  seated(n: number, newcomers: readonly Newcomer[]): void {
    const fresh = newcomers.filter((newcomer) => this.isNew(newcomer));
    for (const { key } of fresh) this.#state.seats[key] = n;
    this.#state.cohorts[n] = (this.#state.cohorts[n] ?? 0) + fresh.length;
    this.#state.toEnrol.splice(0, newcomers.length);
    for (const { email } of newcomers) delete this.#state.details?.[email];
  }

  /**
   * Wants at least this of everybody, or of the testers; whoever joins later is brought to it too. A target never
   * sinks: a heading that is gone through again asks for less than the day has asked for already.
   */
  async raise(target: Target, { wake = false, testersOnly = false } = {}): Promise<void> {
    const state = this.#state;
    state.testersTarget = higher(target, state.testersTarget);
    if (!testersOnly) state.target = higher(target, state.target);
    await this.#send(testersOnly, wake);
  }

  /** The start was moved to a later day: until then nobody's cluster is to run. Testers keep theirs. */
  setBack(): void {
    if (this.#state.target === 'ready') this.#state.target = 'prepared';
  }

  /**
   * Wants everybody's cluster looked at, or their work saved, from now on; what was done before does not count. Returns
   * that moment.
   */
  async renew(what: 'check' | 'save'): Promise<number> {
    const asked = Date.now();
    this.#state.due = { ...this.#state.due, [what]: asked };
    await this.raise(this.#state.target);
    return asked;
  }

  /** Asks everybody's seat, or one person's, for another try of what failed: no pause is waited for. */
  async tryAgain(email?: string): Promise<void> {
    const { workshopId, runId } = this.#run;
    const again = { again: true } as const;
    if (email !== undefined) {
      const seat = getExternalWorkflowHandle(attendeeAddress(workshopId, seatKey(runId, email)));
      const wanted = this.wanted(this.#roleOf(email) !== 'attendee');
      await seat.signal(raise, { ...wanted, ...again }).catch(ignoreUnlessCancelled);
      return;
    }
    for (const testersOnly of [true, false])
      for (const n of this.numbers) await this.#tell(n, { ...this.wanted(testersOnly), ...again });
  }

  /** Asks those whose seat has failed for another try: what held them all up is over. */
  async tryFailed(): Promise<void> {
    for (const n of this.numbers) await this.#tell(n, { ...this.wanted(false), again: true, failedOnly: true });
  }

  /** While launches are stopped, one person's is tried: of each cohort in turn, of those who have somebody failing. */
  async tryOne(turn: number): Promise<void> {
    const failing = this.numbers.filter((n) => (this.#state.totals[n]?.totals.failingAlike ?? []).length > 0);
    const n = failing[turn % failing.length];
    if (n !== undefined) await this.#tell(n, { ...this.wanted(false), tryOnce: true });
  }

  /** True for an address that has a seat. */
  hasSeat(email: string): boolean {
    return this.#state.seats[seatKey(this.#run.runId, email)] !== undefined;
  }

  /** Since when everybody's cluster is to have been looked at, epoch milliseconds. */
  get checkDue(): number | undefined {
    return this.#state.due?.check;
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
    const { target, testersTarget, due } = this.#state;
    const { timeline, startTold } = this.#moved();
    return {
      target: testersOnly ? testersTarget : target,
      wake,
      testersOnly,
      ...(due ? { due } : {}),
      infrastructure: this.#infrastructure(),
      page: this.#page,
      ...(timeline ? { timeline } : {}),
      ...(startTold === undefined ? {} : { startTold }),
    };
  }

  async #send(testersOnly: boolean, wake: boolean): Promise<void> {
    if (this.#isSilent()) return;
    const { sent } = this.#state;
    const whom = testersOnly ? 'testers' : 'everybody';
    const message = this.wanted(testersOnly, wake);
    const text = JSON.stringify({ ...message, wake: false });
    if (!wake && sent[whom] === text) return;
    for (const n of this.numbers) await this.#tell(n, message);
    // Only now: a page that turns in the middle would leave some cohorts without it for good.
    sent[whom] = text;
  }

  /** One cohort; that it was not there to hear is no trouble here, and it is missed. */
  async #tell(n: number, message: Raise): Promise<void> {
    try {
      await getExternalWorkflowHandle(cohortAddress(this.#run.workshopId, n)).signal(raise, message);
    } catch (error) {
      ignoreUnlessCancelled(error);
      this.#missed();
    }
  }

  #newcomer(email: string, details = this.#state.details?.[email]): Newcomer {
    const known = details === undefined ? {} : { details };
    return { key: seatKey(this.#run.runId, email), email, role: this.#roleOf(email), generation: 1, ...known };
  }

  #roleOf(email: string): Role {
    if (this.#state.guests.includes(email)) return 'guest tester';
    return this.#testers.includes(email) ? 'tester' : 'attendee';
  }
}

const higher = (a: Target, b: Target): Target => (TARGETS.indexOf(a) > TARGETS.indexOf(b) ? a : b);
