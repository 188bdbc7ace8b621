import type { JobRun, Workspace } from '../../databricks/workspace.ts';
import { SharedRead } from './shared-read.ts';

/** A run that somebody in this worker waits for. */
export interface AwaitedRun {
  readonly runId: number;
  /** Epoch milliseconds before the run began. */
  readonly since: number;
}

/**
 * The one-time runs of the workspace, in one listing for everybody in this worker who waits for one: asking for each
 * run by itself would be a request for every person and every look. The newest come first, so a listing ends as soon as
 * it has shown all that are waited for.
 */
export class RunListings {
  readonly #shared: SharedRead<Map<number, JobRun>>;
  /** By who waits. A listing goes back as far as the oldest of them. */
  readonly #waiting = new Map<object, AwaitedRun>();

  /** @param gapMs between two listings, milliseconds. */
  constructor(workspace: Pick<Workspace, 'jobs'>, gapMs: number) {
    this.#shared = new SharedRead(async () => {
      const awaited = [...this.#waiting.values()];
      const missing = new Set(awaited.map(({ runId }) => runId));
      const runs = new Map<number, JobRun>();
      for await (const run of workspace.jobs.listRuns(Math.min(...awaited.map(({ since }) => since)))) {
        if (missing.delete(run.run_id)) runs.set(run.run_id, run);
        if (missing.size === 0) break;
      }
      return runs;
    }, gapMs);
  }

  /** Calls `wait` with a way to look the run up, which is undefined while the listing does not show it. */
  async while<T>(awaited: AwaitedRun, wait: (find: () => Promise<JobRun | undefined>) => Promise<T>): Promise<T> {
    const me = {};
    this.#waiting.set(me, awaited);
    try {
      return await wait(async () => (await this.#shared.read()).get(awaited.runId));
    } finally {
      this.#waiting.delete(me);
    }
  }
}
