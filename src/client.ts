import type { WorkflowHandle } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import {
  cohortAddress,
  outboxAddress,
  queuesOf,
  reaperAddress,
  teardownAddress,
  workshopAddress,
} from './domain/replayed/made/addresses.ts';
import type { TemporalServerId } from './domain/replayed/claim/claim.ts';
import type { Kept } from './domain/replayed/checklist/adopted-state.ts';
import { checklistFor } from './domain/replayed/checklist/item.ts';
import { poolNeeded } from './domain/replayed/ending/reaping.ts';
import { newLifecycleState } from './domain/replayed/checklist/lifecycle-state.ts';
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
import type { Pace } from './domain/replayed/time/pace.ts';
import type { Details } from './domain/replayed/seat/details.ts';
import type { Plan } from './domain/plan/plan.ts';
import type { Report } from './domain/papers/report.ts';
import type { TeardownReport } from './domain/replayed/ending/teardown-report.ts';
import type { Timeline } from './domain/replayed/time/timeline.ts';
import { WorkshopReader, type About, type Message } from './reader.ts';
import { Refused, WrongSettings } from './temporal/client-errors.ts';
import { stateAfter, timelineAfter } from './temporal/histories/lifecycle-before.ts';
import { startedBy, terminateAll } from './temporal/executions.ts';
import { createReaper, removeReaper, runIdOfReaper } from './temporal/reaper-schedule.ts';
import { TemporalServer } from './temporal/server.ts';
import { meaningOf } from './temporal/workflow-errors.ts';
import type { ReaperInput } from './workflows/reaper.ts';
import type { TeardownInput } from './workflows/teardown.ts';
import { searchAttributes } from './workflows/shared/search-attributes.ts';
import type { WorkshopInput } from './workflows/workshop/lifecycle.ts';
import { MESSAGES, WORKFLOWS } from './domain/replayed/made/temporal-names.ts';

export type { About } from './reader.ts';
export { EndedWithoutReport, NoAnswer, NoServer, Refused, WrongSettings } from './temporal/client-errors.ts';

export interface StartRequest {
  readonly plan: Plan;
  readonly people: readonly string[];
  /** Address → what the roster says of them beside it. */
  readonly details?: Readonly<Record<string, Details>>;
  readonly timeline: Timeline;
  readonly pace: Pace;
  /** X-Databricks-Org-Id of the workspace that the plan names. */
  readonly workspaceId: string;
  /** Expected cost in the plan's currency. */
  readonly estimate: number;
  /** Takes over a run whose lifecycle is gone: its run id, from the workspace's tags or the reaper. */
  readonly adopt?: { readonly runId: string };
  /** Takes the workshop although another Temporal server's run of it seems alive. */
  readonly force?: boolean;
}

