import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Takes a node's root, if there is one, out of the way of a new one, and answers where it lies now. A machine that
 * still runs on it does not notice.
 */
export function setAside(root: string): string {
  const aside = join(dirname(root), `gone-${randomUUID()}`);
  try {
    renameSync(root, aside);
    return aside;
  } catch {
    return root;
  }
}

/**
 * Removes what is left of a node. In a process of its own: whoever was root there may have left millions of files, or
 * folders in one another by the ten thousand. What cannot be removed stays until the next start of the sandbox.
 */
export const removeRoot = (root: string): Promise<void> =>
  new Promise((resolve) => void execFile('rm', ['-rf', '--', root], () => resolve()));
