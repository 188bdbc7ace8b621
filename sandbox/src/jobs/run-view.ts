import { stateOf } from './run-model.ts';
import type { Ending, Run, RunState, TaskRun } from './run-model.ts';

/** What `state_message` says of a run on its way. */
const ON_THE_WAY: Readonly<Record<RunState, string>> = {
  BLOCKED: 'Waiting for other tasks',
  PENDING: 'Waiting for cluster',
  RUNNING: 'In run',
  TERMINATING: 'Cancelling',
  TERMINATED: '',
};

interface Standing {
  readonly state: RunState;
  readonly ending: Ending | undefined;
  readonly stopping: Ending | undefined;
}

/**
 * A run as get and list answer it: `state` for older clients, `status` for newer ones.
 * @param url where the workspace is, for links.
 */
export function runView(run: Run, url: string, withTasks = true): Record<string, unknown> {
  const [only] = run.tasks;
  const isSingle = run.format === 'SINGLE_TASK';
  return {
    job_id: run.jobId,
    run_id: run.id,
    number_in_job: run.id,
    original_attempt_run_id: run.id,
    creator_user_name: run.creator.userName,
    run_as: runAs(run),
    run_as_user_name: run.runAs.userName,
    run_name: run.name,
    run_type: 'SUBMIT_RUN',
    format: run.format,
    trigger: 'ONE_TIME',
    run_page_url: pageUrl(run, run.id, url),
    ...standing({ state: stateOf(run), ending: run.ending, stopping: run.stopping }),
    start_time: run.createdAt,
    end_time: run.endedAt ?? 0,
    // Only a run of one task, submitted as such, has these times of its own.
    ...durations(isSingle ? only : undefined),
    run_duration: run.endedAt === undefined ? 0 : run.endedAt - run.createdAt,
    ...(isSingle && only
      ? {
          cluster_spec: clusterSpecOf(only),
          ...clusterInstance(only),
          task: work(only),
        }
      : {}),
    ...(withTasks ? { tasks: run.tasks.map((task) => taskView(task, url)) } : {}),
  };
}

/** A task asked for by its own id answers as a run. */
export function taskAsRunView(task: TaskRun, url: string): Record<string, unknown> {
  const { run } = task;
  return {
    ...taskView(task, url),
    job_id: run.jobId,
    job_run_id: run.id,
    number_in_job: task.id,
    original_attempt_run_id: task.id,
    creator_user_name: run.creator.userName,
    run_as: runAs(run),
    run_as_user_name: run.runAs.userName,
    run_name: run.name,
    run_type: 'SUBMIT_RUN',
    format: 'SINGLE_TASK',
    trigger: 'ONE_TIME',
    cluster_spec: clusterSpecOf(task),
    task: work(task),
  };
}

function taskView(task: TaskRun, url: string): Record<string, unknown> {
  return {
    ...task.spec,
    run_id: task.id,
    run_if: task.runIf,
    attempt_number: 0,
    run_page_url: pageUrl(task.run, task.id, url),
    ...standing(task),
    ...clusterInstance(task),
    start_time: task.startedAt ?? 0,
    end_time: task.endedAt ?? 0,
    ...durations(task),
    run_duration: task.endedAt === undefined || task.startedAt === undefined ? 0 : task.endedAt - task.startedAt,
  };
}

/** Milliseconds; 0 for what has not come to its end. */
function durations(task: TaskRun | undefined): Record<string, number> {
  const { startedAt = 0, executingAt, endedAt } = task ?? {};
  const setUpAt = executingAt ?? endedAt;
  return {
    setup_duration: setUpAt === undefined || startedAt === 0 ? 0 : setUpAt - startedAt,
    execution_duration: executingAt === undefined || endedAt === undefined ? 0 : endedAt - executingAt,
    cleanup_duration: 0,
  };
}

function standing({ state, ending, stopping }: Standing): Record<string, unknown> {
  const details = ending ?? stopping;
  return {
    state: {
      life_cycle_state: ending?.lifeCycle ?? state,
      ...(ending ? { result_state: ending.result } : {}),
      state_message: ending?.message ?? ON_THE_WAY[state],
      user_cancelled_or_timedout: details?.result === 'CANCELED' || details?.result === 'TIMEDOUT',
    },
    status: {
      state,
      ...(details ? { termination_details: { code: details.code, type: details.type, message: details.message } } : {}),
    },
  };
}

/** Empty on serverless compute. */
const clusterSpecOf = ({ spec: { existing_cluster_id, new_cluster } }: TaskRun): Record<string, unknown> =>
  new_cluster ? { new_cluster } : existing_cluster_id ? { existing_cluster_id } : {};

/** Of a cluster that the run brings along, as soon as it was asked for. */
const clusterInstance = ({ cluster, jobCluster, node }: TaskRun): Record<string, unknown> =>
  cluster && (jobCluster ?? node) !== undefined ? { cluster_instance: { cluster_id: cluster.id } } : {};

const work = ({ spec }: TaskRun): Record<string, unknown> =>
  spec.notebook_task ? { notebook_task: spec.notebook_task } : { spark_python_task: spec.spark_python_task };

const runAs = ({ runAs: { kind, userName } }: Run): Record<string, string> =>
  kind === 'user' ? { user_name: userName } : { service_principal_name: userName };

const pageUrl = (run: Run, id: number, url: string): string => `${url}#job/${run.jobId}/run/${id}`;
