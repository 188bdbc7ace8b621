import type { Principal } from '../identity/principals.ts';
import { ApiError } from '../http/errors.ts';
import { pythonOfNotebook } from './notebook-source.ts';
import type { PythonTask, Task } from '../nodes/nodes.ts';
import type { TaskRun } from './run-model.ts';
import type { Workspace } from '../workspace.ts';

/** What a node is to do, or why the run-as identity cannot get at it. */
export type FoundWork = { readonly task: Task } | { readonly refusal: string };

/** The notebook that `databricks ssh` submits runs the uploaded CLI and nothing else (facts/ssh-and-claude.md, steps 8 and 9). */
export const isSshServer = ({ spec }: TaskRun): boolean => spec.task_key === 'start_ssh_server' && (spec.notebook_task?.notebook_path ?? '').endsWith('/ssh-server-bootstrap');

/** Reads the task's source from the disk with the rights of its run-as identity. What it answers may be another thing tomorrow. */
export function findWork(workspace: Workspace, taskRun: TaskRun): FoundWork {
  const { spec, run, widgets } = taskRun;
  if (isSshServer(taskRun)) return { task: { kind: 'ssh-server', parameters: widgets } };
  const isNotebook = spec.notebook_task !== undefined;
  const path = spec.notebook_task?.notebook_path ?? spec.spark_python_task?.python_file ?? '';
  const source = sourceAt(workspace, path.replace(/^dbfs:(?=\/Volumes\/)/, ''), run.runAs);
  if (source === undefined) {
    const what = isNotebook ? 'notebook' : 'Python file';
    return { refusal: `Unable to access the ${what} "${path}". Either it does not exist, or the identity used to run this job, ${run.runAs.userName}, lacks the required permissions.` };
  }
  const task: PythonTask = { kind: 'python', name: path, source: isNotebook ? pythonOfNotebook(source) : source, arguments: taskRun.arguments, widgets };
  return { task };
}

function sourceAt(workspace: Workspace, path: string, as: Principal): string | undefined {
  try {
    if (path.startsWith('/Volumes/')) {
      return workspace.volumeFiles.refusal(as.userName, path, 'READ_VOLUME') === undefined ? workspace.volumeFiles.read(path)?.bytes.toString() : undefined;
    }
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
