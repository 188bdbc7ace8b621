import { TreeRefusal } from '../../disk/tree-refusal.ts';
import type { TreePath } from '../../disk/tree-path.ts';
import type { WorkspaceFiles } from '../../workspace-files/workspace-files.ts';
import { parseWorkspacePath } from '../../workspace-files/workspace-path.ts';
import { DeploymentFailed } from './deployment-failed.ts';

/** A node can fill a folder without end. */
const MOST_FILES = 10_000;
const MOST_BYTES = 256 * 1_048_576;

/** Where files lie. */
interface Files {
  list(path: TreePath): readonly { readonly name: string; readonly kind: string }[] | undefined;
  read(path: TreePath): Buffer | undefined;
}

/** The code in a folder of the workspace as it is now: path → content. @throws {DeploymentFailed} */
export function sourceFiles(workspaceFiles: WorkspaceFiles, path: string): ReadonlyMap<string, Buffer> {
  const { names, given } = parseWorkspacePath(path);
  const files: Files = {
    list: (folder) => workspaceFiles.list(folder).map((one) => ({ name: one.names.at(-1) ?? '', kind: one.kind })),
    read(file) {
      const found = workspaceFiles.find(file);
      return found && workspaceFiles.read(found);
    },
  };
  try {
    return filesBelow(files, names);
  } catch (error) {
    if (error instanceof TreeRefusal) throw new DeploymentFailed(`Source code path ${given} could not be read.`);
    throw error;
  }
}

/** Every file below a folder: path from there → content. @throws {DeploymentFailed} when it is too much. */
export function filesBelow(files: Files, folder: TreePath): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const waiting = [folder];
  let bytes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, kind } of files.list(next) ?? []) {
      const path = [...next, name];
      if (kind === 'directory') waiting.push(path);
      const content = kind === 'directory' ? undefined : files.read(path);
      if (content) found.set(path.slice(folder.length).join('/'), content);
      bytes += content?.length ?? 0;
      if (found.size + waiting.length > MOST_FILES || bytes > MOST_BYTES)
        throw new DeploymentFailed(
          `The source code is more than the sandbox takes: ${MOST_FILES} files and folders, or ` +
            `${MOST_BYTES / 1_048_576} MB.`,
        );
    }
  }
  return found;
}
