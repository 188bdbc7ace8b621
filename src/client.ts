import type { ClientInterceptors, WorkflowHandle } from '@temporalio/client';
import {
  cohortAddress,
  eventAddress,
  outboxAddress,
  reaperAddress,
  teardownAddress,
  workshopAddress,
} from './domain/replayed/made/addresses.ts';
import type { TemporalServerId } from './domain/replayed/claim/claim.ts';
import type { Kept } from './domain/replayed/checklist/adopted-state.ts';
import type {
  AddAttendeesInput,
  AmendInput,
  CancelInput,
  ExtendInput,
  LookUpAnswer,
  LookUpInput,
  PauseInput,
  RemoveAttendeesInput,
  RepairInput,
  RescheduleInput,
  ResumeInput,
  Receipt,
  RetryInput,
  SignOffInput,
  WaiveInput,
} from './domain/replayed/checklist/requests.ts';
import type { RoomInputs, RoomRequest } from './domain/replayed/room/requests.ts';
import type { EventReport } from './domain/event/event-report.ts';
import type { Report } from './domain/papers/report.ts';
import type { TeardownReport } from './domain/replayed/ending/teardown-report.ts';
import type { Timeline } from './domain/replayed/time/timeline.ts';
import { WorkshopReader, type Message } from './reader.ts';
import { nothingIfEncrypted } from './temporal/client-errors.ts';
import { timelineAfter } from './temporal/histories/lifecycle-before.ts';
import { removalOf, terminateAll } from './temporal/executions.ts';
import { askRoom } from './temporal/room/ask-room.ts';
import { removeReaper, runIdOfReaper } from './temporal/reaper-schedule.ts';
import { TemporalServer } from './temporal/server.ts';
import { startEvent, type EventStartRequest } from './temporal/starting/start-event.ts';
import { startLifecycle, type StartRequest } from './temporal/starting/start-lifecycle.ts';
import { meaningOf } from './temporal/workflow-errors.ts';
import type { TeardownInput } from './workflows/teardown.ts';
import { MESSAGES } from './domain/replayed/made/temporal-names.ts';

export type { About } from './reader.ts';
export type { EventStartRequest } from './temporal/starting/start-event.ts';
export type { StartRequest } from './temporal/starting/start-lifecycle.ts';
export { EndedWithoutReport, NoAnswer, NoServer, Refused, WrongSettings } from './temporal/client-errors.ts';

/** Address → the name or the address of a workspace. */
type Wanted = Readonly<Record<string, string>>;

/** The one way to talk to a running workshop, for the command line and for anybody's program. */
export class WorkshopClient extends WorkshopReader {
  readonly #server: TemporalServer;

