import { invalidParameter } from '../http/errors.ts';
import type { Securable, Securables } from './securables.ts';

export interface StoredFile {
  readonly bytes: Buffer;
  readonly modifiedAt: number;
}

/** A path below a volume, taken apart. */
export interface VolumePath {
  /** Catalog, schema and volume in lower case, the rest as written. */
  readonly path: string;
  readonly volume: string;
  readonly isRoot: boolean;
}

export interface DirectoryEntry {
  readonly path: string;
  readonly name: string;
  readonly file: StoredFile | undefined;
  readonly modifiedAt: number;
}

/**
 * Takes `/Volumes/catalog/schema/volume/…` apart.
 * @throws 400 for anything that is not such a path, or that tries to climb out of its volume.
 */
export function parseVolumePath(given: string): VolumePath {
  const parts = given.replace(/\/$/, '').split('/').slice(1);
  const [root, catalog, schema, volume, ...rest] = parts;
  if (!given.startsWith('/') || root !== 'Volumes') throw invalidParameter(`Invalid path: '${given.slice(0, 200)}' is not below /Volumes`);
  if (parts.some((part) => part === '' || part === '.' || part === '..') || /[\0\\]/.test(given)) throw invalidParameter(`Invalid path: '${given.slice(0, 200)}'`);
  if (!catalog || !schema || !volume) throw invalidParameter(`Invalid path: '${given.slice(0, 200)}' does not name a volume, like /Volumes/catalog/schema/volume`);
  const top = [catalog, schema, volume].map((part) => part.toLowerCase());
  return { path: `/Volumes/${[...top, ...rest].join('/')}`, volume: top.join('.'), isRoot: rest.length === 0 };
}

/** The files in the volumes, in memory. A volume's root exists as long as the volume does. */
export class VolumeFiles {
  readonly #securables: Securables;
  readonly #files = new Map<string, StoredFile>();
  readonly #directories = new Map<string, number>();

  constructor(securables: Securables) {
    this.#securables = securables;
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

  read(path: string): StoredFile | undefined {
    return this.#files.get(parseVolumePath(path).path);
  }

  isDirectory(at: VolumePath): boolean {
    return at.isRoot ? this.#securables.find('volume', at.volume) !== undefined : this.#directories.has(at.path);
  }

  parentExists(at: VolumePath): boolean {
    return !at.isRoot && this.isDirectory(parseVolumePath(at.path.slice(0, at.path.lastIndexOf('/'))));
  }

  write(at: VolumePath, bytes: Buffer, now: number): void {
    this.#files.set(at.path, { bytes, modifiedAt: now });
  }

  removeFile(at: VolumePath): boolean {
    return this.#files.delete(at.path);
  }

  /** Makes a directory and whatever is missing above it. */
  makeDirectory(at: VolumePath, now: number): void {
    const parts = at.path.split('/');
    for (let length = 6; length <= parts.length; length += 1) {
      const path = parts.slice(0, length).join('/');
      if (!this.#directories.has(path)) this.#directories.set(path, now);
    }
  }

  removeDirectory(at: VolumePath): void {
    this.#directories.delete(at.path);
  }

  /** Everything in a volume, when the volume goes. */
  removeVolume(fullName: string): void {
    const prefix = `/Volumes/${fullName.replaceAll('.', '/')}/`;
    for (const path of this.#files.keys()) if (path.startsWith(prefix)) this.#files.delete(path);
    for (const path of this.#directories.keys()) if (path.startsWith(prefix)) this.#directories.delete(path);
  }

  /** What lies directly in a directory, by name. */
  list(at: VolumePath): DirectoryEntry[] {
    const prefix = `${at.path}/`;
    const isChild = (path: string): boolean => path.startsWith(prefix) && !path.slice(prefix.length).includes('/');
    const entries: DirectoryEntry[] = [];
    for (const [path, file] of this.#files) if (isChild(path)) entries.push({ path, name: path.slice(prefix.length), file, modifiedAt: file.modifiedAt });
    for (const [path, madeAt] of this.#directories) if (isChild(path)) entries.push({ path, name: path.slice(prefix.length), file: undefined, modifiedAt: madeAt });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Every path, for the books. */
  paths(): string[] {
    return [...this.#files.keys()].sort();
  }
}
