import { join } from 'node:path';
import { LARGEST_SOURCE } from '../disk/file-tree.ts';
import type { FileTree, TreeEntry } from '../disk/file-tree.ts';
import { isTreeName } from '../disk/tree-path.ts';
import type { TreePath } from '../disk/tree-path.ts';
import { TreeRefusal } from '../disk/tree-refusal.ts';
import { notFound } from '../http/errors.ts';
import type { Permissions } from '../identity/permissions.ts';
import type { Principal, Principals } from '../identity/principals.ts';
import { sourceOfJupyter } from './notebook-source.ts';
import type { NotebookLanguage, ObjectRecord, ObjectRegister } from './object-register.ts';
import { parentOf } from './workspace-path.ts';

export interface WorkspaceObject {
  readonly names: TreePath;
  readonly id: number;
  readonly kind: ObjectRecord['kind'];
  /** In bytes. */
  readonly size: number;
  /** Epoch milliseconds, like `createdAt`. */
  readonly modifiedAt: number;
  readonly createdAt: number;
  /** Of notebooks. */
  readonly language: NotebookLanguage | undefined;
  readonly format: 'SOURCE' | 'JUPYTER' | undefined;
}

export type WorkspaceLevel = 'CAN_READ' | 'CAN_RUN' | 'CAN_EDIT' | 'CAN_MANAGE';

const KINDS = { directory: 'directories', file: 'files', notebook: 'notebooks' } as const;
/** They are there from the start and stay. */
const TOP: readonly string[] = ['Users', 'Shared', 'Repos'];
/** Everybody may see what lies there, as far as they may see it. */
const OPEN: ReadonlySet<string> = new Set(['', 'Users', 'Repos']);

interface Parts {
  readonly tree: FileTree;
  readonly register: ObjectRegister;
  readonly principals: Principals;
  readonly permissions: Permissions;
}

/**
 * The folders, files and notebooks of the workspace. They lie on disk, where nodes see them as /Workspace and change
 * them too; a notebook is a file with its source. Who may do what follows from the permissions of an object and of
 * the folders it lies in. What the file system refuses comes as a TreeRefusal.
 */
export class WorkspaceFiles {
  readonly #tree: FileTree;
  readonly #register: ObjectRegister;
  readonly #principals: Principals;
  readonly #permissions: Permissions;

  constructor({ tree, register, principals, permissions }: Parts, now: number) {
    this.#tree = tree;
    this.#register = register;
    this.#principals = principals;
    this.#permissions = permissions;
    for (const kind of ['directory', 'file', 'notebook'] as const) {
      permissions.register(KINDS[kind], {
        mustExist: (id) => {
          const record = this.#recordOf(id);
          if (record?.kind !== kind || this.find(namesOf(record)) === undefined)
            throw notFound(`Workspace ${kind} ${id} does not exist.`);
        },
        parentOf: (id) => this.#parentFolder(id, now),
        keeperOf: (id) => this.#keeper(id),
      });
    }
    for (const names of [[], ...TOP.map((name) => [name])]) {
      tree.makeDirectory(names, now);
      register.put(names, { kind: 'directory', createdAt: now });
    }
    const users = principals.group('users');
    const shared = register.at(['Shared']);
    if (users && shared) permissions.grantGroup(users, 'directories', String(shared.id), 'CAN_MANAGE');
  }

