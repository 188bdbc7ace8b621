import { LARGEST_SOURCE } from '../disk/file-tree.ts';
import type { FileTree, TreeEntry } from '../disk/file-tree.ts';
import { TreeRefusal } from '../disk/tree-refusal.ts';
import { isTreeName } from '../disk/tree-path.ts';
import { invalidParameter } from '../http/errors.ts';
import type { Securable, Securables } from './securables.ts';

/** A path below a volume, taken apart. */
export interface VolumePath {
  /** Catalog, schema and volume in lower case, the rest as written. */
  readonly path: string;
  readonly volume: string;
  readonly isRoot: boolean;
}

/** How many files the books list. */
const MOST_IN_BOOKS = 10_000;

/**
 * Takes `/Volumes/catalog/schema/volume/…` apart; one slash at the end is as good as none.
 * @throws 400 for anything that is not such a path, or that tries to climb out of its volume.
 */
export function parseVolumePath(given: string): VolumePath {
  const parts = given.replace(/\/$/, '').split('/').slice(1);
  const [root, catalog, schema, volume, ...rest] = parts;
  if (!given.startsWith('/') || root !== 'Volumes')
    throw invalidParameter(`Invalid path: '${given.slice(0, 200)}' is not below /Volumes`);
  if (!parts.every(isTreeName)) throw invalidParameter(`Invalid path: '${given.slice(0, 200)}'`);
  if (!catalog || !schema || !volume)
    throw invalidParameter(
      `Invalid path: '${given.slice(0, 200)}' does not name a volume, like /Volumes/catalog/schema/volume`,
    );
  const top = [catalog, schema, volume].map((part) => part.toLowerCase());
  return { path: `/Volumes/${[...top, ...rest].join('/')}`, volume: top.join('.'), isRoot: rest.length === 0 };
}

/**
 * The files in the volumes. They lie on disk, where nodes see them as /Volumes and change them too (home.ts), so
 * nothing about them is remembered here. A volume's root exists as long as the volume does. What the file system
 * refuses comes as a TreeRefusal.
 */
export class VolumeFiles {
  readonly #securables: Securables;
  readonly #tree: FileTree;

  constructor(securables: Securables, tree: FileTree) {
    this.#securables = securables;
    this.#tree = tree;
  }

  volumeOf(at: VolumePath): Securable {
    return this.#securables.get('volume', at.volume);
  }

  /** Why this user or group may not read or write there, as a sentence; undefined when they may. */
  refusal(who: string, path: string, privilege: 'READ_VOLUME' | 'WRITE_VOLUME'): string | undefined {
    const volume = this.#securables.find('volume', parseVolumePath(path).volume);
    if (!volume) return `Volume '${parseVolumePath(path).volume}' does not exist.`;
    return this.#securables.missing(this.#securables.subjectsOf(who), volume, privilege);
  }

  /** A file, whole. What cannot be read is not there: whoever calls this acts by the clock, with nobody to tell. */
  read(path: string): Buffer | undefined {
    const at = parseVolumePath(path);
    try {
      const found = this.find(at);
      return found?.kind === 'file' && found.size <= LARGEST_SOURCE ? this.readPart(at) : undefined;
    } catch (error) {
      if (error instanceof TreeRefusal) return undefined;
      throw error;
    }
  }

  /** The bytes from `first` to `last`, both included, of what is a file. */
  readPart(at: VolumePath, part?: { readonly first: number; readonly last: number }): Buffer | undefined {
    return this.#exists(at) ? this.#tree.read(below(at), part) : undefined;
  }

  /** What is there: a file, a directory, or nothing. */
  find(at: VolumePath): TreeEntry | undefined {
    if (!this.#exists(at)) return undefined;
    return (
      this.#tree.stat(below(at)) ??
      (at.isRoot
        ? { name: at.path.split('/').at(-1) ?? '', kind: 'directory', size: 0, modifiedAt: this.volumeOf(at).createdAt }
        : undefined)
    );
  }

  isDirectory(at: VolumePath): boolean {
    return this.find(at)?.kind === 'directory';
  }

  /** Writes a file, and makes whatever is missing above it. @param now becomes its time, in epoch milliseconds. */
  write(at: VolumePath, bytes: Buffer, now: number): void {
    const names = below(at);
    this.#tree.makeDirectory(names.slice(0, -1), now);
    this.#tree.write(names, bytes, now);
  }

  removeFile(at: VolumePath, now: number): boolean {
    return this.find(at)?.kind !== 'directory' && this.#tree.remove(below(at), now);
  }

  /** Makes a directory and whatever is missing above it. */
  makeDirectory(at: VolumePath, now: number): void {
    this.#tree.makeDirectory(below(at), now);
  }

  /** An empty one. */
  removeDirectory(at: VolumePath, now: number): boolean {
    return this.#tree.remove(below(at), now);
  }

  /** What lies directly in a directory, by name. */
  list(at: VolumePath, window?: { readonly after?: string; readonly most?: number }): TreeEntry[] {
    return this.#tree.list(below(at), window) ?? [];
  }

  /** @param fullName of a volume that there now is. */
  addVolume(fullName: string, now: number): void {
    this.#tree.makeDirectory(fullName.split('.'), now);
  }

  /** What lies in a catalog, schema or volume that is called otherwise now. */
  renameFolder(from: string, to: string, now: number): void {
    if (this.#tree.stat(from.split('.'))) this.#tree.rename(from.split('.'), to.split('.'), now);
  }

  /** Everything in a volume or schema that goes. */
  removeFolder(fullName: string, now: number): void {
    this.#tree.remove(fullName.split('.'), now, { isRecursive: true });
  }

  /** The path of every file, for the books. */
  paths(): string[] {
    const volumes = [...this.#securables.ofType('volume')];
    return volumes
      .flatMap((volume) =>
        this.#tree.files(volume.fullName.split('.'), MOST_IN_BOOKS).map((path) => `/Volumes/${path.join('/')}`),
      )
      .sort();
  }

  #exists(at: VolumePath): boolean {
    return this.#securables.find('volume', at.volume) !== undefined;
  }
}

const below = (at: VolumePath): string[] => at.path.split('/').slice(2);
