import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { openChild, openDirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { removeDirectory } from './remove-directory.ts';
import { UPLOADING, checkedPath, isTreeName, splitPath } from './tree-path.ts';
import type { TreePath } from './tree-path.ts';
import { TreeRefusal, ifThere, onDisk } from './tree-refusal.ts';

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** In bytes; 0 for directories. */
  readonly size: number;
  /**
   * Epoch milliseconds: the sandbox's own time for what came in through an API, the machine's for what a node wrote.
   */
  readonly modifiedAt: number;
}

/** More than any API here takes or gives in one piece. */
const LARGEST_FILE = 512 * 1_048_576;
/** Of what is to be run: a node can make a file as large as it likes, but it becomes text in the sandbox. */
export const LARGEST_SOURCE = 16 * 1_048_576;
/** What lies directly in one directory, when it is listed. */
const LONGEST_LISTING = 100_000;

/**
 * Files and directories below one folder on disk. The folder is shared with nodes, and whoever is root there may put
 * anything into it, at any moment: links that lead out, pipes that block, devices. So every name is opened on its
 * own, no link is followed, and only plain files and directories count; a file that has a second name elsewhere is
 * none. What is written gets a new file, which then takes the name: nothing that lies there is written into.
 */
export class FileTree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Undefined when there is nothing, or nothing that counts. @throws {TreeRefusal} */
  stat(path: TreePath): TreeEntry | undefined {
    if (path.length === 0) return this.#within([], ({ fd }) => entryOf('', fstatSync(fd)));
    const { parent, name } = splitPath(path);
    return this.#within(parent, (directory) => look(directory, name));
  }

  /**
   * The content, or the part of it from `first` to `last`, both included; undefined when there is no such file.
   * @throws {TreeRefusal} also `too-large`.
   */
  read(path: TreePath, part?: { readonly first: number; readonly last: number }): Buffer | undefined {
    const { parent, name } = splitPath(path);
    return this.#within(parent, (directory) => {
      // A device must not even be opened.
      if (look(directory, name)?.kind !== 'file') return undefined;
      const fd = openSync(join(directory.path, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const found = entryOf(name, fstatSync(fd));
        if (found?.kind !== 'file') return undefined;
        const first = Math.min(part?.first ?? 0, found.size);
        const length = Math.max(Math.min(part?.last ?? found.size - 1, found.size - 1) - first + 1, 0);
        if (length > LARGEST_FILE) throw new TreeRefusal('too-large');
        return readAll(fd, first, length);
      } finally {
        closeSync(fd);
      }
    });
  }

  /**
   * What lies directly in a directory, by name in the order of code units; undefined when there is no such directory.
   * @param after only names that come later. @param most how many, at most.
   */
  list(
    path: TreePath,
    { after = '', most = LONGEST_LISTING }: { readonly after?: string; readonly most?: number } = {},
  ): TreeEntry[] | undefined {
    return this.#within(checkedPath(path), (directory) => {
      const entries: TreeEntry[] = [];
      const names = readdirSync(directory.path)
        .filter((name) => name > after && isTreeName(name))
        .sort();
      for (const name of names) {
        if (entries.length === most) break;
        const entry = look(directory, name);
        if (entry) entries.push(entry);
      }
      return entries;
    });
  }

  /**
   * Writes a file, whole or not at all, in place of what had the name. Its directory must be there.
   * @param at becomes its time, in epoch milliseconds. @throws {TreeRefusal} also `is-directory`.
   */
  write(
    path: TreePath,
    bytes: Buffer,
    at: number,
    { isExecutable = false }: { readonly isExecutable?: boolean } = {},
  ): void {
    const { parent, name } = splitPath(path);
    if (bytes.length > LARGEST_FILE) throw new TreeRefusal('too-large');
    this.#inside(parent, (directory) => {
      const target = join(directory.path, name);
      if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory()) throw new TreeRefusal('is-directory');
      const upload = join(directory.path, `${UPLOADING}${randomUUID()}`);
      const fd = openSync(
        upload,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
        0o600,
      );
      try {
        for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
        fchmodSync(fd, isExecutable ? 0o755 : 0o644);
        stamp(fd, at);
        renameSync(upload, target);
      } catch (error) {
        ifThere(() => unlinkSync(upload));
        throw error;
      } finally {
        closeSync(fd);
      }
      stamp(directory.fd, at);
    });
  }

  /**
   * Makes a directory and whatever is missing above it.
   * @throws {TreeRefusal} `not-directory` when a file is in the way.
   */
  makeDirectory(path: TreePath, at: number): void {
    checkedPath(path);
    for (let depth = 1; depth <= path.length; depth += 1) {
      const { parent, name } = splitPath(path.slice(0, depth));
      this.#inside(parent, (directory) => makeChild(directory, name, at));
    }
  }

  /**
   * Removes whatever has the name, a link itself and not what it leads to. False when there was nothing.
   * @throws {TreeRefusal} `not-empty` for a directory with something in it, unless everything is to go.
   */
  remove(path: TreePath, at: number, { isRecursive = false }: { readonly isRecursive?: boolean } = {}): boolean {
    const { parent, name } = splitPath(path);
    return (
      this.#within(parent, (directory) => {
        const target = join(directory.path, name);
        const found = lstatSync(target, { throwIfNoEntry: false });
        if (!found) return false;
        if (!found.isDirectory()) unlinkSync(target);
        else if (isRecursive) removeDirectory(directory, name);
        else rmdirSync(target);
        stamp(directory.fd, at);
        return true;
      }) ?? false
    );
  }

  /**
   * Gives something another name, also in another directory.
   * @throws {TreeRefusal} `exists` when the new name is taken, `missing`.
   */
  rename(from: TreePath, to: TreePath, at: number): void {
    const source = splitPath(from);
    const target = splitPath(to);
    this.#inside(source.parent, (here) => {
      if (!look(here, source.name)) throw new TreeRefusal('missing');
      this.#inside(target.parent, (there) => {
        const place = join(there.path, target.name);
        if (lstatSync(place, { throwIfNoEntry: false })) throw new TreeRefusal('exists');
        renameSync(join(here.path, source.name), place);
        stamp(there.fd, at);
      });
      stamp(here.fd, at);
    });
  }

  /** Every file below a directory, as paths from the root of the tree; no more than `most`. */
  files(path: TreePath, most: number): TreePath[] {
    const found: TreePath[] = [];
    const waiting: TreePath[] = [path];
    for (let next = waiting.pop(); next !== undefined && found.length < most; next = waiting.pop()) {
      for (const entry of ifThere(() => this.list(next)) ?? []) {
        if (entry.kind === 'file') found.push([...next, entry.name]);
        else if (waiting.length < most && isReachable([...next, entry.name])) waiting.push([...next, entry.name]);
      }
    }
    return found.slice(0, most);
  }

  /** With the directory open. @throws {TreeRefusal} */
  #inside<T>(path: TreePath, act: (directory: OpenDirectory) => T): T {
    return onDisk(() => {
      const directory = openDirectory(this.root, path);
      try {
        return act(directory);
      } finally {
        closeSync(directory.fd);
      }
    });
  }

  /** The same; undefined where there is no such directory. */
  #within<T>(path: TreePath, act: (directory: OpenDirectory) => T): T | undefined {
    return ifThere(() => this.#inside(path, act));
  }
}

