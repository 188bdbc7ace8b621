import { TreeRefusal } from '../disk/tree-refusal.ts';
import type { TreePath } from '../disk/tree-path.ts';
import type { Principal } from '../identity/principals.ts';
import type { WorkspaceFiles } from '../workspace-files/workspace-files.ts';
import { parseWorkspacePath } from '../workspace-files/workspace-path.ts';

/** Of one file; a larger one fails the deployment (docs/facts/apps.md section 2). */
const LARGEST_FILE = 10_485_760;
/** A node can fill a folder without end. */
const MOST_FOLDERS = 1_000;

/**
 * Why the code in a folder of the workspace cannot be deployed; undefined when it can.
 * @param who must be able to read it; anybody without it. @throws 400 for what is no path.
 */
export function sourceFailure(
  workspaceFiles: WorkspaceFiles,
  path: string,
  who: Principal | undefined,
): string | undefined {
  const { names, given } = parseWorkspacePath(path);
  try {
    const folder = workspaceFiles.find(names);
    if (folder?.kind !== 'directory' || (who && !workspaceFiles.allows(who, folder, 'CAN_READ')))
      return `Source code path ${given} does not exist.`;
    const large = tooLarge(workspaceFiles, names);
    return large && `Error downloading source code: ${large}. File is larger than ${LARGEST_FILE} bytes`;
  } catch (error) {
    if (error instanceof TreeRefusal) return `Source code path ${given} could not be read.`;
    throw error;
  }
}

/** The path of a file that is, below a folder. */
function tooLarge(workspaceFiles: WorkspaceFiles, folder: TreePath): string | undefined {
  const waiting = [folder];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined && seen < MOST_FOLDERS; next = waiting.pop()) {
    seen += 1;
    for (const { kind, names, size } of workspaceFiles.list(next)) {
      if (kind === 'directory') waiting.push(names);
      else if (size > LARGEST_FILE) return names.slice(folder.length).join('/');
    }
  }
  return undefined;
}
