import { checkedPath } from '../disk/tree-path.ts';
import type { TreePath } from '../disk/tree-path.ts';
import { invalidParameter } from '../http/errors.ts';

/**
 * A path in the workspace. `/Workspace/Users/x` and `/Users/x` are the same place; answers keep to the spelling that
 * was asked with.
 */
export interface WorkspacePath {
  /** Below the root, without `Workspace`. */
  readonly names: TreePath;
  /** As the client wrote it, for messages. */
  readonly given: string;
  /** `/Workspace` or nothing. */
  readonly prefix: string;
}

/**
 * Takes a path apart. Slashes in a row count as one, as on a real workspace.
 * @throws 400 for one that does not begin at the root, tries to climb, or holds what no name may hold.
 */
export function parseWorkspacePath(given: string): WorkspacePath {
  const shown = given.slice(0, 300);
  if (!given.startsWith('/')) throw invalidParameter(`Path (${shown}) doesn't start with '/'`);
  const names = given.split('/').filter((name) => name !== '');
  const isPrefixed = names[0] === 'Workspace';
  const below = isPrefixed ? names.slice(1) : names;
  try {
    // Two slashes in front of it hide the prefix in answers, as seen on a real workspace.
    return {
      names: checkedPath(below),
      given: shown,
      prefix: isPrefixed && !given.startsWith('//') ? '/Workspace' : '',
    };
  } catch {
    throw invalidParameter(
      `Path (${shown}) is not valid: names may not be '.' or '..', hold control characters or ` +
        'backslashes, or be longer than 255 bytes.',
    );
  }
}

/** The path as answers write it. */
export const writtenPath = (prefix: string, names: TreePath): string =>
  names.length === 0 ? prefix || '/' : `${prefix}/${names.join('/')}`;

/** What a path lies in; undefined for the root. */
export const parentOf = (names: TreePath): TreePath | undefined =>
  names.length === 0 ? undefined : names.slice(0, -1);