const look = (directory: OpenDirectory, name: string): TreeEntry | undefined => {
  const stats = lstatSync(join(directory.path, name), { throwIfNoEntry: false });
  return stats && entryOf(name, stats);
};

function entryOf(name: string, stats: Stats): TreeEntry | undefined {
  const modifiedAt = Math.round(stats.mtimeMs);
  if (stats.isDirectory()) return { name, kind: 'directory', size: 0, modifiedAt };
  return stats.isFile() && stats.nlink === 1 ? { name, kind: 'file', size: stats.size, modifiedAt } : undefined;
}

function makeChild(directory: OpenDirectory, name: string, at: number): void {
  const path = join(directory.path, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new TreeRefusal('not-directory');
  mkdirSync(path);
  const made = openChild(directory, name);
  try {
    fchmodSync(made.fd, 0o755);
    stamp(made.fd, at);
  } finally {
    closeSync(made.fd);
  }
  stamp(directory.fd, at);
}

/** What a node's user owns, another user's sandbox cannot date; then the machine's own time stays. */
function stamp(fd: number, at: number): void {
  try {
    onDisk(() => futimesSync(fd, at / 1_000, at / 1_000));
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
  }
}

function isReachable(path: TreePath): boolean {
  try {
    return checkedPath(path) === path;
  } catch {
    return false;
  }
}

/** Shorter than asked when the file got shorter meanwhile. */
function readAll(fd: number, first: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, first + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}
