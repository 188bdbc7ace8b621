import { randomInt } from 'node:crypto';
import { invalidParameter } from '../http/errors.ts';
import type { Pace } from '../time/pace.ts';
import type { Principal } from '../identity/principals.ts';
import { RunEngine } from './run-engine.ts';
import type { PlannedTask, Run, TaskRun } from './run-model.ts';
import type { RunWorld } from './run-world.ts';
import type { Kept } from '../state/kept.ts';

const LOWEST_ID = 100_000_000_000_000;
const MOST_IDS = 2 ** 47;

/** A run about to begin. */
export interface RunPlan {
  readonly jobId: number;
  readonly name: string;
  readonly format: Run['format'];
  readonly creator: Principal;
  readonly runAs: Principal;
  readonly timeoutSeconds: number;
  readonly tasks: readonly PlannedTask[];
  readonly idempotencyToken?: string | undefined;
}

interface RunsState {
  readonly runs: Map<number, Run>;
  readonly byToken: Map<string, number>;
  readonly usedIds: Set<number>;
  readonly order: number;
}

/** The runs of the workspace: one-time ones, each with a job of its own behind it. */
export class Runs implements Kept<RunsState> {
  readonly engine: RunEngine;
  #runs = new Map<number, Run>();
  readonly #tasks = new Map<number, TaskRun>();
  #byToken = new Map<string, number>();
  #usedIds = new Set<number>();
  #order = 0;

  constructor(workspace: RunWorld, pace: Pace) {
    this.engine = new RunEngine(workspace, pace);
  }

  state(): RunsState {
    return { runs: this.#runs, byToken: this.#byToken, usedIds: this.#usedIds, order: this.#order };
  }

  restore({ runs, byToken, usedIds, order }: RunsState): void {
    this.#runs = runs;
    this.#byToken = byToken;
    this.#usedIds = usedIds;
    this.#order = order;
    const tasks = [...runs.values()].flatMap((run) => run.tasks);
    this.#tasks.clear();
    for (const task of tasks) this.#tasks.set(task.id, task);
    this.engine.goOnWith(tasks);
  }

  /** Of a job, a run or a task: below 2^53, so that JSON carries it whole. */
  newId(): number {
    for (;;) {
      const id = LOWEST_ID + randomInt(MOST_IDS);
      if (this.#usedIds.has(id)) continue;
      this.#usedIds.add(id);
      return id;
    }
  }

  /**
   * Begins a run. A token that one caller sent before answers the run it began then
   * (docs/facts/databricks.md section 2).
   */
  begin(plan: RunPlan, at: number): Run {
    const known = this.begunWith(plan.creator, plan.idempotencyToken);
    if (known) return known;
    const run = this.#build(plan, at);
    this.#runs.set(run.id, run);
    for (const task of run.tasks) this.#tasks.set(task.id, task);
    if (plan.idempotencyToken) this.#byToken.set(tokenKey(plan.creator, plan.idempotencyToken), run.id);
    this.engine.begin(run, at);
    return run;
  }

  /** @throws 400 when the run of that token was deleted. */
  begunWith(caller: Principal, token: string | undefined): Run | undefined {
    const id = token ? this.#byToken.get(tokenKey(caller, token)) : undefined;
    if (id === undefined) return undefined;
    const run = this.#runs.get(id);
    if (!run) throw invalidParameter(`The run ${id} that was created with this idempotency token has been deleted.`);
    return run;
  }

  #build(plan: RunPlan, at: number): Run {
    const run: Run = {
      id: this.newId(),
      order: this.#order++,
      jobId: plan.jobId,
      name: plan.name,
      format: plan.format,
      creator: plan.creator,
      runAs: plan.runAs,
      createdAt: at,
      timeoutSeconds: plan.timeoutSeconds,
      tasks: [],
      stopping: undefined,
      ending: undefined,
      endedAt: undefined,
    };
    for (const { spec, jobCluster } of plan.tasks) {
      run.tasks.push({
        id: this.newId(),
        run,
        spec,
        jobCluster,
        dependsOn: (spec.depends_on ?? []).map(({ task_key }) => task_key),
        runIf: spec.run_if ?? 'ALL_SUCCESS',
        widgets: spec.notebook_task?.base_parameters ?? {},
        arguments: spec.spark_python_task?.parameters ?? [],
        cluster: undefined,
        state: 'BLOCKED',
        stopping: undefined,
        ending: undefined,
        output: {},
        node: undefined,
        sawLaunch: false,
        startedAt: undefined,
        executingAt: undefined,
        endedAt: undefined,
      });
    }
    return run;
  }

  /**
   * The run, or the run that a task is part of and the task.
   * @throws 400, as the jobs API answers it (docs/facts/databricks-workspace.md section 11).
   */
  get(id: number): { readonly run: Run; readonly task: TaskRun | undefined } {
    const task = this.#tasks.get(id);
    const run = this.#runs.get(id) ?? task?.run;
    if (!run) throw invalidParameter(`Run ${id} does not exist.`);
    return { run, task };
  }

  /** Oldest first. */
  all(): Iterable<Run> {
    return this.#runs.values();
  }

  /** Whether a run of this job is there. */
  hasJob(jobId: number): boolean {
    return [...this.#runs.values()].some((run) => run.jobId === jobId);
  }

  remove(run: Run): void {
    this.#runs.delete(run.id);
    for (const task of run.tasks) this.#tasks.delete(task.id);
  }

  /** After a restart: runs whose end nobody can know any more get one. */
  endLostRuns(at: number): void {
    this.engine.endLostRuns(at);
  }
}

const tokenKey = ({ id }: Principal, token: string): string => `${id}\0${token}`;
