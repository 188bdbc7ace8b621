import { z } from 'zod';
import { clusterSpec } from '../clusters/cluster-spec.ts';
import { invalidParameter } from '../http/errors.ts';
import { text } from '../http/request-body.ts';

export const MOST_TASKS = 100;

const parameters = z.record(text, text);
const source = z.enum(['WORKSPACE', 'GIT']).default('WORKSPACE');
const seconds = z.int().min(0).max(10_000_000).default(0);

const notebookTask = z.looseObject({ notebook_path: text.min(1), base_parameters: parameters.optional(), source });
const sparkPythonTask = z.looseObject({ python_file: text.min(1), parameters: z.array(text).optional(), source });

/** What a task does, and on what: a task of runs/submit and of a job, and the single-task form of runs/submit. */
export const taskWork = z.looseObject({
  existing_cluster_id: text.optional(),
  new_cluster: clusterSpec.optional(),
  environment_key: text.optional(),
  notebook_task: notebookTask.optional(),
  spark_python_task: sparkPythonTask.optional(),
  timeout_seconds: seconds,
});

export const taskSpec = taskWork.extend({
  task_key: text.regex(/^[\w-]{1,100}$/, 'must be 1 to 100 letters, digits, hyphens and underscores'),
  depends_on: z
    .array(z.looseObject({ task_key: text }))
    .max(MOST_TASKS)
    .optional(),
  run_if: z
    .enum(['ALL_SUCCESS', 'AT_LEAST_ONE_SUCCESS', 'NONE_FAILED', 'ALL_DONE', 'AT_LEAST_ONE_FAILED', 'ALL_FAILED'])
    .optional(),
});

export type TaskSpec = z.output<typeof taskSpec>;
export type RunIf = NonNullable<TaskSpec['run_if']>;

/** What Python files on serverless compute run in; the sandbox only looks at the names. */
export const taskEnvironments = z
  .array(z.looseObject({ environment_key: text.min(1) }))
  .max(MOST_TASKS)
  .default([]);

/** Ways to name compute that the sandbox does not have. */
const OTHER_COMPUTE = ['job_cluster_key', 'compute'] as const;

/**
 * Makes sure that the sandbox can carry out every one of these tasks.
 * @param environments the keys of those that the run brings along.
 * @throws 400 in words for what it cannot, and for tasks that do not fit together.
 */
export function mustBeRunnable(tasks: readonly TaskSpec[], environments: readonly string[]): void {
  if (tasks.length === 0) throw invalidParameter('Missing required field: tasks');
  if (tasks.length > MOST_TASKS)
    throw invalidParameter(`The number of tasks must not exceed ${MOST_TASKS}, got ${tasks.length}.`);
  const keys = new Set<string>();
  for (const { task_key } of tasks) {
    if (keys.has(task_key))
      throw invalidParameter(`Duplicate task key '${task_key}'. Task keys must be unique within a job.`);
    keys.add(task_key);
  }
  checkDependencies(tasks, keys);
  for (const task of tasks) {
    mustHaveWork(task);
    mustHaveCompute(task, environments);
  }
}

function mustHaveWork(task: TaskSpec): void {
  const given = Object.keys(task).filter((field) => field.endsWith('_task') && task[field] !== undefined);
  const [kind] = given;
  if (kind === undefined)
    throw invalidParameter(
      `Task ${task.task_key} has no work: one of notebook_task and spark_python_task must be specified.`,
    );
  if (given.length > 1)
    throw invalidParameter(`Task ${task.task_key} must specify exactly one kind of work, got ${given.join(', ')}.`);
  if (kind !== 'notebook_task' && kind !== 'spark_python_task') {
    throw invalidParameter(
      `Task ${task.task_key} is a ${kind}. The sandbox carries out notebook_task and ` +
        'spark_python_task; try the others on a real workspace.',
    );
  }
  if ((task.notebook_task ?? task.spark_python_task)?.source === 'GIT') {
    throw invalidParameter(
      `Task ${task.task_key} takes its source from Git. The sandbox reads workspace files and ` +
        'volumes; leave source away.',
    );
  }
}

/** A notebook that names no compute runs serverless; a Python file there needs an environment. */
function mustHaveCompute(task: TaskSpec, environments: readonly string[]): void {
  const { task_key, existing_cluster_id, new_cluster, environment_key } = task;
  const compute = OTHER_COMPUTE.find((field) => task[field] !== undefined);
  if (compute !== undefined) {
    throw invalidParameter(
      `Task ${task_key} asks for ${compute}. The sandbox runs tasks on existing_cluster_id, on a new_cluster ` +
        'of their own, and serverless.',
    );
  }
  if (existing_cluster_id && new_cluster)
    throw invalidParameter(`Task ${task_key} must specify one of existing_cluster_id and new_cluster, got both.`);
  if (environment_key && !environments.includes(environment_key))
    throw invalidParameter(
      `Task ${task_key} names the environment '${environment_key}', which is not in environments.`,
    );
  if (!existing_cluster_id && !new_cluster && !environment_key && !task.notebook_task)
    throw invalidParameter(
      `Task ${task_key} does not say where it runs: one of existing_cluster_id, new_cluster and, for serverless ` +
        'compute, environment_key must be specified.',
    );
}

function checkDependencies(tasks: readonly TaskSpec[], keys: ReadonlySet<string>): void {
  const left = new Map(
    tasks.map(({ task_key, depends_on = [] }) => [task_key, depends_on.map((dependency) => dependency.task_key)]),
  );
  for (const [key, dependencies] of left) {
    const missing = dependencies.find((dependency) => !keys.has(dependency));
    if (missing !== undefined) throw invalidParameter(`Task ${key} depends on task ${missing}, which does not exist.`);
  }
  for (let ended = -1; ended !== left.size;) {
    ended = left.size;
    for (const [key, dependencies] of left)
      if (dependencies.every((dependency) => !left.has(dependency))) left.delete(key);
  }
  if (left.size > 0)
    throw invalidParameter(`The tasks ${[...left.keys()].join(', ')} depend on each other in a circle.`);
}
