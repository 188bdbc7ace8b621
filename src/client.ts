import { setTimeout as wait } from 'node:timers/promises';
import {
  Client,
  type Connection,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import {
  cohortAddress,
  queuesOf,
  reaperAddress,
  teardownAddress,
  workshopAddress,
} from './domain/replayed/made/addresses.ts';
import { checklistFor } from './domain/replayed/checklist/item.ts';
import { newLifecycleState } from './domain/replayed/checklist/lifecycle-state.ts';
import type {
  AddAttendeesInput,
  CancelInput,
  Receipt,
  RetryInput,
  SignOffInput,
  WaiveInput,
} from './domain/replayed/checklist/requests.ts';
import type { Pace } from './domain/replayed/time/pace.ts';
import type { Plan } from './domain/plan/plan.ts';
import type { Progress } from './domain/replayed/checklist/progress.ts';
import type { Report } from './domain/papers/report.ts';
import type { TeardownReport } from './domain/replayed/ending/teardown-report.ts';
import type { Seat } from './domain/replayed/seat/seat.ts';
import type { Timeline } from './domain/replayed/time/timeline.ts';
import { registerSearchAttributes } from './temporal/search-attributes.ts';
import { meaningOf, NoAnswer, noWorker, reachTemporal, Refused, silence } from './temporal/answers.ts';
import { temporalOptions } from './temporal/options.ts';
import type { ReaperInput } from './workflows/reaper.ts';
import type { TeardownInput } from './workflows/teardown.ts';
import { searchAttributes } from './workflows/shared/search-attributes.ts';
import type { WorkshopInput } from './workflows/workshop/lifecycle.ts';

export { EndedWithoutReport, NoAnswer, NoServer, Refused } from './temporal/answers.ts';
export { WrongSettings } from './temporal/options.ts';

/** Long enough for a worker that is busy booting clusters; without a worker the answer never comes. */
const ANSWER_MS = 20_000;
/** A poller that was last seen longer ago has gone. */
const POLLER_MS = 90_000;

/** What was recorded of a lifecycle at its start, readable without a worker: never anybody's address. */
export interface About {
  readonly runId: string;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly timeline: Timeline;
}

export interface StartRequest {
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly timeline: Timeline;
  readonly pace: Pace;
  /** X-Databricks-Org-Id of the workspace that the plan names. */
  readonly workspaceId: string;
  /** Expected cost in the plan's currency. */
  readonly estimate: number;
  /** Takes over a run whose lifecycle is gone: its run id, from the workspace's tags or the reaper. */
  readonly adopt?: { readonly runId: string };
}

/** TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW of Temporal's API. */
const WORKFLOW_TASKS = 1;

/** The one way to talk to a running workshop, for the command line and for anybody's program. */
export class WorkshopClient {
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #searchable: boolean;
  readonly address: string;
  /** Workshops about which a worker has answered. */
  readonly #answered = new Set<string>();

  private constructor(client: Client, connection: Connection, address: string, searchable: boolean) {
    this.#client = client;
    this.#connection = connection;
    this.address = address;
    this.#searchable = searchable;
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async connect(env: NodeJS.ProcessEnv): Promise<WorkshopClient> {
    const { connection: options, namespace, dataConverter } = temporalOptions(env);
    const connection = await reachTemporal(options, namespace);
    const searchable = await registerSearchAttributes(connection, namespace);
    return new WorkshopClient(
      new Client({ connection, namespace, dataConverter }),
      connection,
      options.address,
      searchable,
    );
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /**
   * Starts a lifecycle: its reaper first, then the workflow, so that nothing runs unwatched. Idempotent: a start that
   * was cut off between the two is completed by the next, under the same run id.
   * @throws {Refused} while a workshop of this id is running, or parts of one are.
   */
  async start(request: StartRequest): Promise<{ runId: string }> {
    const { plan, timeline, pace, workspaceId } = request;
    const { id } = plan;
    if ((await this.#standing(workshopAddress(id))) === 'running') {
      throw new Refused(
        `A workshop "${id}" is running already. See it with: bin/workshop status ${id}. Or choose another id in the plan.`,
      );
    }
    if (!request.adopt) {
      for (const part of [teardownAddress(id), cohortAddress(id, 0)]) {
        if ((await this.#standing(part)) === 'running') {
          throw new Refused(
            `${part} of an earlier "${id}" is still running. Take it over with --adopt, or let it end: bin/workshop teardown ${id} --execute.`,
          );
        }
      }
    }
    const queues = queuesOf(plan.workspace, workspaceId);
    const unfinished = await this.runIdOfReaper(id);
    const runId =
      request.adopt?.runId ??
      ((await this.#standing(workshopAddress(id))) === 'none' ? unfinished : undefined) ??
      crypto.randomUUID();
    const run = { workshopId: id, runId, workspaceId };

    const reaper: ReaperInput = {
      v: 1,
      run,
      pace,
      queues,
      plan: { id, title: plan.title, contacts: plan.contacts, teardown: plan.teardown },
      teardownAt: timeline.teardown,
    };
    // Made anew: the end of the workshop may have changed since.
    if (unfinished !== undefined) await this.#removeReaper(id);
    await this.#createReaper(reaper);

    const input: WorkshopInput = {
      v: 1,
      run,
      plan,
      timeline,
      pace,
      queues,
      estimate: request.estimate,
      searchable: this.#searchable,
      state: newLifecycleState(checklistFor(plan), request.people, plan.testers),
    };
    try {
      await this.#client.workflow.start('workshop', {
        workflowId: workshopAddress(id),
        taskQueue: queues.workflows,
        args: [input],
        staticSummary: plan.title,
        staticDetails: `${request.people.length} people, ${plan.workspace}`,
        memo: {
          about: { runId, workspace: plan.workspace, workspaceId, timeZone: plan.timeZone, timeline } satisfies About,
        },
        ...(this.#searchable
          ? { typedSearchAttributes: new TypedSearchAttributes(searchAttributes(id, 'first', timeline.end)) }
          : {}),
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        throw new Refused(`A workshop "${id}" is running already.`);
      throw error;
    }
    return { runId };
  }

  /** @throws {Refused} when there is no such workshop; {NoAnswer} when no worker answers for it. */
  async progress(id: string): Promise<Progress> {
    return this.#ask(id, (handle) => this.#soon(id, () => handle.query<Progress>('progress')));
  }

  /** Everybody's seat, merged from the cohorts, which alone know people. Throws as {@link progress} does. */
  async roster(id: string): Promise<Seat[]> {
    const { cohorts } = await this.progress(id);
    const rosters = await this.#ask(id, () =>
      this.#soon(id, () =>
        Promise.all(
          Array.from({ length: cohorts }, (_, n) =>
            this.#client.workflow.getHandle(cohortAddress(id, n)).query<readonly Seat[]>('roster'),
          ),
        ),
      ),
    );
    return rosters.flat();
  }

  /**
   * What was recorded at the start of the latest lifecycle of this id; needs no worker. undefined: there is none, or it
   * was not started by this client.
   */
  async about(id: string): Promise<About | undefined> {
    try {
      const { memo } = await this.#client.workflow.getHandle(workshopAddress(id)).describe();
      return memo?.['about'] as About | undefined;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw meaningOf(error, { id, address: this.address });
    }
  }

  /** Whether anybody takes work for workshops in this workspace at present. */
  async hasWorker(workspace: string, workspaceId: string): Promise<boolean> {
    try {
      const { pollers } = await this.#connection.workflowService.describeTaskQueue({
        namespace: this.#client.options.namespace,
        taskQueue: { name: queuesOf(workspace, workspaceId).workflows },
        taskQueueType: WORKFLOW_TASKS,
      });
      return (pollers ?? []).some(
        ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - POLLER_MS,
      );
    } catch (error) {
      throw silence(error, this.address);
    }
  }

  signOff(id: string, input: SignOffInput): Promise<Receipt> {
    return this.#update(id, 'signOff', input);
  }
  waive(id: string, input: WaiveInput): Promise<Receipt> {
    return this.#update(id, 'waive', input);
  }
  retry(id: string, input: RetryInput): Promise<Receipt> {
    return this.#update(id, 'retry', input);
  }
  addAttendees(id: string, input: AddAttendeesInput): Promise<Receipt> {
    return this.#update(id, 'addAttendees', input);
  }
  cancel(id: string, input: CancelInput): Promise<Receipt> {
    return this.#update(id, 'cancel', input);
  }

  /**
   * Waits for the report of a lifecycle.
   * @throws {EndedWithoutReport} when it failed or was terminated; {Refused} when there is none.
   */
  async result(id: string): Promise<Report> {
    return this.#ask(id, (handle) => handle.result() as Promise<Report>);
  }

  /** `undefined` while the lifecycle runs; its report once it has closed. Throws as {@link result} does. */
  async report(id: string): Promise<Report | undefined> {
    return (await this.#standing(workshopAddress(id))) === 'running' ? undefined : this.result(id);
  }

  /** Whether a lifecycle of this id is running, closed, or was never there. */
  standing(id: string): Promise<'running' | 'closed' | 'none'> {
    return this.#standing(workshopAddress(id));
  }

  /** Starts a removal without a lifecycle, or joins the one that runs, and waits for its proof. */
  async teardown(input: TeardownInput): Promise<TeardownReport> {
    const workflowId = teardownAddress(input.run.workshopId);
    try {
      await this.#client.workflow.start('teardown', { workflowId, taskQueue: input.queues.workflows, args: [input] });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return this.#client.workflow.getHandle(workflowId).result() as Promise<TeardownReport>;
  }

  /**
   * Ends all that is left of a rehearsal on a Temporal server that others use: its reaper, and whatever of it still
   * runs. Only for what lived in a sandbox: nothing is removed from any workspace.
   */
  async forget(id: string): Promise<void> {
    if ((await this.runIdOfReaper(id)) !== undefined) await this.#removeReaper(id);
    // The lifecycle first, so that it starts nothing more; the listing may lag behind, so it is read until it is empty.
    const end = (workflowId: string) =>
      this.#client.workflow
        .getHandle(workflowId)
        .terminate('the rehearsal is over')
        .catch(() => undefined);
    if ((await this.#standing(workshopAddress(id))) === 'running') await end(workshopAddress(id));
    for (let looks = 0, open = 1; looks < 10 && open > 0; looks += 1) {
      open = 0;
      for await (const { workflowId } of this.#client.workflow.list({
        query: `WorkflowId STARTS_WITH "${workshopAddress(id)}" AND ExecutionStatus = "Running"`,
      })) {
        open += 1;
        await end(workflowId);
      }
      if (open > 0) await wait(500);
    }
  }

  /** What a removal says of itself; undefined when there is none, or no worker to ask. */
  async removal(id: string): Promise<TeardownReport | undefined> {
    try {
      return await this.#soon(id, () =>
        this.#client.workflow.getHandle(teardownAddress(id)).query<TeardownReport>('progress'),
      );
    } catch {
      return undefined;
    }
  }

  /** The run that the reaper of this id watches over: it outlives a lifecycle that was ended by hand. */
  async runIdOfReaper(id: string): Promise<string | undefined> {
    try {
      const { memo } = await this.#client.schedule.getHandle(reaperAddress(id)).describe();
      return memo?.['runId'] as string | undefined;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw silence(error, this.address);
    }
  }

  async #standing(workflowId: string): Promise<'running' | 'closed' | 'none'> {
    try {
      return (await this.#client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING'
        ? 'running'
        : 'closed';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'none';
      throw silence(error, this.address);
    }
  }

  async #createReaper(input: ReaperInput): Promise<void> {
    await this.#client.schedule.create({
      scheduleId: reaperAddress(input.run.workshopId),
      spec: { intervals: [{ every: input.pace.reaper }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: input.pace.reaper },
      action: {
        type: 'startWorkflow',
        workflowType: 'reaper',
        workflowId: reaperAddress(input.run.workshopId),
        taskQueue: input.queues.workflows,
        args: [input],
      },
      memo: { runId: input.run.runId },
    });
  }

  async #removeReaper(id: string): Promise<void> {
    await this.#client.schedule.getHandle(reaperAddress(id)).delete();
  }

  async #update(id: string, name: string, input: unknown): Promise<Receipt> {
    return this.#ask(id, (handle) =>
      this.#soon(id, () => handle.executeUpdate<Receipt, [unknown]>(name, { args: [input] })),
    );
  }

  async #ask<T>(id: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#client.workflow.getHandle(workshopAddress(id)));
    } catch (error) {
      throw meaningOf(error, { id, address: this.address });
    }
  }

  /** Asked of a worker, with a deadline; not asked at all when none is there, so that nobody waits for nothing. */
  async #soon<T>(id: string, ask: () => Promise<T>): Promise<T> {
    if (!this.#answered.has(id)) {
      const about = await this.about(id);
      if (about && !(await this.hasWorker(about.workspace, about.workspaceId)))
        throw new NoAnswer(noWorker(id, this.address));
    }
    const answer = await this.#connection.withDeadline(Date.now() + ANSWER_MS, ask);
    this.#answered.add(id);
    return answer;
  }
}