  private constructor(server: TemporalServer) {
    super(server.reads);
    this.#server = server;
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async connect(env: NodeJS.ProcessEnv, interceptors?: ClientInterceptors): Promise<WorkshopClient> {
    return new WorkshopClient(await TemporalServer.connect(env, interceptors));
  }

  /** Which Temporal server this is, for whoever reads claims in a workspace. */
  server(): Promise<TemporalServerId> {
    return this.#server.id();
  }

  override async close(): Promise<void> {
    await this.#server.close();
  }

  /**
   * Starts a lifecycle: its reaper first, then the workflow, so that nothing runs unwatched. Idempotent: a start that
   * was cut off between the two is completed by the next, under the same run id.
   * @throws {Refused} while a workshop of this id is running, or parts of one are.
   */
  async start(request: StartRequest): Promise<{ runId: string; kept?: Kept }> {
    const before = request.adopt && (await this.look(request.plan.id)).about;
    return startLifecycle(this.#server, request, before);
  }

  /**
   * Starts what binds the workshops of an event, or tells the one that runs of parts that it does not know yet.
   * Idempotent.
   */
  startEvent(request: EventStartRequest): Promise<void> {
    return startEvent(this.#server, request);
  }

  readonly signOff = (id: string, input: SignOffInput) => this.#update(id, MESSAGES.signOff, input);
  readonly waive = (id: string, input: WaiveInput) => this.#update(id, MESSAGES.waive, input);
  readonly retry = (id: string, input: RetryInput) => this.#update(id, MESSAGES.retry, input);
  /**
   * @param _wanted address → the workspace that somebody is to be in, of an event of several; a workshop has one
   */
  readonly addAttendees = (id: string, input: AddAttendeesInput, _wanted?: Wanted) =>
    this.#update(id, MESSAGES.addAttendees, input);
  /** What the workspace says of people, asked by the worker; changes nothing. */
  readonly lookUp = (id: string, input: LookUpInput, _wanted?: Wanted): Promise<LookUpAnswer> =>
    this.#update(id, MESSAGES.lookUp, input);
  readonly reschedule = (id: string, input: RescheduleInput) => this.#update(id, MESSAGES.reschedule, input);
  readonly extend = (id: string, input: ExtendInput) => this.#update(id, MESSAGES.extend, input);
  readonly amend = (id: string, input: AmendInput) => this.#update(id, MESSAGES.amend, input);
  readonly pause = (id: string, input: PauseInput) => this.#update(id, MESSAGES.pause, input);
  readonly resume = (id: string, input: ResumeInput) => this.#update(id, MESSAGES.resume, input);
  readonly removeAttendees = (id: string, input: RemoveAttendeesInput) =>
    this.#update(id, MESSAGES.removeAttendees, input);
  readonly repair = (id: string, input: RepairInput) => this.#update(id, MESSAGES.repair, input);
  readonly cancel = (id: string, input: CancelInput) => this.#update(id, MESSAGES.cancel, input);

  /** Sends a message once more, as a mail of its own. */
  readonly resend = (id: string, { place, key }: Pick<Message, 'place' | 'key'>): Promise<boolean> =>
    this.#update(id, MESSAGES.resend, { key }, outboxAddress(id, place));
  /** A mail came back, with these words. False where its message was refused already, or waits to be sent again. */
  readonly bounced = (id: string, { place, key }: Pick<Message, 'place' | 'key'>, words: string): Promise<boolean> =>
    this.#update(id, MESSAGES.bounced, { key, words }, outboxAddress(id, place));

  /** What happens in the room on the day; see {@link WorkshopReader.room}. */
  readonly raiseHand = this.#inRoom('raiseHand');
  readonly takeHand = this.#inRoom('takeHand');
  readonly lowerHand = this.#inRoom('lowerHand');
  readonly addNote = this.#inRoom('addNote');
  readonly setBanner = this.#inRoom('setBanner');
  readonly laptopSeen = this.#inRoom('laptopSeen');
  readonly tellPerson = this.#inRoom('tellPerson');

  /**
   * Waits for the report of a lifecycle.
   * @throws {EndedWithoutReport} when it failed or was terminated; {Refused} when there is none.
   */
  async result(id: string): Promise<Report> {
    return this.#ask(id, (handle) => handle.result() as Promise<Report>);
  }

  /** The report of an event, once all its workshops have ended; undefined while one runs. */
  async eventReport(id: string): Promise<EventReport | undefined> {
    const { state } = await this.reads.describe(eventAddress(id));
    return state === 'closed' ? this.#ask(id, (handle) => handle.result(), eventAddress(id)) : undefined;
  }

  /** `undefined` while the lifecycle runs; its report once it has closed. Throws as {@link result} does. */
  async report(id: string): Promise<Report | undefined> {
    return (await this.standing(id)) === 'running' ? undefined : this.result(id);
  }

  /** Starts a removal without a lifecycle, or joins the one that runs, and waits for its proof. */
  async teardown(input: TeardownInput): Promise<TeardownReport> {
    const removal = await removalOf(this.#server.client, input);
    return removal.result() as Promise<TeardownReport>;
  }

  /**
   * Ends all that is left of a rehearsal on a Temporal server that others use: its reaper, and whatever of it still
   * runs. Only for what lived in a sandbox: nothing is removed from any workspace.
   */
  async forget(id: string): Promise<void> {
    const { client } = this.#server;
    if ((await this.runIdOfReaper(id)) !== undefined) await removeReaper(client, reaperAddress(id));
    await this.reads.answers(() => terminateAll(client, workshopAddress(id), 'the rehearsal is over'));
  }

  /** The same for what binds the workshops of an event; each of these is forgotten by itself. */
  async forgetEvent(id: string): Promise<void> {
    await this.reads.answers(() => terminateAll(this.#server.client, eventAddress(id), 'the rehearsal is over'));
  }

  /** What a removal says of itself; undefined when there is none, or no worker to ask. */
  async removal(id: string): Promise<TeardownReport | undefined> {
    try {
      return await this.soon(id, () => this.reads.query<TeardownReport>(teardownAddress(id), MESSAGES.progress));
    } catch {
      return undefined;
    }
  }

  /** The moments for whoever takes it over with a file that says these. */
  readonly timelineAfter = (id: string, file: Timeline) => timelineAfter(this.reads, id, file);

  /** The run that is still there although its lifecycle may be gone: a reaper watches over it, or a cohort runs. */
  async runLeftBehind(id: string): Promise<string | undefined> {
    // A key that is lost must keep nobody from removing what costs money: the workspace's own tags name the run too.
    const watched = await this.runIdOfReaper(id).catch(nothingIfEncrypted);
    if (watched !== undefined) return watched;
    const { state, memo } = await this.reads.describe(cohortAddress(id, 0));
    return state === 'running'
      ? ((await memo().catch(nothingIfEncrypted))?.['runId'] as string | undefined)
      : undefined;
  }

  /** The run that the reaper of this id watches over: it outlives a lifecycle that was ended by hand. */
  runIdOfReaper(id: string): Promise<string | undefined> {
    return this.reads.answers(() => runIdOfReaper(this.#server.client, reaperAddress(id)));
  }

  async #update<Answer = Receipt>(id: string, name: string, input: unknown, of = workshopAddress(id)): Promise<Answer> {
    const update = (handle: WorkflowHandle) => handle.executeUpdate<Answer, [unknown]>(name, { args: [input] });
    return this.#ask(id, (handle) => this.soon(id, () => this.#server.soon(() => update(handle))), of);
  }

  #inRoom<Name extends RoomRequest>(name: Name) {
    return async (id: string, input: RoomInputs[Name]): Promise<Receipt> => {
      const looked = await this.look(id);
      return this.#ask(id, () => this.soon(id, () => askRoom(this.#server, { id, ...looked }, name, input)));
    };
  }

  async #ask<T>(id: string, ask: (handle: WorkflowHandle) => Promise<T>, of = workshopAddress(id)): Promise<T> {
    try {
      return await ask(this.#server.client.workflow.getHandle(of));
    } catch (error) {
      throw meaningOf(error, { id, address: this.address });
    }
  }
}
