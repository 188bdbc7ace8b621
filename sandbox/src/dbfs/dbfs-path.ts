import { checkedPath } from '../disk/tree-path.ts';
import type { TreePath } from '../disk/tree-path.ts';
import { invalidParameter } from '../http/errors.ts';

export interface DbfsPath {
  readonly names: TreePath;
  /** Without `dbfs:`. */
  readonly written: string;
}

/**
 * Takes `/tmp/x` or `dbfs:/tmp/x` apart. Slashes in a row count as one.
 * @throws 400 for a path that is not absolute, tries to climb, or belongs to volumes, which have an API of their own.
 */
export function parseDbfsPath(given: string): DbfsPath {
  const shown = given.slice(0, 300);
  const path = given.replace(/^dbfs:(?=\/)/, '');
  if (!path.startsWith('/')) throw invalidParameter(`Path must be absolute: ${shown}`);
  const names = path.split('/').filter((name) => name !== '');
  if (names[0] === 'Volumes')
    throw invalidParameter(`DBFS API does not support the path ${shown}: use the Files API for volumes.`);
  try {
    return { names: checkedPath(names), written: `/${names.join('/')}` };
  } catch {
    throw invalidParameter(`Invalid path: ${shown}`);
  }
}
