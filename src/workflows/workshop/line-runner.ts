import { condition, isCancellation } from '@temporalio/workflow';
import type { Checklist } from '../../domain/replayed/checklist/checklist.ts';
import type { LineId } from '../../domain/replayed/checklist/lines.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import { troubleOf } from '../shared/failures.ts';

/** Why a line of the guide was not worked on: shown as waived, not as passed. */
export interface LeftOut {
  readonly leftOut: string;
}

/**
 * When a failed line is tried again without being asked. Whoever asks for it is always heard. `more and more rarely`:
 * each wait is twice as long as the one before, up to a day, since every try costs money. `until`: not after this
 * moment, epoch milliseconds, which may move meanwhile.
 */
export type Again = 'regularly' | 'more and more rarely' | 'only when asked' | { readonly until: () => number };

/**
 * What a line of the guide does. It is told whether this is the line's first try, and returns the evidence, or why it
 * is left out.
 */
export type Act = (first: boolean) => Promise<string | LeftOut>;

export interface AroundLines {
  /** Tells somebody; called once for each line, at its first failure. */
  readonly onFailure: (id: LineId, message: string, toDo: string) => Promise<void>;
  /** This line is not to begin for now. */
  readonly isPaused: (id: LineId) => boolean;
}

/** Works on lines of the checklist, and tries again what failed. */
export class LineRunner {
  readonly #checklist: Checklist;
  readonly #pace: Pace;
  readonly #around: AroundLines;
  readonly #retryAsked = new Set<LineId>();
  #underWay = 0;

  constructor(checklist: Checklist, pace: Pace, around: AroundLines) {
    this.#checklist = checklist;
    this.#pace = pace;
    this.#around = around;
  }

  /** Lines are being worked on right now; no run may end before they have ended, or been cancelled. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** A line that failed is tried at once. */
  askAgain(id: LineId): void {
    this.#retryAsked.add(id);
  }

  /**
   * Works on one line until it is done: waits for what it needs, acts, and shows the outcome. A failure is shown, and
   * the line is tried again after a while, when somebody asks, or never, when it is waived. Lines that this plan does
   * not have, and lines done before, are skipped: a heading may be gone through again.
   */
  async do(id: LineId, act: Act, again: Again = 'regularly'): Promise<void> {
    const checklist = this.#checklist;
    if (!checklist.item(id) || checklist.isDone(id)) return;
    await condition(() => checklist.mayBegin(id) || checklist.isDone(id));
    // Found failed, the line is taken up at once, unless trying costs money.
    if (this.#hasFailed(id) && again !== 'regularly') await this.#untilAgain(id, again, 1);
    for (let failures = 0; !checklist.isDone(id);) {
      await this.#untilItMayBegin(id);
      if (checklist.isDone(id)) return;
      const first = !this.#hasFailed(id);
      checklist.begin(id, Date.now());
      this.#retryAsked.delete(id);
      try {
        const outcome = await this.#counted(() => act(first));
        if (checklist.isDone(id)) return;
        if (typeof outcome === 'string') checklist.pass(id, outcome, Date.now());
        else if (first) checklist.leaveOut(id, outcome.leftOut, Date.now());
        else {
          // What was tried and failed does not become left out.
          checklist.fail(id, `Tried again and left out: ${outcome.leftOut}.`, Date.now());
          await this.#untilAgain(id, 'only when asked', failures);
        }
      } catch (error) {
        if (isCancellation(error)) {
          checklist.cutShort(id, !first, Date.now());
          throw error;
        }
        if (checklist.isDone(id)) return;
        failures += 1;
        await this.#show(id, error, first);
        await this.#untilAgain(id, again, failures);
      }
    }
  }

  /** What is under way when somebody pauses the workshop comes to its end; nothing begins, and nothing again. */
  async #untilItMayBegin(id: LineId): Promise<void> {
    const may = () => this.#checklist.isDone(id) || (this.#checklist.mayBegin(id) && !this.#around.isPaused(id));
    // Whoever has nothing to wait for goes on at once.
    if (!may()) await condition(may);
  }

  async #counted<T>(act: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await act();
    } finally {
      this.#underWay -= 1;
    }
  }

  async #show(id: LineId, error: unknown, first: boolean): Promise<void> {
    const { message, toDo, handOff } = troubleOf(error);
    const next = [toDo, ...(handOff ?? [])].join('\n');
    this.#checklist.fail(id, next, Date.now(), message);
    if (first) await this.#around.onFailure(id, message, next);
  }

  #hasFailed(id: LineId): boolean {
    return this.#checklist.item(id)?.state === 'failed';
  }

  async #untilAgain(id: LineId, again: Again, failures: number): Promise<void> {
    const wanted = () => this.#retryAsked.has(id) || this.#checklist.isDone(id);
    const rarer = again === 'more and more rarely' ? 2 ** (failures - 1) : 1;
    const pause = Math.min(this.#pace.recheck * rarer, this.#pace.reminder);
    if (Date.now() + pause <= lastTry(again)) {
      await condition(wanted, pause, { summary: `try "${id}" again` });
    } else {
      await condition(wanted);
    }
  }
}

/** Epoch milliseconds. */
function lastTry(again: Again): number {
  if (again === 'only when asked') return 0;
  return typeof again === 'object' ? again.until() : Infinity;
}
