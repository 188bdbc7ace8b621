import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Run } from '../activities/run.ts';
import type { HelpHeard } from '../domain/room/help.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { Calls } from './shared/calls.ts';
import { troubleOf } from './shared/failures.ts';

interface Parts {
  readonly run: Run;
  readonly calls: Calls;
  readonly pace: Pace;
  /** Takes what was heard. */
  readonly heard: (help: HelpHeard) => void;
  /** A sentence for whoever reads who did what. */
  readonly note: (what: string) => void;
}

/**
 * Listens for whoever types `help-me` on their cluster, from the day on until the workshop is over. One long activity
 * after the other, so that hours in which nobody asks leave next to nothing in the history.
 */
export class HearingHelp {
  /** The workshop is over. */
  isOver = false;
  /** Its day has begun. */
  isWanted = false;
  /** An activity has returned: the history has grown. */
  times = 0;
  /** Files that were taken, and are to be deleted. */
  taken: readonly string[];
  readonly #parts: Parts;
  readonly #scope = new CancellationScope();
  #listening: Promise<void> | undefined;
  #trouble: string | undefined;
  #left = false;

  constructor(taken: readonly string[], parts: Parts) {
    this.taken = taken;
    this.#parts = parts;
  }

  /** Does nothing where it listens already. */
  begin(): void {
    this.isWanted = true;
    if (this.#listening !== undefined || this.#left) return;
    this.#listening = this.#scope
      .run(() => this.#listen())
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      })
      .finally(() => {
        this.#listening = undefined;
      });
  }

  /** Ends once what is under way has ended: what was heard until then is kept. */
  async end(): Promise<void> {
    this.#left = true;
    this.#scope.cancel();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { run, calls, pace, heard, note } = this.#parts;
    while (!this.#left) {
      try {
        const { taken } = this;
        const news = await calls.hearHelp(run, { taken, everyMs: pace.poll, limitMs: pace.launch });
        if (this.#trouble !== undefined) note('hears help-me again');
        this.#trouble = undefined;
        if (news.next === 'over') this.isOver = true;
        if (news.next !== 'again') {
          this.isWanted = false;
          return;
        }
        for (const help of news.asked) heard(help);
        this.taken = [...news.left, ...news.asked.map(({ file }) => file)];
        if (news.ignored > 0)
          note(`passed over ${news.ignored} file(s) in the folder of help-me that no cluster here wrote`);
      } catch (error) {
        if (isCancellation(error) && this.#scope.consideredCancelled) throw error;
        const { message, toDo } = troubleOf(error);
        const trouble = `cannot hear help-me: ${message} ${toDo}`;
        if (trouble !== this.#trouble) note(trouble);
        this.#trouble = trouble;
        await condition(() => this.#left, pace.recheck, { summary: 'before help-me is listened for again' });
      } finally {
        this.times += 1;
      }
    }
  }
}