function nothingIfEncrypted(error: unknown): undefined {
  if (!(error instanceof WrongSettings)) throw error;
}

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
  static async connect(env: NodeJS.ProcessEnv): Promise<WorkshopClient> {
    return new WorkshopClient(await TemporalServer.connect(env));
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
    const { plan, timeline, pace, workspaceId } = request;
    const { id } = plan;
    if ((await this.standing(id)) === 'running') {
      throw new Refused(
        `A workshop "${id}" is running already. See it with: bin/workshop status ${id}. ` +
          'Or choose another id in the plan.',
      );
    }
    if ((await this.reads.describe(teardownAddress(id))).state === 'running')
      throw new Refused(
        `A removal of an earlier "${id}" is under way, and would take away what is made now. Let it end, which ` +
          `"bin/workshop teardown ${id} --execute" shows, and start then, without --adopt.`,
      );
    if (!request.adopt && (await this.reads.describe(cohortAddress(id, 0))).state === 'running')
      throw new Refused(
        `An earlier "${id}" has lost its lifecycle, and its people's workflows still run. Take it over with --adopt, ` +
          `or end it with "bin/workshop teardown ${id} --execute".`,
      );
    const queues = queuesOf(plan.workspace, workspaceId);
    const searchable = await this.#server.letsSearch();
    const unfinished = await this.runIdOfReaper(id);
    const runId =
      request.adopt?.runId ?? ((await this.standing(id)) === 'none' ? unfinished : undefined) ?? crypto.randomUUID();
    const run = { workshopId: id, runId, workspaceId };

    const fresh = newLifecycleState(checklistFor(plan), request.people, plan.testers, request.details);
    const before = request.adopt && (await this.look(id)).about;
    const adopted =
      before?.runId === runId
        ? await stateAfter(this.reads, id, fresh, {
            runId,
            plan,
            timeline,
            startBefore: before.timeline.start,
          })
        : undefined;
    const inForce = adopted?.state.timeline ?? timeline;
    const reaper: ReaperInput = {
      v: 1,
      run,
      pace,
      queues,
      plan: {
        id,
        title: plan.title,
        contacts: plan.contacts,
        teardown: plan.teardown,
        unityCatalog: plan.unityCatalog,
      },
      teardownAt: inForce.teardown,
      needed: poolNeeded(inForce, plan.compute.pool.spares, pace.speed),
    };
    // Made anew: the end of the workshop may have changed since.
    if (unfinished !== undefined) await removeReaper(this.#server.client, reaperAddress(id));
    await createReaper(this.#server.client, reaperAddress(id), reaper);

    const input: WorkshopInput = {
      v: 1,
      run,
      plan,
      timeline,
      pace,
      queues,
      estimate: request.estimate,
      searchable,
      state: {
        ...(adopted?.state ?? fresh),
        ...(request.adopt ? { adopted: true } : {}),
        ...(request.force ? { claimForced: true } : {}),
      },
    };
    const started = await startedBy(() =>
      this.#server.client.workflow.start(WORKFLOWS.workshop, {
        workflowId: workshopAddress(id),
        taskQueue: queues.workflows,
        args: [input],
        staticSummary: plan.title,
        staticDetails: `${request.people.length} people, ${plan.workspace}`,
        memo: {
          about: {
            runId,
            workspace: plan.workspace,
            workspaceId,
            timeZone: plan.timeZone,
            timeline: inForce,
            speed: pace.speed,
            prices: plan.prices,
          } satisfies About,
        },
        ...(searchable
          ? { typedSearchAttributes: new TypedSearchAttributes(searchAttributes(id, 'first', inForce.end)) }
          : {}),
      }),
    );
    if (!started) throw new Refused(`A workshop "${id}" is running already.`);
    return { runId, ...(adopted ? { kept: adopted.kept } : {}) };
  }

  readonly signOff = (id: string, input: SignOffInput) => this.#update(id, MESSAGES.signOff, input);
  readonly waive = (id: string, input: WaiveInput) => this.#update(id, MESSAGES.waive, input);
  readonly retry = (id: string, input: RetryInput) => this.#update(id, MESSAGES.retry, input);
  readonly addAttendees = (id: string, input: AddAttendeesInput) => this.#update(id, MESSAGES.addAttendees, input);
  /** What the workspace says of people, asked by the worker; changes nothing. */
  readonly lookUp = (id: string, input: LookUpInput): Promise<LookUpAnswer> => this.#update(id, MESSAGES.lookUp, input);
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

  /**
   * Waits for the report of a lifecycle.
   * @throws {EndedWithoutReport} when it failed or was terminated; {Refused} when there is none.
   */
  async result(id: string): Promise<Report> {
    return this.#ask(id, (handle) => handle.result() as Promise<Report>);
  }

  /** `undefined` while the lifecycle runs; its report once it has closed. Throws as {@link result} does. */
  async report(id: string): Promise<Report | undefined> {
    return (await this.standing(id)) === 'running' ? undefined : this.result(id);
  }

  /** Starts a removal without a lifecycle, or joins the one that runs, and waits for its proof. */
  async teardown(input: TeardownInput): Promise<TeardownReport> {
    const workflowId = teardownAddress(input.run.workshopId);
    const { workflow } = this.#server.client;
    await startedBy(() =>
      workflow.start(WORKFLOWS.teardown, { workflowId, taskQueue: input.queues.workflows, args: [input] }),
    );
    return workflow.getHandle(workflowId).result() as Promise<TeardownReport>;
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

  async #ask<T>(id: string, ask: (handle: WorkflowHandle) => Promise<T>, of = workshopAddress(id)): Promise<T> {
    try {
      return await ask(this.#server.client.workflow.getHandle(of));
    } catch (error) {
      throw meaningOf(error, { id, address: this.address });
    }
  }
}
