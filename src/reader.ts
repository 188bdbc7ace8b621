import { cohortAddress, queuesOf, workshopAddress } from './domain/replayed/made/addresses.ts';
import type { Progress } from './domain/replayed/checklist/progress.ts';
import { POOL_WAITS, type PoolWaits } from './domain/replayed/made/pool-waits.ts';
import { MESSAGES } from './domain/replayed/made/temporal-names.ts';
import type { Seat } from './domain/replayed/seat/seat.ts';
import type { Timeline } from './domain/replayed/time/timeline.ts';
import { isMissing } from './temporal/answers.ts';
import { temporalOptions } from './temporal/connection-options.ts';
import { TemporalReads, type ExecutionState } from './temporal/reads.ts';
import { openWorkflowService } from './temporal/workflow-service.ts';

/** What was recorded of a lifecycle at its start, readable without a worker: never anybody's address. */
export interface About {
  readonly runId: string;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly timeline: Timeline;
}

function nobodyIfMissing(error: unknown): readonly Seat[] {
  if (isMissing(error)) return [];
  throw error;
}

/** The one way to look at a running workshop. It changes nothing, and is quick to load. */
export class WorkshopReader {
  protected readonly reads: TemporalReads;
  /** What was read of each lifecycle: it names the workers that can answer, and stays as it was at the start. */
  readonly #about = new Map<string, About>();
  /** Of the Temporal server, like `localhost:7233`. */
  readonly address: string;

  protected constructor(reads: TemporalReads) {
    this.reads = reads;
    this.address = reads.address;
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async open(env: NodeJS.ProcessEnv): Promise<WorkshopReader> {
    const options = temporalOptions(env);
    const service = await openWorkflowService(options);
    return new WorkshopReader(
      new TemporalReads(service, { address: options.connection.address, namespace: options.namespace }),
    );
  }

  close(): void | Promise<void> {
    this.reads.close();
  }

  /** @throws {Refused} when there is no such workshop; {NoAnswer} when no worker answers for it. */
  async progress(id: string): Promise<Progress> {
    return this.soon(id, () => this.reads.query<Progress>(workshopAddress(id), MESSAGES.progress));
  }

  /** Everybody's seat, merged from the cohorts, which alone know people. Throws as {@link progress} does. */
  async roster(id: string): Promise<Seat[]> {
    const { cohorts } = await this.progress(id);
    const rosters = await this.soon(id, () =>
      Promise.all(
        Array.from({ length: cohorts }, (_, n) =>
          // One that is gone for good has nobody any more; the checklist says so.
          this.reads.query<readonly Seat[]>(cohortAddress(id, n), MESSAGES.roster).catch(nobodyIfMissing),
        ),
      ),
    );
    return rosters.flat();
  }

  /**
   * How the latest lifecycle of this id stands, what was recorded at its start, and what it last asked its pool to keep
   * waiting; needs no worker. about undefined: there is none, or it was not started by this program.
   */
  async look(
    id: string,
  ): Promise<{ state: ExecutionState; about: About | undefined; poolWaits: PoolWaits | undefined }> {
    const { state, memo } = await this.reads.describe(workshopAddress(id));
    const about = memo['about'] as About | undefined;
    if (about) this.#about.set(id, about);
    return { state, about, poolWaits: (memo[POOL_WAITS] as PoolWaits | null | undefined) ?? undefined };
  }

  /** Whether anybody takes work for workshops in this workspace at present. */
  hasWorker(workspace: string, workspaceId: string): Promise<boolean> {
    return this.reads.hasPoller(queuesOf(workspace, workspaceId).workflows);
  }

  /** Whether a lifecycle of this id is running, closed, or was never there. */
  async standing(id: string): Promise<ExecutionState> {
    return (await this.look(id)).state;
  }

  /** Asked of a worker. */
  protected soon<T>(id: string, ask: () => Promise<T>): Promise<T> {
    const hasWorker = async () => {
      const about = this.#about.get(id) ?? (await this.look(id)).about;
      return about && this.hasWorker(about.workspace, about.workspaceId);
    };
    return this.reads.workerAnswers(id, hasWorker, ask);
  }
}
