import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow';
import type { Run } from '../../activities/run.ts';
import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { HEADINGS, isDone, isForAPerson, type Heading, type Item } from '../../domain/replayed/checklist/checklist.ts';
import type { LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { addTotals, type Progress, type Totals } from '../../domain/replayed/seat/progress.ts';
import { TARGETS, type Target } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { callsFor, type Calls } from '../shared/calls.ts';
import { copyOf } from '../shared/copy.ts';
import { troubleOf } from '../shared/failures.ts';
import { historyIsLong } from '../shared/history-is-long.ts';
import { raise, type Raise } from '../shared/messages.ts';
import { completed, type Setting } from '../shared/setting.ts';

export interface WorkshopInput extends Setting {
  readonly v: 1;
  /** What the plan was estimated to cost, in its currency. */
  readonly estimate: number;
  /** The server knows our search attributes: setting an unknown one would stop the workflow. */
  readonly searchable: boolean;
  readonly state: LifecycleState;
}

/** Why a line of the guide was not worked on: shown as waived, not as passed. */
export interface LeftOut {
  readonly leftOut: string;
}

/** When a failed line is tried again by itself. Whoever asks for it is always heard. */
export interface Again {
  /** Not after this moment, epoch milliseconds; 0: only when somebody asks. */
  readonly until?: number;
  /** Each wait is twice as long as the one before, up to a day: every try costs money. */
  readonly rarer?: boolean;
}

/** A running workshop, as the headings of the guide see it: its checklist, its people, and the ways to act. */
export class Lifecycle {
  readonly input: WorkshopInput;
  readonly state: LifecycleState;
  readonly calls: Calls;
  /** Set when this run ends: nothing new is begun. */
  leaving = false;
  /** Lines being worked on right now; no run may end before they have, or been cancelled. */
  busy = 0;
  readonly #retryAsked = new Set<string>();

  constructor(input: WorkshopInput) {
    this.input = completed(input);
    this.state = copyOf(input.state);
    this.calls = callsFor(this.input.queues, this.pace);
  }

  get plan(): Plan {
    return this.input.plan;
  }
  get run(): Run {
    return this.input.run;
  }
  get pace(): Pace {
    return this.input.pace;
  }
  get timeline(): Timeline {
    return this.input.timeline;
  }

  item(id: string): Item | undefined {
    return this.state.items.find((item) => item.id === id);
  }

  isDone(id: string): boolean {
    const item = this.item(id);
    return item !== undefined && isDone(item);
  }

  /** Done, or failed and shown, or not in this plan: nobody waits any longer for it. */
  hasEnded(id: string): boolean {
    const item = this.item(id);
    return item === undefined || isDone(item) || item.state === 'failed';
  }

  /**
   * Works on one line of the checklist until it is done: waits for what it needs, acts, and shows the outcome.
   * A failure is shown, and the line is tried again after a while, when somebody asks, or never, when it is waived.
   * Lines that this plan does not have, and lines done before, are skipped: a heading may be gone through again.
   * @param act returns the evidence, or why the line is left out. It is told whether this is the line's first try.
   */
  async do(id: string, act: (first: boolean) => Promise<string | LeftOut>, again: Again = {}): Promise<void> {
    const item = this.item(id);
    if (!item || isDone(item)) return;
    await condition(() => item.needs.every((need) => this.isDone(need)) || isDone(item));
    // Found failed, the line is taken up at once, unless trying costs money.
    if (item.state === 'failed' && (again.until !== undefined || again.rarer)) await this.#untilAgain(item, again, 1);
    for (let failures = 0; !isDone(item);) {
      const first = item.state !== 'failed';
      this.#set(item, 'running');
      this.#retryAsked.delete(id);
      this.busy += 1;
      try {
        const evidence = await act(first).finally(() => (this.busy -= 1));
        if (isDone(item)) return;
        if (typeof evidence !== 'string' && !first) {
          // What was tried and failed does not become left out.
          item.toDo = `Tried again and left out: ${evidence.leftOut}.`;
          this.#set(item, 'failed');
          await this.#untilAgain(item, { until: 0 }, failures);
          continue;
        }
        delete item.toDo;
        item.evidence = typeof evidence === 'string' ? evidence : `left out: ${evidence.leftOut}`;
        this.#set(item, typeof evidence === 'string' ? 'passed' : 'waived');
      } catch (error) {
        if (isCancellation(error)) {
          // What failed is not forgotten because its heading ends while it is being tried again.
          this.#set(item, first ? 'waiting' : 'failed');
          throw error;
        }
        const { message, toDo, handOff } = troubleOf(error);
        if (isDone(item)) return;
        item.evidence = message;
        item.toDo = [toDo, ...(handOff ?? [])].join('\n');
        this.#set(item, 'failed');
        if (first)
          await this.tell('leadFacilitator', `${id}-failed`, `"${item.title}" failed`, `${message}\n\n${item.toDo}`);
        failures += 1;
        await this.#untilAgain(item, again, failures);
      }
    }
  }

  async #untilAgain(item: Item, { until = Infinity, rarer = false }: Again, failures: number): Promise<void> {
    const wanted = () => this.#retryAsked.has(item.id) || isDone(item);
    const pause = Math.min(rarer ? this.pace.recheck * 2 ** (failures - 1) : this.pace.recheck, this.pace.reminder);
    if (Date.now() + pause <= until) await condition(wanted, pause, { summary: `try "${item.id}" again` });
    else await condition(wanted);
  }

  /** Asks people for a sign-off. Nobody waits here for the answer: its deadline is watched by `watchSignOffs`. */
  ask(id: string, deadline: number): void {
    const item = this.item(id);
    if (!item || item.kind !== 'sign-off' || item.deadline !== undefined || isDone(item)) return;
    item.deadline = Math.max(deadline, Date.now() + this.pace.signOff);
  }

  askAgain(id: string): void {
    this.#retryAsked.add(id);
  }

  /** Adds a line that the guide does not have, after one that it has; if it is there already, with what is known now. */
  add(item: Item, after: string): void {
    const there = this.item(item.id);
    if (!there) this.state.items.splice(this.state.items.findIndex(({ id }) => id === after) + 1, 0, item);
    else if (!isDone(there)) Object.assign(there, { title: item.title, evidence: item.evidence, toDo: item.toDo });
  }

  /** Adds a line that only a workspace admin can work on. */
  async handOff(id: string, title: string, commands: readonly string[]): Promise<void> {
    const there = this.item(id);
    if (there) {
      there.toDo = commands.join('\n');
      return;
    }
    this.state.items.splice(1, 0, {
      id,
      heading: 'first',
      title,
      kind: 'hand-off',
      needs: [],
      state: 'waiting',
      toDo: commands.join('\n'),
      at: Date.now(),
    });
    await this.tell(
      'databricksAdmin',
      id,
      title,
      `Please run:\n\n${commands.join('\n')}\n\nIt is read back by itself.`,
    );
  }

  settleHandOff(id: string, evidence: string): void {
    const item = this.item(id);
    if (item && !isDone(item)) Object.assign(item, { state: 'passed', evidence, at: Date.now() });
  }

  /**
   * Wants at least this of everybody, or of the testers; whoever joins later is brought to it too. What is wanted never
   * sinks: a heading that is gone through again asks for less than the day has asked for already.
   */
  async raise(target: Target, { wake = false, testersOnly = false } = {}): Promise<void> {
    const higher = (a: Target, b: Target) => (TARGETS.indexOf(a) > TARGETS.indexOf(b) ? a : b);
    this.state.testersWanted = higher(target, this.state.testersWanted);
    if (!testersOnly) this.state.wanted = higher(target, this.state.wanted);
    const wish = this.wish(testersOnly, wake);
    const said = JSON.stringify({ ...wish, wake: false });
    if (!wake && this.state.told[String(testersOnly)] === said) return;
    for (let n = 0; n < this.state.cohorts.length; n += 1) {
      await getExternalWorkflowHandle(cohortAddress(this.run.workshopId, n))
        .signal(raise, wish)
        .catch(ignoreUnlessCancelled);
    }
    // Only now: a page that turns in the middle would leave some cohorts untold for good.
    this.state.told[String(testersOnly)] = said;
  }

  /** Wants everybody's cluster looked at, or their work saved, from now on; what was done before does not count. Returns that moment. */
  async renew(what: 'check' | 'save'): Promise<number> {
    const asked = Date.now();
    this.state.due = { ...this.state.due, [what]: asked };
    await this.raise(this.state.wanted);
    return asked;
  }

  wish(testersOnly: boolean, wake = false): Raise {
    const { policyId, poolId } = this.state;
    return {
      target: testersOnly ? this.state.testersWanted : this.state.wanted,
      wake,
      testersOnly,
      ...(this.state.due ? { due: this.state.due } : {}),
      infrastructure: {
        ...(policyId ? { policyId } : {}),
        ...(poolId ? { poolId } : {}),
        mayCreate: policyId !== undefined && this.isDone('canary'),
        held: this.item('canary')?.state === 'failed',
      },
    };
  }

  totals(): Totals {
    return addTotals(Object.values(this.state.totals).map(({ totals }) => totals));
  }

  /** How many people have a seat or are about to, guests and those of a run that was taken over included. */
  get seats(): number {
    const { attendees, guests } = this.totals();
    return Math.max(Object.keys(this.state.seats).length + this.state.toEnrol.length, attendees + guests);
  }

  /** Waits for a moment of the timeline. Cancellable, like every line of the guide. */
  async until(moment: number, summary: string): Promise<void> {
    if (Date.now() < moment) await sleep(moment - Date.now(), { summary });
  }

  /** This run of the workflow should end here, whatever the heading. */
  get mustGoOn(): boolean {
    return this.isEnding || this.historyIsLong;
  }

  get isEnding(): boolean {
    return this.leaving || (this.state.cancelled !== undefined && this.state.heading !== 'after');
  }

  /** Nothing under this heading or an earlier one is under way, or could be: what is left waits for a person or for a failed line. */
  isSettled(heading: Heading): boolean {
    const upTo = HEADINGS.indexOf(heading);
    return this.state.items.every((item) => {
      if (HEADINGS.indexOf(item.heading) > upTo || isDone(item)) return true;
      if (isForAPerson(item)) return !item.blocking;
      if (item.state === 'failed') return true;
      return item.state === 'waiting' && !item.needs.every((need) => this.isDone(need));
    });
  }

  /** A sign-off that the plan lets hold the lifecycle was asked for and is not answered. */
  get isHeld(): boolean {
    return this.state.items.some((item) => item.blocking && item.deadline !== undefined && !isDone(item));
  }

  /** A letter to one of the plan's contacts. It never fails the one who sends it. */
  async tell(role: keyof Plan['contacts'], name: string, subject: string, text: string): Promise<void> {
    const { contact } = this.plan.contacts[role];
    try {
      await this.calls.short.notify(this.run, {
        name,
        message: { to: contact, subject: `[${this.plan.title}] ${subject}`, text },
      });
    } catch (error) {
      ignoreUnlessCancelled(error);
    }
  }

  progress(): Progress {
    return {
      v: 1,
      workshop: { id: this.plan.id, title: this.plan.title, runId: this.run.runId },
      heading: this.state.heading,
      status: this.isDone('report') ? 'finished' : this.state.cancelled ? 'cancelling' : 'running',
      start: this.timeline.start,
      end: this.timeline.end,
      checklist: this.state.items,
      attendees: this.totals(),
      refused: this.state.refused,
      cohorts: this.state.cohorts.length,
    };
  }

  /** Keeps the Temporal UI's own page readable. */
  describe(): void {
    const { attendees, byState } = this.totals();
    const states = Object.entries(byState)
      .map(([state, n]) => `${n} ${state}`)
      .join(', ');
    const lines = this.state.items.map(
      (item) => `- ${MARK[item.state]} ${item.title}${item.evidence ? ` (${item.evidence.slice(0, 120)})` : ''}`,
    );
    setCurrentDetails(
      `## ${this.plan.title}: ${this.state.heading}\n\n${attendees} attendees: ${states}\n\n${lines.join('\n')}`.slice(
        0,
        15_000,
      ),
    );
  }

  get historyIsLong(): boolean {
    return historyIsLong(this.pace);
  }

  #set(item: Item, state: Item['state']): void {
    item.state = state;
    item.at = Date.now();
    this.describe();
  }
}

const MARK: Readonly<Record<Item['state'], string>> = {
  waiting: '☐',
  running: '…',
  passed: '✔',
  failed: '✘',
  waived: '➖',
  'signed off': '✔',
  unanswered: '❗',
};

/** A message to somebody who has gone is no trouble; being cancelled is for the caller to know. */
export function ignoreUnlessCancelled(error: unknown): void {
  if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
}
