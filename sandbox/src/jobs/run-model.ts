import type { Cluster } from '../clusters/cluster-model.ts';
import type { NodeKind } from '../nodes/node-kind.ts';
import type { Principal } from '../identity/principals.ts';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { RunIf, TaskSpec } from './task-spec.ts';

/** As `status.state` names it (Jobs 2.2). */
export type RunState = 'BLOCKED' | 'PENDING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED';

export type RunResult =
  | 'SUCCESS'
  | 'SUCCESS_WITH_FAILURES'
  | 'FAILED'
  | 'CANCELED'
  | 'TIMEDOUT'
  | 'EXCLUDED'
  | 'UPSTREAM_FAILED'
  | 'UPSTREAM_CANCELED';

/** How a run or a task came to its end. */
export interface Ending {
  readonly result: RunResult;
  /** The older `state.life_cycle_state`, which tells a run that went wrong from one that came to its end. */
  readonly lifeCycle: 'TERMINATED' | 'INTERNAL_ERROR' | 'SKIPPED';
  readonly code: string;
  readonly type: 'SUCCESS' | 'CLIENT_ERROR' | 'INTERNAL_ERROR' | 'CLOUD_FAILURE';
  readonly message: string;
}

/** What a task left behind. */
export interface TaskOutput {
  readonly logs?: string;
  readonly logsTruncated?: boolean;
  /** What a notebook exited with. */
  readonly result?: string;
  readonly resultTruncated?: boolean;
  readonly error?: string;
  readonly trace?: string;
}

/** A task that is to run, and the cluster that it brings along, settled; none for other compute. */
export interface PlannedTask {
  readonly spec: TaskSpec;
  readonly jobCluster: ClusterSpec | undefined;
}

/** One task of a run, itself a run with an id of its own. */
export interface TaskRun extends PlannedTask {
  readonly id: number;
  readonly run: Run;
  readonly dependsOn: readonly string[];
  readonly runIf: RunIf;
  /** What widgets answer, or the arguments of a Python file. */
  readonly widgets: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  /** Once it waits for it or is on it; none on serverless compute. */
  cluster: Cluster | undefined;
  state: RunState;
  /** Why nothing is waited for any more, once somebody or the clock has stopped it. */
  stopping: Ending | undefined;
  ending: Ending | undefined;
  output: TaskOutput;
  /** Decided when it comes to run. */
  node: NodeKind | undefined;
  /** The cluster was on its way up while the task waited for it. */
  sawLaunch: boolean;
  /** Epoch milliseconds, as are the next two. */
  startedAt: number | undefined;
  executingAt: number | undefined;
  endedAt: number | undefined;
}

export interface Run {
  readonly id: number;
  /** Order of creation. */
  readonly order: number;
  /** A one-time run has a job behind it too: permissions hang on it. */
  readonly jobId: number;
  readonly name: string;
  /** SINGLE_TASK when it was submitted without a list of tasks. */
  readonly format: 'SINGLE_TASK' | 'MULTI_TASK';
  readonly creator: Principal;
  readonly runAs: Principal;
  readonly createdAt: number;
  /** 0: as long as it takes. */
  readonly timeoutSeconds: number;
  readonly tasks: TaskRun[];
  stopping: Ending | undefined;
  ending: Ending | undefined;
  endedAt: number | undefined;
}

/** The state of a whole run. */
export function stateOf(run: Run): RunState {
  if (run.ending !== undefined) return 'TERMINATED';
  if (run.stopping !== undefined) return 'TERMINATING';
  return run.tasks.some(({ state, ending }) => state === 'RUNNING' || state === 'TERMINATING' || ending !== undefined)
    ? 'RUNNING'
    : 'PENDING';
}
