import { TreeRefusal } from './tree-refusal.ts';

/** A path below the root of a tree, as names; empty for the root itself. */
export type TreePath = readonly string[];

const LONGEST_NAME = 255;
const LONGEST_PATH = 4_000;
const DEEPEST = 100;

/** Names that files have while they are written. */
export const UPLOADING = '.sandbox-upload-';

/**
 * Whether a name may be asked for, and is shown. Backslashes separate names for some clients and not for others:
 * nobody gets them.
 */
export const isTreeName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !/[/\\\p{Cc}]/u.test(name) &&
  name.isWellFormed() &&
  Buffer.byteLength(name) <= LONGEST_NAME &&
  !name.startsWith(UPLOADING);

/** @throws {TreeRefusal} `invalid-path` for what tries to climb, cannot be stored, or is too long. */
export function checkedPath(path: TreePath): TreePath {
  const length = path.reduce((sum, name) => sum + name.length + 1, 0);
  if (path.length > DEEPEST || length > LONGEST_PATH || !path.every(isTreeName)) throw new TreeRefusal('invalid-path');
  return path;
}

/** What a path lies in, and its name there. @throws {TreeRefusal} for the root, which lies in nothing. */
export function splitPath(path: TreePath): { readonly parent: TreePath; readonly name: string } {
  const name = checkedPath(path).at(-1);
  if (name === undefined) throw new TreeRefusal('invalid-path');
  return { parent: path.slice(0, -1), name };
}
