import { startAs } from '../clusters/fleet/cluster-lifecycle.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import {
  JOB_FINISHED,
  NEEDS_REAL_NODE,
  clusterLost,
  couldNotRun,
  endingOf,
  lostWithSandbox,
  skippedBy,
  succeeded,
  timedOut,
  workFailed,
} from './endings.ts';
import { ApiError } from '../http/errors.ts';
import { SIMULATED } from '../nodes/node-kind.ts';
import type { RunningTask } from '../nodes/nodes.ts';
import type { Pace } from '../time/pace.ts';
import { clusterRefusal, startRefusal } from './run-as.ts';
import type { Ending, Run, TaskRun } from './run-model.ts';
import { outputOf } from './run-output.ts';
import { isSshServer, refusalOf, workOf } from './task-source.ts';
import type { RunWorld } from './run-world.ts';

const SETUP_MS = 2_000;
const SIMULATED_WORK_MS = 5_000;
const SECOND = 1_000;

/**
 * Carries runs out: a task waits for the tasks it depends on, then for its cluster, which it starts if need be, and
 * then works, on a real node or in the books only (docs/facts/databricks.md section 4).
 */
export class RunEngine {
  readonly #workspace: RunWorld;
  readonly #pace: Pace;
  /** Tasks that wait for a cluster or are on it, by the id of the cluster and by their own. */
  readonly #onCluster = new Map<string, Set<TaskRun>>();
  readonly #active = new Map<number, TaskRun>();
  readonly #working = new Map<number, RunningTask>();
  readonly #runTimesOut: (at: number, run: Run) => void;
  readonly #taskTimesOut: (at: number, task: TaskRun) => void;
  readonly #simulatedBegins: (at: number, task: TaskRun) => void;
  readonly #simulatedEnds: (at: number, task: TaskRun) => void;

