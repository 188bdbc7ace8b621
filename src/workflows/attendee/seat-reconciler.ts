import { CancellationScope, continueAsNew, isCancellation, setHandler } from '@temporalio/workflow';
import { hearNews } from '../../domain/replayed/seat/cluster-news.ts';
import { diagnoseTermination, type Diagnosis } from '../../domain/replayed/diagnosis/diagnosis.ts';
import { hungLaunch, overdueAt } from '../../domain/replayed/diagnosis/hung-launch.ts';
import { failed, type Cost } from '../../domain/replayed/seat/failing.ts';
import { launchRefused, otherMachines } from '../../domain/replayed/seat/machine-for.ts';
import { nextStep, type SeatRules, type Step } from '../../domain/replayed/seat/next-step.ts';
import { hasComeUp, isToPark, mayBeginAnew, nextTryAt, wasSavedWithin } from '../../domain/replayed/seat/seat-state.ts';
import { repaired, triedInVain } from '../../domain/replayed/seat/repair.ts';
import type { ClusterNews, Seat } from '../../domain/replayed/seat/seat.ts';
import {
  closed,
  described,
  launching,
  left,
  lookedAfter,
  lookedAt,
  notFoundAgain,
  released,
  settled,
  takenOut,
  unverified,
  waitedForAgain,
} from '../../domain/replayed/seat/transitions.ts';
import { callsFor, type Calls } from '../shared/calls.ts';
import { copyOf } from '../shared/copy.ts';
import { diagnosisOf, troubleOf } from '../shared/failures.ts';
import { historyIsLong, pageWasTurned } from '../shared/history-is-long.ts';
import {
  clusterNews,
  clusterNewsSchema,
  hear,
  raise,
  raiseSchema,
  release,
  takeOut,
  takeOutSchema,
  type Infrastructure,
  type Raise,
} from '../shared/messages.ts';
import { completed, type Setting } from '../shared/setting.ts';
import { Alarm } from './alarm.ts';
import { LettersBeside } from './letters-beside.ts';
import { ClusterLooks } from './look-at-cluster.ts';
import { SeatConditions, type Conditions } from './seat-conditions.ts';
import { SeatReports } from './seat-reports.ts';
import { takeAway } from './take-away.ts';
import { SeatSteps, type Act, type CurrentSeat } from './seat-steps.ts';

export interface AttendeeInput extends Setting, Conditions {
  readonly v: 1;
  /** Workflow id of the cohort that is told. */
  readonly cohort: string;
  readonly seat: Seat;
  readonly seq: number;
  /** The last report said all of the seat. */
  readonly told?: boolean;
}

/** Decides again and again what a seat lacks (`nextStep`), does it, and tells the cohort. */
export class SeatReconciler implements CurrentSeat {
  readonly #input: AttendeeInput;
  /** With the plan in force. */
  readonly #setting: Setting;
  readonly #calls: Calls;
  readonly #looks: ClusterLooks;
  readonly #steps: SeatSteps;
  readonly #letters: LettersBeside;
  #seat: Seat;
  readonly #conditions: SeatConditions;
  readonly #reports: SeatReports;
  readonly #alarm: Alarm;
  /** Messages that came so far. */
  #heard = 0;
  #underWay: CancellationScope | undefined;

