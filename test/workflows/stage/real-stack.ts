import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { answerSignOffs } from '../../../src/cli/rehearsal/rehearsal-answers.ts';
import { rehearsalPeople, rehearsalPlan } from '../../../src/cli/rehearsal/rehearsal-plan.ts';
import { NoAnswer, WorkshopClient } from '../../../src/client.ts';
import { cohortAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { CLUSTER_TAGS } from '../../../src/domain/replayed/made/cluster-spec.ts';
import { estimate } from '../../../src/domain/money/cost.ts';
import { paceAt, type Pace } from '../../../src/domain/replayed/time/pace.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import type { Report } from '../../../src/domain/papers/report.ts';
import { lastLines } from '../../../src/cli/rehearsal/embedded/log-tail.ts';
import { startTemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { startWorkerProcess, type WorkerProcess } from '../../../src/cli/rehearsal/embedded/worker-process.ts';
import { startSandbox, type ClusterEntry, type FaultInput, type Sandbox } from '../../../sandbox/index.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/temporal/register-search-attributes.ts';
import { temporalOptions } from '../../../src/temporal/connection-options.ts';

export type History = temporal.api.history.v1.IHistory;

/** One run of a workflow that may have continued as new. */
export interface RunOfChain {
  readonly runId: string;
  readonly history: History;
  readonly continued: boolean;
  /** Epoch milliseconds. */
  readonly began: number;
}

export interface RealStackOptions {
  readonly people: number;
  readonly workers?: number;
  /** How fast a worker calls; slower than the sandbox, provisioning takes long enough to be caught in the middle. */
  readonly workerSpeed?: number;
  /** What is to go wrong in the workspace. */
  readonly faults?: readonly FaultInput[];
  /** What the workers are told besides. */
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** The workspace, where it is another stack's. */
  readonly sandbox?: Sandbox;
}

const SPEED = 60;
/** Rehearsals leave more time before the start than so few people need. */
const SOONER_MS = 31_000;
const LOOK_AGAIN_MS = 500;
const EVENTS_TOLD = 15;
/** Of a test of a minute and a half, on a machine that does much else; less than a test may take. */
const LIMIT_MS = 500_000;
const QUICK_WORKFLOW_THREADS = fileURLToPath(
  new URL('../../../src/cli/rehearsal/embedded/quick-workflow-threads.cjs', import.meta.url),
);
const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** A Temporal dev server, the sandbox and workers in processes of their own: everything is as in a rehearsal. */
export class RealStack {
  readonly sandbox: Sandbox;
  readonly client: WorkshopClient;
  /** For what only Temporal itself knows. */
  readonly temporal: Client;
  readonly workers: readonly WorkerProcess[];
  readonly people: readonly string[];
  readonly folder: string;
  /** For command lines that talk to this Temporal. */
  readonly env: Readonly<Record<string, string>>;
  readonly #stops: (() => Promise<unknown>)[];

  private constructor(
    parts: Omit<RealStack, 'open' | 'report' | 'chain' | 'whereItStands' | 'seatClusters' | 'stop'>,
    stops: (() => Promise<unknown>)[],
  ) {
    this.sandbox = parts.sandbox;
    this.client = parts.client;
    this.temporal = parts.temporal;
    this.workers = parts.workers;
    this.people = parts.people;
    this.folder = parts.folder;
    this.env = parts.env;
    this.#stops = stops;
  }

  /** What was started is stopped again when the rest cannot be. */
  static async start({
    people: count,
    workers: howMany = 1,
    workerSpeed = SPEED,
    faults = [],
    workerEnv = {},
    sandbox: shared,
  }: RealStackOptions): Promise<RealStack> {
    const stops: (() => Promise<unknown>)[] = [];
    try {
      const people = rehearsalPeople(count);
      const folder = await mkdtemp(join(tmpdir(), 'workshop-test-'));
      stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
      const sandbox = shared ?? (await startSandbox({ speed: SPEED, people, faults }));
      if (!shared) stops.push(() => sandbox.close());
      const server = await startTemporalServer({
        ui: false,
        log: join(folder, 'temporal.log'),
        searchAttributes: SEARCH_ATTRIBUTES,
      });
      stops.push(() => server.stop());
      const env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
      const workers: WorkerProcess[] = [];
      for (let n = 0; n < howMany; n += 1) {
        const worker = await startWorkerProcess({
          env: {
            ...env,
            DATABRICKS_HOST: sandbox.url,
            DATABRICKS_TOKEN: sandbox.adminToken,
            NODE_OPTIONS: `--require ${QUICK_WORKFLOW_THREADS}`,
            ...workerEnv,
          },
          logFile: join(folder, `worker-${n}.log`),
          entry: [MAIN, 'worker', '--folder', folder, '--speed', String(workerSpeed)],
        });
        stops.push(() => worker.stop());
        workers.push(worker);
      }
      const client = await WorkshopClient.connect(env);
      stops.push(() => client.close());
      const { connection: address, namespace, dataConverter } = temporalOptions(env);
      const connection = await Connection.connect(address);
      stops.push(() => connection.close());
      return new RealStack(
        {
          sandbox,
          client,
          temporal: new Client({ connection, namespace, dataConverter }),
          workers,
          people,
          folder,
          env,
        },
        stops,
      );
    } catch (error) {
      await stopAll(stops);
      throw error;
    }
  }

  /**
   * Starts a workshop that begins in about a minute; everything before its day is overdue and follows at once.
   * @param soonerMs than a rehearsal would begin: few people need less time
   * @param longerMs the event is seconds long otherwise
   */
  async open(
    pace: Partial<Pace> = {},
    change: Partial<Plan> = {},
    {
      adopt,
      soonerMs = SOONER_MS,
      longerMs = 0,
    }: { adopt?: { runId: string }; soonerMs?: number; longerMs?: number } = {},
  ): Promise<string> {
    const { plan: rehearsed, timeline } = await rehearsalPlan({
      attendees: this.people.length,
      workspace: this.sandbox.url,
      now: Date.now(),
    });
    const plan = { ...rehearsed, testers: [], ...change };
    const { dayOf, start, end, teardown } = timeline;
    await this.client.start({
      plan,
      people: this.people,
      pace: { ...paceAt(SPEED), ...pace },
      workspaceId: this.sandbox.workspaceId,
      timeline: {
        ...timeline,
        dayOf: dayOf - soonerMs,
        start: start - soonerMs,
        end: end - soonerMs + longerMs,
        teardown: teardown - soonerMs + longerMs,
      },
      ...(adopt ? { adopt } : {}),
      estimate: estimate(plan, this.people.length).total.expected,
    });
    return plan.id;
  }

  /** Answers what people are asked, as a rehearsal does, until the lifecycle has closed. */
  async report(id: string): Promise<Report> {
    const deadline = performance.now() + LIMIT_MS;
    while ((await this.client.standing(id)) === 'running') {
      if (performance.now() > deadline)
        throw new Error(
          `the workshop has not ended: ${JSON.stringify(await this.client.progress(id))}\n` +
            (await this.whereItStands(id)),
        );
      try {
        await answerSignOffs(this.client, id, await this.client.progress(id));
      } catch (error) {
        // A worker that was killed answers nobody until another has taken over, and a workshop that has just ended
        // takes no sign-off.
        if (!(error instanceof NoAnswer) && (await this.client.standing(id)) === 'running') throw error;
      }
      await wait(LOOK_AGAIN_MS);
    }
    return this.client.result(id);
  }

  /** Every run of a workflow from its first, each with its history, as Temporal links them. */
  async chain(workflowId: string): Promise<RunOfChain[]> {
    const runs: RunOfChain[] = [];
    const { raw } = await this.temporal.workflow.getHandle(workflowId).describe();
    for (let runId = raw.workflowExecutionInfo?.firstRunId; runId;) {
      const history: History = await this.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      const next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
      runs.push({
        runId,
        history,
        continued: Boolean(next),
        began:
          1_000 * Number(history.events?.[0]?.eventTime?.seconds ?? 0) +
          (history.events?.[0]?.eventTime?.nanos ?? 0) / 1e6,
      });
      runId = next;
    }
    return runs;
  }

  /**
   * What one would look at when a workshop hangs: what each open workflow did last and waits for, and what the workers
   * said.
   */
  async whereItStands(id: string): Promise<string> {
    const said: string[] = [];
    for (const workflowId of [workshopAddress(id), cohortAddress(id, 0)]) {
      const handle = this.temporal.workflow.getHandle(workflowId);
      const { raw } = await handle.describe();
      const { events } = await handle.fetchHistory();
      const waitsFor = { activities: raw.pendingActivities, task: raw.pendingWorkflowTask };
      const last = (events ?? []).slice(-EVENTS_TOLD).map((event) => JSON.stringify(event).slice(0, 600));
      said.push(
        `${workflowId}: ${events?.length ?? 0} events, waits for ${JSON.stringify(waitsFor)}, the last are\n` +
          last.join('\n'),
      );
    }
    for (const n of this.workers.keys())
      said.push(`worker ${n} said last:\n${lastLines(join(this.folder, `worker-${n}.log`), 0)}`);
    return said.join('\n\n');
  }

  /** Clusters that stand for a person, by the tag of the seat. The canary's belong to nobody. */
  seatClusters(): Map<string, ClusterEntry[]> {
    const clusters = this.sandbox.books().clusters.filter(({ tags }) => tags[CLUSTER_TAGS.generation] !== '0');
    return Map.groupBy(clusters, ({ tags }) => tags[CLUSTER_TAGS.seat] ?? 'none');
  }

  stop(): Promise<void> {
    return stopAll(this.#stops);
  }
}

/** The last started first; one that cannot be stopped keeps no other from being. */
async function stopAll(stops: (() => Promise<unknown>)[]): Promise<void> {
  const troubles: unknown[] = [];
  for (const stop of stops.splice(0).toReversed()) await stop().catch((error: unknown) => troubles.push(error));
  if (troubles.length > 0) throw new AggregateError(troubles, 'not everything could be stopped');
}
