import type { JobRun, Workspace } from '../../databricks/workspace.ts';
import { SharedRead } from './shared-read.ts';

/**
 * The one-time runs of the workspace, in one listing for everybody in this worker who waits for one: asking for each
 * run by itself would be a request for every person and every look.
 */
export class RunListings {
  readonly #shared: SharedRead<Map<number, JobRun>>;
  /** Since when the runs are of interest, by who waits; the listing goes back as far as the oldest. */
  readonly #waiting = new Map<object, number>();

  /** @param gapMs between two listings, milliseconds. */
  constructor(workspace: Workspace, gapMs: number) {
    this.#shared = new SharedRead(async () => {
      const runs = new Map<number, JobRun>();
      for await (const run of workspace.jobs.listRuns(Math.min(...this.#waiting.values()))) runs.set(run.run_id, run);
      return runs;
    }, gapMs);
  }

  /**
   * Calls `wait` with a way to look one's run up, which is undefined while the listing does not show it.
   * @param since epoch milliseconds before the run began.
   */
  async while<T>(
    since: number,
    wait: (find: (runId: number) => Promise<JobRun | undefined>) => Promise<T>,
  ): Promise<T> {
    const me = {};
    this.#waiting.set(me, since);
    try {
      return await wait(async (runId) => (await this.#shared.read()).get(runId));
    } finally {
      this.#waiting.delete(me);
    }
  }
}
