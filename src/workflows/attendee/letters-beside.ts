import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { letterIsDue, type SeatRules } from '../../domain/replayed/seat/next-step.ts';
import { unwritten, writtenTo } from '../../domain/replayed/seat/transitions.ts';
import { NO_CLUSTER_NAMED } from '../../domain/replayed/seat/seat.ts';
import type { Calls } from '../shared/calls.ts';
import { diagnosisOf } from '../shared/failures.ts';
import type { Setting } from '../shared/setting.ts';
import type { CurrentSeat } from './seat-steps.ts';

/** Writes the person's letters beside everything else: no cluster waits for a letter that cannot be written. */
export class LettersBeside {
  readonly #setting: Setting;
  readonly #calls: Calls;
  readonly #current: CurrentSeat;
  readonly #ended: () => void;
  #underWay: { readonly scope: CancellationScope; readonly done: Promise<void> } | undefined;

  /** @param ended is called when a letter was written, or could not be: the seat is another then */
  constructor(setting: Setting, calls: Calls, current: CurrentSeat, ended: () => void) {
    this.#setting = setting;
    this.#calls = calls;
    this.#current = current;
    this.#ended = ended;
  }

  /** Begins a letter if one is due and none is under way. Idempotent: the same letter again is the same file. */
  writeIfDue(rules: SeatRules): void {
    if (this.#underWay || !letterIsDue(this.#current.seat, rules, Date.now())) return;
    const scope = new CancellationScope();
    const done = scope.run(() => this.#write()).catch((error: unknown) => this.#failed(error));
    this.#underWay = { scope, done: done.then(() => this.#close()) };
  }

  /** This run ends: what is under way is called off, and begun again in the next one. */
  async stop(): Promise<void> {
    this.#underWay?.scope.cancel();
    await this.#underWay?.done;
  }

  async #write(): Promise<void> {
    const { run, plan } = this.#setting;
    const { timeline, seat, startTold } = this.#current;
    const { email, letter: before, cluster, details } = seat;
    const clusterId = cluster?.shared ? cluster.id : undefined;
    // One that leads to another cluster names no date: that is another letter.
    const names = before === undefined || before === (clusterId ?? NO_CLUSTER_NAMED);
    const moved = before !== undefined && names;
    const isReady = cluster?.state === 'RUNNING' && cluster.verified;
    const { laptopsFetchServer } = this.#current.infrastructure;
    const letter = {
      before,
      clusterId,
      isReady,
      details,
      ...(laptopsFetchServer ? { laptopsFetchServer } : {}),
      ...(moved ? { about: 'moved' as const } : {}),
    };
    await this.#calls.deliverLetter(run, { plan, timeline, email, ...letter });
    const start = names ? (startTold ?? timeline.start) : undefined;
    this.#current.become(writtenTo(this.#current.seat, clusterId, start));
  }

  #failed(error: unknown): void {
    if (isCancellation(error)) return;
    const retryAt = Date.now() + this.#setting.pace.recheck;
    this.#current.become(unwritten(this.#current.seat, diagnosisOf(error), retryAt));
  }

  #close(): void {
    this.#underWay = undefined;
    this.#ended();
  }
}
