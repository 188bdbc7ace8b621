import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { openChild } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { TreeRefusal, ifThere } from './tree-refusal.ts';

/** Beyond it, somebody is adding while we remove. */
const MOST_STEPS = 2_000_000;

/**
 * Removes a directory with everything in it. What lies two levels down is first moved up to the top: so no tree is
 * too deep for the stack or for the descriptors a process may have, and never is a path longer than two names walked,
 * which could lead elsewhere.
 * @throws the file system's error, or {TreeRefusal} `not-empty` when it never gets empty.
 */
export function removeDirectory(parent: OpenDirectory, name: string): void {
  const top = openChild(parent, name);
  try {
    let steps = 0;
    for (let names = namesIn(top); names.length > 0; names = namesIn(top)) {
      for (const each of names) steps += removeEntry(top, each);
      if (steps > MOST_STEPS) throw new TreeRefusal('not-empty');
    }
  } finally {
    closeSync(top.fd);
  }
  rmdirSync(`${parent.path}/${name}`);
}

/** Answers how much work it was. */
function removeEntry(top: OpenDirectory, name: Buffer): number {
  const path = at(top.path, name);
  if (!isDirectory(path)) {
    ifThere(() => unlinkSync(path));
    return 1;
  }
  // Its name need not be text; a name of our own is.
  const known = `.sandbox-removal-${randomUUID()}`;
  renameSync(path, `${top.path}/${known}`);
  const child = openChild(top, known);
  const inside = namesIn(child);
  try {
    for (const inner of inside) {
      const from = at(child.path, inner);
      if (isDirectory(from)) renameSync(from, `${top.path}/.sandbox-removal-${randomUUID()}`);
      else ifThere(() => unlinkSync(from));
    }
  } finally {
    closeSync(child.fd);
  }
  rmdirSync(`${top.path}/${known}`);
  return 1 + inside.length;
}

const namesIn = (directory: OpenDirectory): Buffer[] => readdirSync(directory.path, { encoding: 'buffer' });

const at = (directory: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${directory}/`), name]);

const isDirectory = (path: Buffer): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
