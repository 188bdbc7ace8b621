import type { Principal } from '../identity/principals.ts';
import { ApiError } from '../http/errors.ts';
import type { Task } from '../nodes/nodes.ts';
import type { TaskRun } from './run-model.ts';
import { TreeRefusal } from '../disk/tree-refusal.ts';
import { parseWorkspacePath } from '../workspace-files/workspace-path.ts';
import type { SourceParts } from './run-world.ts';

/**
 * The notebook that `databricks ssh` submits runs the uploaded CLI and nothing else
 * (docs/facts/ssh-and-claude.md section 2.8 and 9).
 */
export const isSshServer = ({ spec }: TaskRun): boolean =>
  spec.task_key === 'start_ssh_server' && (spec.notebook_task?.notebook_path ?? '').endsWith('/ssh-server-bootstrap');

/**
 * Why the run-as identity cannot get at the task's source (docs/facts/databricks.md section 4), or a node do nothing
 * with it; undefined when all is well.
 */
export function refusalOf(workspace: SourceParts, task: TaskRun): string | undefined {
  if (sourceOf(workspace, task) !== undefined) return languageRefusal(workspace, task);
  const what = task.spec.notebook_task ? 'notebook' : 'Python file';
  return (
    `Unable to access the ${what} "${pathOf(task)}". Either it does not exist, or the identity used to ` +
    `run this job, ${task.run.runAs.userName}, lacks the required permissions.`
  );
}

/** What a node is to do. */
export function workOf(workspace: SourceParts, task: TaskRun): Task {
  if (isSshServer(task)) return { kind: 'ssh-server', parameters: task.widgets };
  return {
    kind: 'python',
    name: pathOf(task),
    source: sourceOf(workspace, task) ?? '',
    arguments: task.arguments,
    widgets: task.widgets,
  };
}

const pathOf = ({ spec }: TaskRun): string =>
  spec.notebook_task?.notebook_path ?? spec.spark_python_task?.python_file ?? '';

/** From the disk, with the rights of the run-as identity. */
function sourceOf(workspace: SourceParts, task: TaskRun): string | undefined {
  const path = pathOf(task).replace(/^dbfs:(?=\/)/, '');
  try {
    return path.startsWith('/Volumes/')
      ? sourceInVolume(workspace, path, task.run.runAs)
      : sourceInWorkspace(workspace, path, task);
  } catch (error) {
    if (error instanceof ApiError || error instanceof TreeRefusal) return undefined;
    throw error;
  }
}

function sourceInVolume({ volumeFiles }: SourceParts, path: string, as: Principal): string | undefined {
  return volumeFiles.refusal(as.userName, path, 'READ_VOLUME') === undefined
    ? volumeFiles.read(path)?.toString()
    : undefined;
}

/** A notebook takes the right to run it, a file the right to read it. */
function sourceInWorkspace({ workspaceFiles }: SourceParts, path: string, { spec, run }: TaskRun): string | undefined {
  const found = workspaceFiles.find(parseWorkspacePath(path).names);
  const isNotebook = spec.notebook_task !== undefined;
  if (!found || found.kind !== (isNotebook ? 'notebook' : 'file')) return undefined;
  return workspaceFiles.allows(run.runAs, found, isNotebook ? 'CAN_RUN' : 'CAN_READ')
    ? workspaceFiles.sourceOf(found)
    : undefined;
}

function languageRefusal({ workspaceFiles }: SourceParts, task: TaskRun): string | undefined {
  const { language = 'PYTHON' } =
    (task.spec.notebook_task && workspaceFiles.find(parseWorkspacePath(pathOf(task)).names)) ?? {};
  return language === 'PYTHON'
    ? undefined
    : `The notebook "${pathOf(task)}" is in ${language}. The sandbox runs notebooks in PYTHON: there ` +
        'is no Spark on its nodes.';
}
