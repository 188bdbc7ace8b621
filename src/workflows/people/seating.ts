import { cohortsKnown, type CrowdState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import type { Role } from '../../domain/replayed/seat/seat.ts';
import { addTotals, type Totals } from '../../domain/replayed/seat/totals.ts';
import type { CohortReport, Newcomer } from '../shared/messages.ts';

/** Large enough that a listing serves many, small enough for one workflow's history. */
const SEATS_PER_COHORT = 500;

/** Who takes part, who still waits for a seat, and which cohort each is in. Nobody is told of anything here. */
export class Seating {
  protected readonly state: CrowdState;
  readonly #runId: string;
  readonly #testers: readonly string[];
  /** The last sum, and the numbers of the reports that it is of: asked for after everything that happens. */
  #added: { readonly parts: CrowdState['totals']; readonly of: string; readonly totals: Totals } | undefined;

  constructor(state: CrowdState, runId: string, testers: readonly string[]) {
    this.state = state;
    this.#runId = runId;
    this.#testers = testers;
  }

  /** How many people have a seat or are about to, guests and those of a run that was taken over included. */
  get size(): number {
    const { attendees, guests, twins } = this.totals();
    const seats = Object.keys(this.state.seats).length + this.state.toEnrol.length;
    return Math.max(seats - twins, attendees + guests);
  }

  /** The same without testers who are not on the roster. */
  get attendees(): number {
    return Math.max(0, this.size - this.state.guests.length);
  }

  get cohorts(): number {
    return cohortsKnown(this.state);
  }

  totals(): Totals {
    const parts = this.state.totals;
    const of = Object.values(parts)
      .map(({ seq }) => seq)
      .join();
    if (this.#added?.parts !== parts || this.#added.of !== of)
      this.#added = { parts, of, totals: addTotals(Object.values(parts).map(({ totals }) => totals)) };
    return this.#added.totals;
  }

  /** A cohort's report carries everything and a number: repeated or overtaken, it does no harm. */
  hear({ n, seq, totals }: CohortReport): void {
    if (seq > (this.state.totals[n]?.seq ?? 0)) this.state.totals[n] = { seq, totals };
  }

  /** False when that address has a seat, or waits for one. */
  add(email: string, details?: Details): boolean {
    if (this.hasSeat(email)) return false;
    if (details) this.state.details = { ...this.state.details, [email]: details };
    if (this.state.toEnrol.includes(email)) return false;
    this.state.toEnrol.push(email);
    delete this.state.takenOut?.[this.keyOf(email)];
    return true;
  }

  /** Everybody has a seat. */
  get isEnrolled(): boolean {
    return this.state.toEnrol.length === 0;
  }

  /** The next who get a seat, and in which cohort: the last one while it has room, else a new one. */
  next(most: number): { readonly n: number; readonly isNew: boolean; readonly newcomers: readonly Newcomer[] } {
    const last = this.state.cohorts.length - 1;
    const n = last >= 0 && (this.state.cohorts[last] ?? 0) < SEATS_PER_COHORT ? last : last + 1;
    const room = SEATS_PER_COHORT - (this.state.cohorts[n] ?? 0);
    const newcomers = this.state.toEnrol.slice(0, Math.min(room, most)).map((email) => this.newcomer(email));
    const place = (newcomer: Newcomer | undefined) => newcomer && this.state.seatedBefore?.[newcomer.key]?.n;
    // Whoever comes back takes their old place: no other cohort knows whether they have left it.
    const [first] = newcomers;
    const before = place(first);
    if (first && before !== undefined) return { n: before, isNew: false, newcomers: [first] };
    const back = newcomers.findIndex((newcomer) => place(newcomer) !== undefined);
    if (back > 0) newcomers.splice(back);
    return { n, isNew: this.state.cohorts[n] === undefined, newcomers };
  }

  /** True for one who has no seat yet: what was begun before an interruption is not done twice. */
  isNew({ key }: Newcomer): boolean {
    return this.state.seats[key] === undefined;
  }

  /**
   * Nobody knows any more who belonged to this cohort: whoever is added again gets a new place. Returns how many they
   * were.
   */
  forget(n: number): number {
    const keys = this.keysOf(n);
    for (const key of keys) delete this.state.seats[key];
    delete this.state.totals[n];
    this.state.cohorts[n] = SEATS_PER_COHORT;
    this.state.forgotten = [...(this.state.forgotten ?? []), n];
    return keys.length;
  }

  /** Of the people of one cohort. */
  keysOf(n: number): readonly string[] {
    return Object.keys(this.state.seats).filter((key) => this.state.seats[key] === n);
  }

  /** Their cohort does not know them: whoever is added again gets a new seat. */
  unseat(keys: readonly string[]): void {
    for (const key of keys) {
      const n = this.state.seats[key];
      delete this.state.seats[key];
      if (n !== undefined) this.state.cohorts[n] = (this.state.cohorts[n] ?? 1) - 1;
    }
  }

  /** Places of the cohorts that look after people. */
  get numbers(): readonly number[] {
    const { cohorts, forgotten = [] } = this.state;
    return cohorts.map((_, n) => n).filter((n) => !forgotten.includes(n));
  }

  /** The number of the last report that was heard of a cohort: what it reports after it was started again is newer. */
  lastReport(n: number): number {
    return this.state.totals[n]?.seq ?? 0;
  }

  /** They have their seats. Those who were first in line are no longer waiting. */
  seated(n: number, newcomers: readonly Newcomer[]): void {
    const fresh = newcomers.filter((newcomer) => this.isNew(newcomer));
    for (const { key } of fresh) this.state.seats[key] = n;
    this.state.cohorts[n] = (this.state.cohorts[n] ?? 0) + fresh.length;
    this.state.toEnrol.splice(0, newcomers.length);
    for (const { email } of newcomers) delete this.state.details?.[email];
  }

  /** True for an address that has a seat. */
  hasSeat(email: string): boolean {
    return this.state.seats[this.keyOf(email)] !== undefined;
  }

  /** Waits for a seat. */
  isWaiting(email: string): boolean {
    return this.state.toEnrol.includes(email);
  }

  /**
   * These have no seat any more, and may be added again. Gives back those who had one.
   * @param now epoch milliseconds
   */
  protected unseatForGood(emails: readonly string[], by: string, now: number): string[] {
    const seated = emails.filter((email) => this.hasSeat(email));
    const { state } = this;
    for (const key of seated.map((email) => this.keyOf(email))) {
      const n = state.seats[key] ?? 0;
      const times = (state.seatedBefore?.[key]?.times ?? 0) + 1;
      state.takenOut = { ...state.takenOut, [key]: { n, by, at: now } };
      state.seatedBefore = { ...state.seatedBefore, [key]: { n, times } };
      this.unseat([key]);
    }
    return seated;
  }

  protected keyOf(email: string): string {
    return seatKey(this.#runId, email);
  }

  protected newcomer(email: string, details = this.state.details?.[email]): Newcomer {
    const key = this.keyOf(email);
    // Whoever comes back is somebody new: what was theirs has been taken away.
    const generation = 1 + (this.state.seatedBefore?.[key]?.times ?? 0);
    return { key, email, role: this.roleOf(email), generation, ...(details === undefined ? {} : { details }) };
  }

  protected roleOf(email: string): Role {
    if (this.state.guests.includes(email)) return 'guest tester';
    return this.#testers.includes(email) ? 'tester' : 'attendee';
  }
}
