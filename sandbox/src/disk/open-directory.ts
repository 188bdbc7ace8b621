import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { TreeRefusal } from './tree-refusal.ts';

/** A directory that is held open: it stays this one, whatever is put in its place meanwhile. */
export interface OpenDirectory {
  readonly fd: number;
  /** Names it for calls that take paths, as `${path}/${name}`. Good until it is closed. */
  readonly path: string;
}

/** Whether paths can start at a descriptor, as openat does. Node has no openat; Linux has it as a path. */
const STARTS_AT_DESCRIPTORS = existsSync('/proc/self/fd');
const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK;

/**
 * Opens a directory below a root, one name at a time and never through a symbolic link. Where paths cannot start at a
 * descriptor, each name is looked at first: enough against links that lie there, not against links put there at the
 * same moment. Only where nodes are simulated is there no such system.
 * @throws the file system's error, or {TreeRefusal} `not-directory`.
 */
export function openDirectory(root: string, names: readonly string[]): OpenDirectory {
  let here = named(openSync(root, FLAGS), root);
  for (const name of names) {
    try {
      const next = openChild(here, name);
      closeSync(here.fd);
      here = next;
    } catch (error) {
      closeSync(here.fd);
      throw error;
    }
  }
  return here;
}

/** One step down. The caller closes it. */
export function openChild(parent: OpenDirectory, name: string): OpenDirectory {
  const path = join(parent.path, name);
  if (!STARTS_AT_DESCRIPTORS && !lstatSync(path).isDirectory()) throw new TreeRefusal('not-directory');
  return named(openSync(path, FLAGS | constants.O_NOFOLLOW), path);
}

const named = (fd: number, path: string): OpenDirectory => ({
  fd,
  path: STARTS_AT_DESCRIPTORS ? `/proc/self/fd/${fd}` : path,
});
