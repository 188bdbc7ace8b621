import { condition, continueAsNew, setHandler, sleep } from '@temporalio/workflow';
import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import { isOnTheDay } from '../../domain/replayed/checklist/lines.ts';
import { newSeat, type ClusterNews, type Seat } from '../../domain/replayed/seat/seat.ts';
import { raised, takenOut } from '../../domain/replayed/seat/transitions.ts';
import { callsFor } from '../shared/calls.ts';
import { historyIsLong, pageWasTurned } from '../shared/history-is-long.ts';
import { RollCall } from '../shared/roll-call.ts';
import {
  enrol,
  hear,
  lastLook,
  newcomersSchema,
  raise,
  raiseSchema,
  release,
  roster,
  seatReport,
  seatReportSchema,
  seatReports,
  seatReportsSchema,
  takeOut,
  takeOutSchema,
  type Newcomer,
  type Raise,
  type SeatReport,
  type TakeOut,
} from '../shared/messages.ts';
import { completed } from '../shared/setting.ts';
import { LookUps } from './look-ups.ts';
import { AttendeeMessages } from './attendee-messages.ts';
import type { CohortInput } from './begun-with.ts';
import { Places, placesOf } from './places.ts';
import { startAttendee } from './start-attendee.ts';
import { startAgain } from './taking-over.ts';
import { TotalsReports } from './totals-reports.ts';
import { Wanted } from './wanted.ts';
import { Watcher } from './watcher.ts';

const STARTED_AT_ONCE = 50;
/** A fast clock would have thousands asked after every few seconds: to each person so much time at least. */
const CALLED_EACH_MS = 30;

/** One run of a cohort. */
export class CohortRun {
  readonly #input: CohortInput;
  readonly #places: Places;
  readonly #watcher: Watcher;
  readonly #lookUps: LookUps;
  readonly #rollCall = new RollCall();
  readonly #arrived: Newcomer[];
  readonly #toSend: AttendeeMessages;
  /** Added again while their old workflow is still leaving. */
  #comingBack: Newcomer[] = [];
  readonly #wanted: Wanted;
  #releasing: boolean;
  readonly #totals: TotalsReports;
  #leaving = false;

