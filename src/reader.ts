import {
  cohortAddress,
  eventAddress,
  outboxAddress,
  queuesOf,
  roomAddress,
  workshopAddress,
} from './domain/replayed/made/addresses.ts';
import type { PlanInForce } from './domain/replayed/checklist/plan-in-force.ts';
import type { LastLook, Progress } from './domain/replayed/checklist/progress.ts';
import { POOL_WAITS, type PoolWaits } from './domain/replayed/made/pool-waits.ts';
import type { KnownEvent } from './domain/replayed/event/event.ts';
import { EVENT_MEMO } from './domain/replayed/event/event-memo.ts';
import { MESSAGES } from './domain/replayed/made/temporal-names.ts';
import type { Kept, Outbox } from './domain/replayed/outbox/outbox.ts';
import { unpacked, type Packed } from './domain/replayed/outbox/packed.ts';
import { OUTBOXES } from './domain/replayed/outbox/places.ts';
import { EMPTY_ROOM, type Room } from './domain/replayed/room/room.ts';
import type { Seat } from './domain/replayed/seat/seat.ts';
import type { About } from './temporal/about.ts';
import { isMissing, noWorkshop } from './temporal/answers.ts';
import { temporalOptions } from './temporal/connection-options.ts';
import { readSeatHistory, type SeatHistory } from './temporal/histories/attempts.ts';
import { readChanges, type Changes } from './temporal/histories/changes.ts';
import { knownWorkshops, type KnownWorkshop } from './temporal/histories/known-workshops.ts';
import { readBeganWith, readEndedWith, type BeganWith, type EndedWith } from './temporal/histories/lifecycle-run.ts';
import { TemporalReads, type ExecutionState, type WhoAnswers } from './temporal/reads.ts';
import { openWorkflowService } from './temporal/workflow-service.ts';

export type { About } from './temporal/about.ts';
export type { Change, Changes } from './temporal/histories/changes.ts';
export type { KnownWorkshop } from './temporal/histories/known-workshops.ts';
export type { SeatHistory } from './temporal/histories/attempts.ts';
export type { BeganWith, EndedWith } from './temporal/histories/lifecycle-run.ts';

/** A message that was put into an outbox, and in which. */
export interface Message extends Kept {
  readonly place: number;
}

function nobodyIfMissing(error: unknown): readonly Seat[] {
  if (isMissing(error)) return [];
  throw error;
}

/** What Temporal itself knows of a workshop. */
export interface Looked {
  readonly state: ExecutionState;
  readonly about: About | undefined;
  readonly poolWaits: PoolWaits | undefined;
  /** The worker's code cannot go on with it. */
  readonly isStuck: boolean;
}

/** The one way to look at a running workshop. It changes nothing, and is quick to load. */
export class WorkshopReader {
  protected readonly reads: TemporalReads;
  /** The last look at each workshop, until it has told who can answer: a short command looks once. */
  readonly #looked = new Map<string, Looked>();
  /** Of the Temporal server, like `localhost:7233`. */
  readonly address: string;
  readonly namespace: string;

  protected constructor(reads: TemporalReads) {
    this.reads = reads;
    this.address = reads.address;
    this.namespace = reads.namespace;
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async open(env: NodeJS.ProcessEnv): Promise<WorkshopReader> {
    const options = temporalOptions(env);
    const service = await openWorkflowService(options);
    const { connection, namespace, dataConverter } = options;
    return new WorkshopReader(
      new TemporalReads(service, { address: connection.address, namespace, codecs: dataConverter.payloadCodecs }),
    );
  }

  close(): void | Promise<void> {
    this.reads.close();
  }

  /** @throws {Refused} when there is no such workshop; {NoAnswer} when no worker answers for it. */
  async progress(id: string): Promise<Progress> {
    return this.soon(id, () => this.reads.query<Progress>(workshopAddress(id), MESSAGES.progress));
  }

  /** What it goes by at present: its plan, and what it has made for everybody. Throws as {@link progress} does. */
  async planInForce(id: string): Promise<PlanInForce> {
    return this.soon(id, () => this.reads.query<PlanInForce>(workshopAddress(id), MESSAGES.planInForce));
  }

  /** The model of an earlier lifecycle, as it was amended last; undefined when nothing is known of it any more. */
  async modelBefore(id: string): Promise<string | undefined> {
    // What knows how a run is taken over takes long to load, and who only looks does without.
    const { modelBefore } = await import('./temporal/histories/lifecycle-before.ts');
    return modelBefore(this.reads, id);
  }

  /**
   * Everybody's seat, merged from the cohorts, which alone know people. Throws as {@link progress} does.
   * @param known how many cohorts there are; asked for if not given
   */
  async roster(id: string, known?: number): Promise<Seat[]> {
    const cohorts = known ?? (await this.progress(id)).cohorts;
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
   * What waits to leave for anybody, and what has become of what left, the oldest first. Empty where the plan names no
   * channel: nothing was ever put into an outbox then.
   */
  async messages(id: string): Promise<Message[]> {
    const outboxes = await this.soon(id, () =>
      Promise.all(
        Array.from({ length: OUTBOXES }, (_, place) =>
          this.#outbox(outboxAddress(id, place)).then((outbox) =>
            Object.values(outbox).map((kept) => ({ ...kept, place })),
          ),
        ),
      ),
    );
    return outboxes.flat().toSorted((a, b) => a.askedAt - b.askedAt);
  }

  async #outbox(address: string): Promise<Outbox> {
    try {
      return unpacked(await this.reads.query<Packed>(address, MESSAGES.packedOutbox));
    } catch (error) {
      if (isMissing(error)) return {};
      // A worker of an earlier version knows one way only.
      return this.reads.query<Outbox>(address, MESSAGES.outbox);
    }
  }