  /** What is at a path now. */
  find(names: TreePath): WorkspaceObject | undefined {
    this.#ensureHome(names);
    const entry = this.#tree.stat(names);
    if (entry) return this.#objectOf(names, entry);
    if (this.#register.at(names)) this.#forget(names);
    return undefined;
  }

  byId(id: string): WorkspaceObject | undefined {
    const record = this.#recordOf(id);
    return record && this.find(namesOf(record));
  }

  /** What lies directly in a directory, by name. */
  list(names: TreePath): WorkspaceObject[] {
    if (isUsers(names)) for (const principal of this.#principals.all()) this.#ensureHome(['Users', principal.userName]);
    return (this.#tree.list(names) ?? []).map((entry) => this.#objectOf([...names, entry.name], entry));
  }

  /** Whether somebody may. The way to the homes lies open to everybody. */
  allows(who: Principal, object: WorkspaceObject, level: WorkspaceLevel): boolean {
    return (
      (level === 'CAN_READ' && OPEN.has(object.names.join('/'))) ||
      this.#permissions.allows(who, KINDS[object.kind], String(object.id), level)
    );
  }

  /**
   * Whether it can be neither removed nor replaced: the folders that are there from the start, and everybody's home.
   */
  isProtected(names: TreePath): boolean {
    return (
      names.length === 0 || (names.length === 1 && TOP.includes(names[0] ?? '')) || this.#homeOwner(names) !== undefined
    );
  }

  /** The bytes on disk. */
  read(object: WorkspaceObject): Buffer | undefined {
    return this.#tree.read(object.names);
  }

  /**
   * A notebook as source, in the comments of its language; a file as it is.
   * @throws {TreeRefusal} also for more than anybody writes.
   */
  sourceOf(object: WorkspaceObject): string | undefined {
    if (object.size > LARGEST_SOURCE) throw new TreeRefusal('too-large');
    const bytes = this.read(object);
    return bytes && object.format === 'JUPYTER'
      ? sourceOfJupyter(bytes, object.language ?? 'PYTHON')
      : bytes?.toString();
  }

  /** @param now becomes its time, in epoch milliseconds. */
  writeFile(names: TreePath, bytes: Buffer, now: number, how?: { readonly isExecutable?: boolean }): void {
    this.#tree.write(names, bytes, now, how);
    this.#register.put(names, { kind: 'file', createdAt: now });
  }

  writeNotebook(
    names: TreePath,
    bytes: Buffer,
    about: { readonly language: NotebookLanguage; readonly format: 'SOURCE' | 'JUPYTER' },
    now: number,
  ): void {
    this.#tree.write(names, bytes, now);
    this.#register.put(names, { kind: 'notebook', createdAt: now, ...about });
  }

  /** Makes a directory and whatever is missing above it. */
  makeDirectory(names: TreePath, now: number): void {
    this.#tree.makeDirectory(names, now);
  }

  /** Removes an object and what was granted on it and on everything in it. */
  remove(names: TreePath, now: number, isRecursive: boolean): void {
    this.#tree.remove(names, now, { isRecursive });
    this.#forget(names);
  }

  /** The folder on disk that is somebody's home; undefined for who has none. Nodes show it under /Workspace/Users. */
  homeFolderOf(who: Principal): string | undefined {
    const names = ['Users', who.userName];
    return isTreeName(who.userName) && this.find(names)?.kind === 'directory'
      ? join(this.#tree.root, ...names)
      : undefined;
  }

  #objectOf(names: TreePath, entry: TreeEntry): WorkspaceObject {
    const known = this.#register.at(names);
    const isNotebook = entry.kind === 'file' && known?.kind === 'notebook';
    const record = isNotebook ? known : this.#register.put(names, { kind: entry.kind, createdAt: entry.modifiedAt });
    return {
      names,
      id: record.id,
      kind: record.kind,
      size: entry.size,
      modifiedAt: entry.modifiedAt,
      createdAt: record.createdAt,
      language: record.language,
      format: record.format,
    };
  }

  #forget(names: TreePath): void {
    for (const { kind, id } of this.#register.forget(names)) this.#permissions.forget(KINDS[kind], String(id));
  }

  #recordOf(id: string): ObjectRecord | undefined {
    return /^\d{1,16}$/.test(id) ? this.#register.byId(Number(id)) : undefined;
  }

  #parentFolder(id: string, now: number): { kind: 'directories'; id: string } | undefined {
    const record = this.#recordOf(id);
    const parent = record && parentOf(namesOf(record));
    return (
      parent && {
        kind: 'directories',
        id: String((this.#register.at(parent) ?? this.#register.put(parent, { kind: 'directory', createdAt: now })).id),
      }
    );
  }

  #keeper(id: string): Principal | undefined {
    const record = this.#recordOf(id);
    return record && this.#homeOwner(namesOf(record));
  }

  #homeOwner(names: TreePath): Principal | undefined {
    const [top, name, ...rest] = names;
    if (top !== 'Users' || name === undefined || rest.length > 0) return undefined;
    const principal = this.#principals.find(name);
    return principal?.userName === name ? principal : undefined;
  }

  /** A home is there as soon as somebody is, so it is made when first looked at. */
  #ensureHome(names: TreePath): void {
    const home = names.slice(0, 2);
    if (this.#homeOwner(home) && home.every(isTreeName) && !this.#tree.stat(home))
      this.#tree.makeDirectory(home, this.#register.at(['Users'])?.createdAt ?? 0);
  }
}

/** The root's path is empty. */
const namesOf = (record: ObjectRecord): TreePath => (record.path === '' ? [] : record.path.split('/'));

const isUsers = (names: TreePath): boolean => names.length === 1 && names[0] === 'Users';