  constructor(given: CohortInput) {
    const input = completed(given);
    const calls = callsFor(input.queues, input.pace);
    this.#input = input;
    this.#places = new Places(input.places ?? placesOf(input.seats ?? []));
    this.#arrived = [...input.newcomers];
    const nobodyThere = (key: string) => {
      // At the end that is as it should be; before, they are missed.
      if (this.#releasing) this.#places.closed(key);
      else this.#rollCall.soon();
    };
    this.#toSend = new AttendeeMessages(
      input.run.workshopId,
      nobodyThere,
      input.gathers ? (told) => calls.tellAttendees(told) : undefined,
    );
    this.#wanted = new Wanted(input);
    this.#totals = new TotalsReports(input, input.seq ?? 0, this.#places, () => this.#wanted.everybody.cohorts);
    this.#releasing = input.releasing ?? false;
    this.#lookUps = new LookUps({
      ...input,
      calls,
      places: this.#places,
      changed: ({ key, role }) => this.#toSend.push({ to: key, content: { ...this.#wanted.of(role), lookUp: true } }),
    });
    this.#watcher = new Watcher({
      run: input.run,
      pace: input.pace,
      calls,
      places: this.#places,
      policyId: () => this.#wanted.everybody.infrastructure.policyId ?? this.#wanted.testers.infrastructure.policyId,
      isOver: () => this.#leaving || this.#releasing,
      lookAgain: (to) => this.#toSend.push({ to, content: { ...this.#wanted.everybody, again: true } }),
    });
    // What became of them since is told by themselves; whoever is not there any more is missed at the roll call.
    for (const { key, role } of input.seats ?? []) {
      this.#toSend.push({ to: key, content: { ...this.#wanted.of(role), report: true } });
    }
  }

  /**
   * Hears lifecycle and attendees; before the first await: after a continue-as-new, what has come meanwhile is handed
   * over at once.
   */
  setup(): void {
    hear(enrol, newcomersSchema, (newcomers) => {
      this.#arrived.push(...newcomers);
      // One who is added again may have been lost.
      if (newcomers.some(({ key }) => this.#places.has(key))) this.#rollCall.soon();
      this.#totals.repeat();
    });
    hear(raise, raiseSchema, (wanted) => this.#hearWanted(wanted));
    hear(seatReport, seatReportSchema, (report) => this.#hearReport(report));
    hear(seatReports, seatReportsSchema, (reports) => {
      for (const report of reports) if (report) this.#hearReport(report);
    });
    hear(takeOut, takeOutSchema, (order) => this.#takeOut(order));
    setHandler(release, () => {
      this.#releasing = true;
      this.#watcher.interrupt();
      this.#lookUps.interrupt();
      for (const { seat, started, closed } of this.#places.all())
        if (started && !closed) this.#toSend.push({ to: seat.key, content: 'release' });
    });
    setHandler(roster, () => this.#everybody);
    setHandler(lastLook, () => this.#watcher.lastLook);
  }

  async run(): Promise<void> {
    const background = [
      this.#watcher.run((news) => this.#passOn(news)),
      this.#callTheRoll(),
      this.#totals.run(() => this.#leaving),
      ...(this.#input.gathers ? [this.#lookUps.run(() => this.#leaving || this.#releasing)] : []),
    ];
    for (;;) {
      await condition(() => this.#hasWork || this.#mustGoOn || this.#isOver);
      if (this.#isOver && this.#toSend.isEmpty) break;
      await this.#welcome();
      await this.#toSend.send();
      if (this.#mustGoOn) await this.#continueAsNew(background);
    }
    await this.#stop(background);
    // Attendees report as the last thing they do: this lets them close before their cohort does.
    await sleep(this.#input.pace.totals, { summary: 'for the last attendee to close' });
    await this.#totals.send();
  }

  /** Those who have only just arrived are among them: a run that is ended now leaves nobody unknown. */
  get #everybody(): readonly Seat[] {
    const waiting = this.#arrived.filter(({ key }) => !this.#places.has(key));
    return [...this.#places.seats(), ...waiting.map((newcomer) => this.#newSeat(newcomer))];
  }

  get #hasWork(): boolean {
    return this.#arrived.length > 0 || !this.#toSend.isEmpty;
  }

  get #isOver(): boolean {
    return this.#releasing && this.#arrived.length === 0 && this.#places.areAllClosed;
  }

  /** A page of the guide was turned, or too much has happened: new code begins on a clean history. */
  get #mustGoOn(): boolean {
    const { pace, page, wanted } = this.#input;
    return historyIsLong(pace) || pageWasTurned(pace, page ?? wanted.page ?? 0, this.#wanted.page);
  }

  #hearReport(report: SeatReport): void {
    if (this.#places.hear(report)) this.#watcher.lookClosely();
    if (report.closed) this.#arrived.push(...this.#comingBack.splice(0));
  }

  #hearWanted(given: Raise): void {
    // Another try is asked for now, not of whoever joins later.
    const { again, tryOnce, failedOnly, ...wanted } = given;
    const { gathers } = this.#input;
    if (failedOnly) {
      for (const key of this.#places.failed()) this.#toSend.push({ to: key, content: given });
      return;
    }
    if (tryOnce) {
      for (const key of this.#places.longestWaiting()) this.#toSend.push({ to: key, content: given });
      return;
    }
    const { waits, isToLookUp } = this.#wanted.hear(wanted);
    if (isToLookUp && gathers) this.#lookUps.ask();
    // Those of an earlier version hear of every page, and look themselves.
    const content = gathers ? { ...given, lookUp: false } : given;
    const maySkip = waits && !again && gathers;
    for (const { seat, started } of this.#places.all()) {
      const isMeant = (!wanted.testersOnly || seat.role !== 'attendee') && !(maySkip && seat.state !== 'failed');
      if (started && isMeant) this.#toSend.push({ to: seat.key, content });
    }
  }

  #takeOut({ keys, by, at }: TakeOut): void {
    for (const key of keys)
      if (this.#places.takeOut(key, by, at)) this.#toSend.push({ to: key, content: { keys: [key], by, at } });
    // Nothing has begun for whoever has only just arrived, and nothing will.
    for (const newcomer of this.#arrived.filter(({ key }) => keys.includes(key) && !this.#places.has(key)))
      this.#places.add(takenOut(this.#newSeat(newcomer), by, at), true);
    // Whoever is on their way back has nothing that could be taken away.
    this.#comingBack = this.#comingBack.filter(({ key }) => !keys.includes(key));
    this.#totals.repeat();
  }

  #passOn(news: ClusterNews): void {
    const toAll = !this.#input.gathers;
    for (const to of this.#places.listed(news, toAll)) this.#toSend.push({ to, content: news });
  }

  async #continueAsNew(background: readonly Promise<void>[]): Promise<void> {
    await this.#stop(background);
    // What was seen counts as known: unsent, it would never be sent again.
    while (this.#hasWork) {
      await this.#welcome();
      await this.#toSend.send();
    }
    const { seats: _, ...input } = this.#input;
    await continueAsNew<(input: CohortInput) => Promise<void>>({
      ...input,
      newcomers: this.#comingBack,
      gathers: true,
      timeline: this.#wanted.timeline,
      wanted: this.#wanted.everybody,
      testersWanted: this.#wanted.testers,
      places: this.#places.all(),
      seq: this.#totals.seq,
      releasing: this.#releasing,
      toLookUp: this.#lookUps.isDue,
      page: this.#wanted.page,
    });
  }

  async #stop(background: readonly Promise<void>[]): Promise<void> {
    this.#leaving = true;
    this.#watcher.interrupt();
    this.#lookUps.interrupt();
    await Promise.all(background);
  }

  /** Starts the workflows of those who arrived. */
  async #welcome(): Promise<void> {
    const newcomers = this.#arrived.splice(0, STARTED_AT_ONCE);
    await Promise.all(newcomers.map((newcomer) => this.#seat(newcomer)));
  }

  #newSeat({ key, email, role, generation, details }: Newcomer): Seat {
    const wanted = this.#wanted.of(role);
    return raised(newSeat(key, email, role, generation, details), wanted.target, false, wanted.due);
  }

  async #seat(newcomer: Newcomer): Promise<void> {
    const { key, role, details } = newcomer;
    const wanted = this.#wanted.of(role);
    const before = this.#places.get(key);
    if (before?.seat.takenOut && before.started && !before.closed) {
      this.#comingBack.push(newcomer);
      return;
    }
    if (before && !before.seat.takenOut) {
      if (details && this.#places.isNewOf(key, details))
        this.#toSend.push({ to: key, content: { ...wanted, details } });
      return;
    }
    const seat = this.#newSeat(newcomer);
    this.#places.add(seat, this.#releasing);
    if (this.#releasing) return;
    await startAttendee(this.#input, seat, wanted, before?.seq ?? 0);
    this.#places.started(key);
    const gone = this.#places.get(key)?.seat.takenOut;
    if (gone) this.#toSend.push({ to: key, content: { keys: [key], by: gone.by, at: gone.at } });
    if (this.#wanted.everybody !== wanted && role === 'attendee')
      this.#toSend.push({ to: key, content: this.#wanted.everybody });
    if (this.#releasing) this.#toSend.push({ to: key, content: 'release' });
  }

  #callTheRoll(): Promise<void> {
    const { run, pace, queues } = this.#input;
    const cohort = {
      input: this.#input,
      places: this.#places,
      wanted: this.#wanted,
      toSend: this.#toSend,
      isReleasing: () => this.#releasing,
    };
    return this.#rollCall.run({
      calls: callsFor(queues, pace),
      expected: () => this.#places.present().map((key) => attendeeAddress(run.workshopId, key)),
      mend: (absent) => startAgain(cohort, absent),
      period: () => {
        const { everybody, page } = this.#wanted;
        const people = this.#places.present().length * (everybody.cohorts ?? 1);
        return Math.max(isOnTheDay(page) ? pace.rollCallOnTheDay : pace.rollCall, CALLED_EACH_MS * people);
      },
      isOver: () => this.#leaving || (this.#releasing && this.#places.areAllClosed),
    });
  }
}