  constructor(given: AttendeeInput) {
    const input = completed(given);
    const calls = callsFor(input.queues, input.pace);
    const conditions = new SeatConditions(input);
    const setting: Setting = {
      ...input,
      get plan() {
        return conditions.plan;
      },
    };
    this.#input = input;
    this.#setting = setting;
    this.#calls = calls;
    this.#looks = new ClusterLooks(setting, calls);
    this.#steps = new SeatSteps(setting, calls, this.#looks, input.cohort);
    this.#letters = new LettersBeside(setting, calls, this, () => (this.#heard += 1));
    this.#seat = copyOf(input.seat);
    this.#conditions = conditions;
    this.#alarm = new Alarm(input.gathers === true);
    this.#reports = new SeatReports(input.cohort, {
      seq: input.seq,
      told: input.told ? this.#seat : undefined,
      tell: input.gathers ? (told) => calls.tellCohort(told) : undefined,
    });
  }

  /** Hears what the lifecycle wants and what the watcher saw; before the first await. */
  setup(): void {
    hear(raise, raiseSchema, (wanted) => {
      this.#heard += 1;
      this.#hearWanted(wanted);
    });
    hear(clusterNews, clusterNewsSchema, (news) => {
      this.#heard += 1;
      this.#hearNews(news);
    });
    setHandler(release, () => this.#end(released(this.#seat)));
    hear(takeOut, takeOutSchema, ({ by, at }) => this.#end(takenOut(this.#seat, by, at)));
  }

  get seat(): Seat {
    return this.#seat;
  }

  get infrastructure(): Infrastructure {
    return this.#conditions.infrastructure;
  }

  get timeline(): AttendeeInput['timeline'] {
    return this.#conditions.timeline;
  }

  get startTold(): number | undefined {
    return this.#conditions.startTold;
  }

  become(seat: Seat): void {
    this.#seat = seat;
  }

  async run(): Promise<void> {
    for (;;) {
      // Counted before deciding: what is heard while the decision is being reported must not be slept through.
      const heard = this.#heard;
      this.#letters.writeIfDue(this.#rules());
      const step = nextStep(this.#seat, this.#rules(), Date.now());
      if (step === 'leave') break;
      if (step === 'rest') {
        await this.#rest(heard);
        continue;
      }
      if (step === 'create' || step === 'start') {
        this.#conditions.launches();
        this.#seat = launching(this.#seat, step);
        await this.#reports.send(this.#seat);
      }
      this.#underWay = new CancellationScope();
      try {
        await this.#underWay.run(() => (step === 'verify' || step === 'check' ? this.#look(step) : this.#act(step)));
      } catch (error) {
        if (isCancellation(error) && this.#seat.target === 'released') break;
        this.#failStep(step, diagnosisOf(error));
      }
    }
    await this.#letters.stop();
    await this.#leave();
  }

  #end(seat: Seat): void {
    this.#heard += 1;
    this.#seat = seat;
    this.#underWay?.cancel();
  }

  /** The last to do for somebody: what is on the disk of their cluster goes with it. */
  async #leave(): Promise<void> {
    const { cluster } = this.#seat;
    const { pace, gathers } = this.#input;
    const isSaved = gathers === true && wasSavedWithin(this.#seat, pace.savedFor, Date.now());
    if (cluster?.shared && cluster.state === 'RUNNING' && !isSaved && !this.#conditions.infrastructure.elsewhere) {
      const saved = await this.#looks.save(this.#seat);
      this.#seat = lookedAfter(this.#seat, saved);
    }
    if (this.#seat.takenOut && !this.#conditions.infrastructure.elsewhere)
      this.#seat = await takeAway(this.#seat, this.#setting, this.#calls);
    this.#seat = left(this.#seat);
    await this.#reports.sendLast(this.#seat);
  }

  #hearWanted(wanted: Raise): void {
    if (wanted.report) this.#reports.repeat();
    this.#seat = this.#conditions.hear(wanted, described(this.#seat, wanted.details), Date.now());
  }

  #hearNews(news: ClusterNews): void {
    const { seat, died } = hearNews(this.#seat, news, Date.now());
    const isLaunch = !hasComeUp(seat);
    this.#seat = seat;
    if (died) {
      const { terminationCode: code, terminationType: type, terminationDetail } = news;
      this.#fail(diagnoseTermination(code ? { code, type } : undefined, terminationDetail), 'a launch', isLaunch);
    } else if (seat.state !== 'failed' || seat.cluster?.state === 'RUNNING') {
      this.#seat = settled(seat, Date.now());
    }
  }

  #rules(): SeatRules {
    return this.#conditions.rules(this.#seat, Date.now());
  }

  async #act(step: Act): Promise<void> {
    await this.#steps.take(step, this);
    // What a cluster fails of is as it was when its files have been saved.
    if (step !== 'save' || this.#seat.state !== 'failed') this.#seat = settled(this.#seat, Date.now());
  }

  /** Looks at the cluster. One that does not serve is begun anew if that may help, or stopped if not needed yet. */
  async #look(step: 'verify' | 'check'): Promise<void> {
    const trouble = await this.#see(step).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return diagnosisOf(error);
    });
    if (!trouble) {
      this.#seat = settled(repaired(this.#seat), Date.now());
      return;
    }
    const anew =
      trouble.remedy === 'restart' && mayBeginAnew(this.#seat, step, Date.now() < this.#conditions.timeline.start);
    const lasting = anew || trouble.remedy !== 'restart' ? trouble : { ...trouble, remedy: 'person' as const };
    this.#fail(lasting, 'a look', step === 'verify' && trouble.remedy !== 'again');
    if (!this.#seat.repair && (anew || isToPark(this.#seat))) {
      this.#seat = unverified(this.#seat);
      await this.#steps.take('stop', this);
    }
  }

  async #see(step: 'verify' | 'check'): Promise<Diagnosis | undefined> {
    const seen = await this.#looks.visit(this.#seat, step);
    this.#seat = lookedAfter(this.#seat, seen.saved);
    const { proof, trouble, accessIsMissing } = await this.#looks.judge(this.#seat, seen);
    this.#seat = lookedAt(this.#seat, proof);
    if (accessIsMissing) this.#seat = closed(this.#seat);
    return trouble;
  }

  /** Tells the cohort, then waits for news, for the time of the next try, or for a launch to be overdue. */
  async #rest(heard: number): Promise<void> {
    await this.#reports.send(this.#seat);
    const { pace, page = 0 } = this.#input;
    if (historyIsLong(pace) || pageWasTurned(pace, page, this.#conditions.page)) await this.#continueAsNew();
    const overdue = this.#conditions.infrastructure.elsewhere ? Infinity : overdueAt(this.#seat, pace);
    const until = Math.min(overdue, nextTryAt(this.#seat, Date.now()));
    const woken = await this.#alarm.wait(() => this.#heard !== heard, until);
    if (!woken && Date.now() >= overdue) await this.#giveUpLaunch();
  }

  /** A page of the guide was turned, or too much has happened: new code begins on a clean history. */
  async #continueAsNew(): Promise<never> {
    await this.#letters.stop();
    return continueAsNew<(input: AttendeeInput) => Promise<void>>({
      ...this.#input,
      ...this.#conditions.snapshot(),
      gathers: true,
      seat: this.#seat,
      seq: this.#reports.seq,
      told: this.#reports.hasTold(this.#seat),
    });
  }

  /** Whoever was found once is not held up by a directory that has trouble: only by what it says of them. */
  #failStep(step: Step, diagnosis: Diagnosis): void {
    const { person } = this.#seat;
    if (step === 'find') this.#seat = notFoundAgain(this.#seat, diagnosis);
    if (step === 'find' && person && this.#seat.person) return;
    if (step === 'create' || step === 'start') this.#fail(launchRefused(diagnosis), 'a call', true);
    else this.#fail(diagnosis);
  }

  async #giveUpLaunch(): Promise<void> {
    const { launch, speed } = this.#input.pace;
    this.#fail(hungLaunch(Math.round((launch * speed) / 60_000)), 'a launch', !hasComeUp(this.#seat));
    try {
      await this.#steps.take('stop', this);
    } catch (error) {
      // The launch is overdue whether or not this stop was heard; the next rest asks again.
      this.#seat = waitedForAgain(this.#seat, Date.now());
      const { message, toDo } = troubleOf(error);
      this.#fail({ class: 'hung', cause: message, toDo, remedy: 'again' });
    }
  }

  #fail(diagnosis: Diagnosis, cost: Cost = 'a call', isLaunch = false): void {
    const { plan, pace } = this.#setting;
    const now = Date.now();
    const others = otherMachines(plan, this.#conditions.infrastructure.poolId);
    const isOn = this.#conditions.isEventOn(now);
    const rules = { cost, otherMachines: others, pace, now, isEventOn: isOn, isLaunch };
    const inVain = triedInVain(this.#seat, diagnosis, others, now);
    this.#seat = inVain.repair ? inVain : failed(inVain, diagnosis, rules);
  }
}