  constructor(workspace: RunWorld, pace: Pace) {
    this.#workspace = workspace;
    this.#pace = pace;
    workspace.clusters.watch((cluster, at) => {
      for (const task of this.#onCluster.get(cluster.id) ?? [])
        if (task.ending === undefined) this.#clusterMoved(task, cluster, at);
    });
    const { schedule } = workspace;
    this.#runTimesOut = schedule.plans('a run times out', (run: Run, at) =>
      this.stop(run, timedOut(run.timeoutSeconds), at),
    );
    this.#taskTimesOut = schedule.plans('a task times out', (task: TaskRun, at) =>
      this.#stopTask(task, timedOut(task.spec.timeout_seconds), at),
    );
    this.#simulatedBegins = schedule.plans('a simulated task begins', (task: TaskRun, at) => {
      if (task.ending === undefined) this.#execute(task, at);
    });
    this.#simulatedEnds = schedule.plans('a simulated task ends', (task: TaskRun, at) => {
      if (task.ending !== undefined) return;
      task.output = task.spec.notebook_task ? {} : { logs: `${SIMULATED}\n` };
      this.#end(task, succeeded(SIMULATED), at);
    });
  }

  begin(run: Run, at: number): void {
    if (run.timeoutSeconds > 0) this.#runTimesOut(at + run.timeoutSeconds * SECOND, run);
    this.#release(run, at);
  }

  /** Ends a run. What works on a real node is told to, and ends in its own time. */
  stop(run: Run, ending: Ending, at: number): void {
    if (run.ending !== undefined || run.stopping !== undefined) return;
    run.stopping = ending;
    for (const task of run.tasks) this.#stopTask(task, ending, at);
  }

  /** After a restart of the sandbox, the tasks that there are then. */
  goOnWith(tasks: readonly TaskRun[]): void {
    for (const task of tasks) if (task.cluster && task.ending === undefined) this.#keepTrack(task, task.cluster.id);
  }

  /** After a restart of the sandbox: what ran on its nodes ended with it. */
  endLostRuns(at: number): void {
    for (const [id, task] of this.#active)
      if (task.node === 'real' && !this.#working.has(id)) this.#end(task, lostWithSandbox, at);
  }

  /** Lets every task go on that waits for no other any more. */
  #release(run: Run, at: number): void {
    for (const task of run.tasks) {
      if (task.state !== 'BLOCKED') continue;
      const upstream = run.tasks
        .filter(({ spec }) => task.dependsOn.includes(spec.task_key))
        .map(({ ending }) => ending?.result);
      const ended = upstream.filter((result) => result !== undefined);
      if (ended.length < upstream.length) continue;
      const skipped = run.stopping ?? skippedBy(task.runIf, ended);
      if (skipped) this.#end(task, skipped, at);
      else this.#arrive(task, at);
    }
    if (run.ending === undefined && run.tasks.every(({ ending }) => ending !== undefined)) {
      run.ending = endingOf(run);
      run.endedAt = at;
    }
  }

  #arrive(task: TaskRun, at: number): void {
    const { clusters } = this.#workspace;
    const { existing_cluster_id: clusterId, timeout_seconds: seconds } = task.spec;
    task.state = 'PENDING';
    task.startedAt = at;
    if (seconds > 0) this.#taskTimesOut(at + seconds * SECOND, task);
    if (!clusterId && !task.jobCluster) {
      this.#workServerless(task, at);
      return;
    }
    const cluster = task.jobCluster ? this.#bringAlong(task, task.jobCluster, at) : clusters.find(clusterId ?? '');
    task.cluster = cluster;
    if (task.ending !== undefined) return;
    if (!cluster) {
      this.#fail(task, 'RESOURCE_NOT_FOUND', `Cluster ${clusterId} does not exist`, at);
      return;
    }
    const refusal = clusterRefusal(this.#workspace, cluster, task.run.runAs);
    if (refusal) {
      this.#end(task, refusal, at);
      return;
    }
    this.#keepTrack(task, cluster.id);
    clusters.beginWork(cluster);
    this.#clusterMoved(task, cluster, at);
  }

  /** The cluster of this task alone, which goes when the task ends. */
  #bringAlong(task: TaskRun, spec: ClusterSpec, at: number): Cluster | undefined {
    const { clusters, permissions } = this.#workspace;
    const { run } = task;
    const named = { ...spec, cluster_name: `job-${run.jobId}-run-${run.id}-${task.spec.task_key}` };
    try {
      const cluster = clusters.create(named, task.spec.new_cluster ?? spec, run.runAs, at, 'JOB');
      permissions.grantHighest(run.runAs, 'clusters', cluster.id);
      return cluster;
    } catch (refused) {
      this.#refused(task, refused, at);
      return undefined;
    }
  }

  /** Of serverless compute there is no machine here: it is simulated, whatever the nodes of clusters are. */
  #workServerless(task: TaskRun, at: number): void {
    const refusal = refusalOf(this.#workspace, task);
    task.node = 'simulated';
    if (isSshServer(task)) this.#fail(task, 'RUN_EXECUTION_ERROR', NEEDS_REAL_NODE, at);
    else if (refusal === undefined) this.#simulate(task, at);
    else this.#fail(task, 'RESOURCE_NOT_FOUND', refusal, at);
  }

  /** @throws what is no refusal of the workspace's. */
  #refused(task: TaskRun, refused: unknown, at: number): void {
    if (!(refused instanceof ApiError)) throw refused;
    const code = refused.status === 429 ? 'CLUSTER_REQUEST_LIMIT_EXCEEDED' : 'CLUSTER_ERROR';
    this.#fail(task, code, refused.message, at);
  }

  #keepTrack(task: TaskRun, clusterId: string): void {
    const together = this.#onCluster.get(clusterId) ?? new Set();
    this.#onCluster.set(clusterId, together.add(task));
    this.#active.set(task.id, task);
  }

  #clusterMoved(task: TaskRun, cluster: Cluster, at: number): void {
    const isOnIt = task.node !== undefined;
    switch (cluster.state) {
      case 'RUNNING':
        if (!isOnIt) this.#work(task, cluster, at);
        return;
      case 'PENDING':
        task.sawLaunch = true;
        return;
      case 'RESTARTING':
        if (isOnIt) this.#end(task, clusterLost(cluster, true), at);
        task.sawLaunch = true;
        return;
      case 'TERMINATING':
        if (isOnIt || task.sawLaunch) this.#end(task, clusterLost(cluster, isOnIt), at);
        return;
      case 'TERMINATED':
        this.#start(task, cluster, at);
    }
  }

  #start(task: TaskRun, cluster: Cluster, at: number): void {
    const refusal = startRefusal(this.#workspace, cluster, task.run.runAs);
    if (refusal) {
      this.#end(task, refusal, at);
      return;
    }
    try {
      startAs(this.#workspace, cluster, task.run.runAs, at);
    } catch (refused) {
      this.#refused(task, refused, at);
    }
  }

  #work(task: TaskRun, cluster: Cluster, at: number): void {
    const { nodes } = this.#workspace;
    task.node = nodes.kindOf(cluster);
    const isSimulated = task.node === 'simulated';
    if (isSimulated && isSshServer(task)) {
      this.#fail(task, 'RUN_EXECUTION_ERROR', NEEDS_REAL_NODE, at);
      return;
    }
    const refusal = refusalOf(this.#workspace, task);
    if (refusal !== undefined) {
      this.#fail(task, 'RESOURCE_NOT_FOUND', refusal, at);
      return;
    }
    if (isSimulated) {
      this.#simulate(task, at);
      return;
    }
    const working = nodes.start(cluster, task.run.runAs, workOf(this.#workspace, task));
    this.#working.set(task.id, working);
    void this.#follow(task, working);
  }

  #simulate(task: TaskRun, at: number): void {
    const executing = at + this.#pace.scaled(SETUP_MS);
    this.#simulatedBegins(executing, task);
    this.#simulatedEnds(executing + this.#pace.scaled(SIMULATED_WORK_MS), task);
  }

  async #follow(task: TaskRun, working: RunningTask): Promise<void> {
    await working.started;
    this.#hear(task, (at) => this.#execute(task, at));
    const outcome = await working.ended;
    this.#hear(task, (at) => {
      this.#working.delete(task.id);
      task.output = outputOf(task, outcome);
      this.#end(task, task.stopping ?? (outcome.succeeded ? succeeded('') : workFailed), at);
    });
  }

  /** Something has happened on a real node. News of a task that has ended changes nothing. */
  #hear(task: TaskRun, change: (at: number) => void): void {
    const at = this.#workspace.advance();
    if (task.ending !== undefined) return;
    change(at);
    this.#workspace.changed();
  }

  #execute(task: TaskRun, at: number): void {
    task.executingAt = at;
    if (task.stopping === undefined) task.state = 'RUNNING';
  }

  #stopTask(task: TaskRun, ending: Ending, at: number): void {
    if (task.ending !== undefined || task.stopping !== undefined) return;
    task.stopping = ending;
    if (task.node !== 'real') {
      this.#end(task, ending, at);
      return;
    }
    task.state = 'TERMINATING';
    this.#working.get(task.id)?.cancel();
  }

  #fail(task: TaskRun, code: string, message: string, at: number): void {
    task.output = { error: message };
    this.#end(task, couldNotRun(code, message), at);
  }

  #end(task: TaskRun, ending: Ending, at: number): void {
    task.state = 'TERMINATED';
    task.ending = ending;
    task.endedAt = at;
    const working = this.#working.get(task.id);
    this.#working.delete(task.id);
    working?.cancel();
    if (task.cluster && this.#active.delete(task.id)) {
      this.#onCluster.get(task.cluster.id)?.delete(task);
      this.#workspace.clusters.endWork(task.cluster, at);
      if (task.jobCluster) this.#workspace.clusters.terminate(task.cluster, JOB_FINISHED, 'The run has ended', at);
    }
    this.#release(task.run, at);
  }
}
