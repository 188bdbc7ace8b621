import { z } from 'zod';
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

/** A task that the sandbox can carry out. */
export type RunnableTask = TaskSpec & { readonly existing_cluster_id: string };

/** Other ways to name compute, which need clusters that a run brings along. */
const OTHER_COMPUTE = ['new_cluster', 'job_cluster_key', 'environment_key', 'compute'] as const;

/**
 * The tasks, when the sandbox can carry out every one of them.
 * @throws 400 in words for what it cannot, and for tasks that do not fit together.
 */
export function runnableTasks(tasks: readonly TaskSpec[]): RunnableTask[] {
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
  return tasks.map(runnable);
}

function runnable(task: TaskSpec): RunnableTask {
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
  const compute = OTHER_COMPUTE.find((field) => task[field] !== undefined);
  if (compute !== undefined) {
    throw invalidParameter(
      `Task ${task.task_key} asks for ${compute}. The sandbox runs tasks on clusters that exist: ` +
        'create one with clusters/create and give existing_cluster_id.',
    );
  }
  const { existing_cluster_id } = task;
  if (!existing_cluster_id)
    throw invalidParameter(`Task ${task.task_key} does not say where it runs: existing_cluster_id must be specified.`);
  return { ...task, existing_cluster_id };
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
