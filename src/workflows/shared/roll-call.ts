import { condition } from '@temporalio/workflow';
import type { Absent } from '../../domain/replayed/seat/absent.ts';
import { ignoreUnlessCancelled } from './ignore-unless-cancelled.ts';
import type { Calls } from './calls.ts';

/** What a roll call works with. */
export interface Called {
  readonly calls: Pick<Calls, 'rollCall'>;
  /** Workflow ids of those who should be running at this moment. */
  readonly expected: () => readonly string[];
  /** Mends what can be mended. Told again at the next call, if they are still missing. */
  readonly mend: (absent: readonly Absent[]) => Promise<void>;
  /** Milliseconds between two calls, at this moment. */
  readonly period: () => number;
  readonly isOver: () => boolean;
}

/**
 * Compares who should be running with who is: when a run begins, which is at every page of the guide, then at a period,
 * and whenever a message found nobody. Somebody may terminate any workflow by hand, and nobody is told of it.
 */
export class RollCall {
  #isWanted = false;

  /** Somebody was not found: they are looked for at once. */
  soon(): void {
    this.#isWanted = true;
  }

  async run(called: Called): Promise<void> {
    const { expected, period, isOver } = called;
    for (;;) {
      await condition(() => isOver() || expected().length > 0);
      if (isOver()) return;
      this.#isWanted = false;
      await call(called);
      await condition(() => isOver() || this.#isWanted, period(), { summary: 'before the next roll call' });
    }
  }
}

async function call({ calls, expected, mend, isOver }: Called): Promise<void> {
  try {
    const absent = await calls.rollCall({ workflowIds: expected() });
    if (absent.length > 0 && !isOver()) await mend(absent);
  } catch (error) {
    // Without Temporal's own answer nothing is known, and nothing is done; the next call asks again.
    ignoreUnlessCancelled(error);
  }
}