  /** Who waits for help in the room, who helps, and what was said. Empty as long as nobody has acted there. */
  async room(id: string): Promise<Room> {
    const { state, memo } = await this.reads.describe(roomAddress(id));
    if (state === 'none') return EMPTY_ROOM;
    // One that has closed may be of an earlier workshop of this id.
    if (state === 'closed' && (await memo())['runId'] !== (await this.look(id)).about?.runId) return EMPTY_ROOM;
    return this.soon(id, () => this.reads.query<Room>(roomAddress(id), MESSAGES.room));
  }

  /** When each cohort last had a listing of clusters. A cohort that does not say tells nothing. */
  async lastLooks(id: string, cohorts: number): Promise<LastLook[]> {
    const asked = Array.from({ length: cohorts }, (_, n) =>
      this.reads.query<LastLook | undefined>(cohortAddress(id, n), MESSAGES.lastLook).catch(() => undefined),
    );
    return (await Promise.all(asked)).filter((look) => look !== undefined && look !== null);
  }

  /**
   * How the latest lifecycle of this id stands, what was recorded at its start, and what it last asked its pool to keep
   * waiting; needs no worker. about undefined: there is none, or it was not started by this program.
   */
  async look(id: string): Promise<Looked> {
    const { state, isStuck, memo: readMemo } = await this.reads.describe(workshopAddress(id));
    const memo = await readMemo();
    const looked = {
      state,
      isStuck,
      about: memo['about'] as About | undefined,
      poolWaits: (memo[POOL_WAITS] as PoolWaits | null | undefined) ?? undefined,
    };
    this.#looked.set(id, looked);
    return looked;
  }

  /** The event of several workspaces of this id, running or over; needs no worker. undefined: there is none. */
  async event(id: string): Promise<KnownEvent | undefined> {
    const { state, memo } = await this.reads.describe(eventAddress(id));
    return state === 'none' ? undefined : ((await memo())[EVENT_MEMO] as KnownEvent | undefined);
  }

  /** Every workshop that the server has not forgotten, those that run first; needs no worker. */
  workshops(): Promise<KnownWorkshop[]> {
    return knownWorkshops(this.reads);
  }

  /** What a run of a lifecycle began with, from its history; needs no worker. @throws {WrongSettings} */
  beganWith(id: string, runId: string): Promise<BeganWith | undefined> {
    return readBeganWith(this.reads, id, runId);
  }

  /** How it ended, from its history; undefined while it runs. @throws {WrongSettings} */
  endedWith(id: string, runId: string): Promise<EndedWith | undefined> {
    return readEndedWith(this.reads, id, runId);
  }

  /** What was tried for a seat, from its history; needs no worker. @throws {WrongSettings} */
  seatHistory(id: string, key: string): Promise<SeatHistory> {
    return readSeatHistory(this.reads, id, key);
  }

  /** Who changed what about a workshop, from the histories of its lifecycles; needs no worker. @throws {Refused} */
  async changes(id: string): Promise<Changes> {
    const changes = await readChanges(this.reads, id);
    if (changes.changes.length === 0 && (await this.standing(id)) === 'none')
      throw noWorkshop({ id, address: this.address });
    return changes;
  }

  /** Whether anybody takes work for workshops in this workspace at present. */
  hasWorker(workspace: string, workspaceId: string): Promise<boolean> {
    return this.reads.hasPoller(queuesOf(workspace, workspaceId).workflows);
  }

  /** Whether a lifecycle of this id is running, closed, or was never there. */
  async standing(id: string): Promise<ExecutionState> {
    return (await this.reads.describe(workshopAddress(id))).state;
  }

  /** Asked of a worker. */
  protected soon<T>(id: string, ask: () => Promise<T>): Promise<T> {
    const who = async (): Promise<WhoAnswers> => {
      const { about, state, isStuck } = this.#looked.get(id) ?? (await this.look(id));
      this.#looked.delete(id);
      if (about && !(await this.hasWorker(about.workspace, about.workspaceId))) return 'nobody';
      if (state === 'running' && isStuck) return 'stuck';
      return about ? 'a worker' : 'unknown';
    };
    return this.reads.workerAnswers(id, who, ask);
  }
}
