import type { Chance } from '../chance.ts';
import { ApiError, notFound, permissionDenied } from '../http/errors.ts';
import type { Principals } from '../identity/principals.ts';

export type SecurableType = 'catalog' | 'schema' | 'volume';

/** What can be granted on each kind; a privilege on a parent reaches everything below it. */
const VOLUME = ['READ_VOLUME', 'WRITE_VOLUME', 'APPLY_TAG', 'MANAGE', 'ALL_PRIVILEGES'];
const SCHEMA = [...VOLUME, 'USE_SCHEMA', 'CREATE_VOLUME', 'CREATE_TABLE', 'CREATE_FUNCTION', 'CREATE_MODEL', 'SELECT', 'MODIFY', 'EXECUTE', 'REFRESH', 'EXTERNAL_USE_SCHEMA'];
const CATALOG = [...SCHEMA, 'USE_CATALOG', 'CREATE_SCHEMA', 'BROWSE'];
const PRIVILEGES: Readonly<Record<SecurableType, ReadonlySet<string>>> = { catalog: new Set(CATALOG), schema: new Set(SCHEMA), volume: new Set(VOLUME) };

/** A group of the account, which every user is in. */
const ACCOUNT_USERS = 'account users';

/** A catalog, schema or volume. Names are lower case, as Unity Catalog keeps them. */
export interface Securable {
  readonly type: SecurableType;
  readonly id: string;
  readonly name: string;
  readonly fullName: string;
  readonly parent: Securable | undefined;
  readonly owner: string;
  readonly comment: string | undefined;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Principal as it was first written, to privileges. Keys are lower case. */
  readonly grants: Map<string, { readonly principal: string; readonly privileges: Set<string> }>;
}

/** The names that grants may reach somebody under: their own and their groups'. */
export type Subjects = ReadonlySet<string>;

/** The catalogs, schemas and volumes of the metastore, and who may do what with them (facts/databricks.md section 6). */
export class Securables {
  readonly #principals: Principals;
  readonly #all: Readonly<Record<SecurableType, Map<string, Securable>>> = { catalog: new Map(), schema: new Map(), volume: new Map() };

  readonly #chance: Chance;

  constructor(principals: Principals, chance: Chance) {
    this.#principals = principals;
    this.#chance = chance;
  }

  ofType(type: SecurableType): Iterable<Securable> {
    return this.#all[type].values();
  }

  find(type: SecurableType, fullName: string): Securable | undefined {
    return this.#all[type].get(fullName.toLowerCase());
  }

  /** @throws 404 with the code that Unity Catalog has for this kind. */
  get(type: SecurableType, fullName: string): Securable {
    const found = this.find(type, fullName);
    if (found) return found;
    const parts = fullName.split('.');
    if (type !== 'catalog' && parts.length > 1) this.get(type === 'volume' ? 'schema' : 'catalog', parts.slice(0, -1).join('.'));
    throw notFound(`${title(type)} '${fullName}' does not exist.`, `${type.toUpperCase()}_DOES_NOT_EXIST`);
  }

  create(type: SecurableType, name: string, parent: Securable | undefined, by: string, at: number, comment?: string): Securable {
    const fullName = [...(parent ? [parent.fullName] : []), name.toLowerCase()].join('.');
    if (this.#all[type].has(fullName)) {
      throw new ApiError({ status: 409, errorCode: `${type.toUpperCase()}_ALREADY_EXISTS`, message: `${title(type)} '${fullName}' already exists` });
    }
    const made: Securable = { type, id: this.#chance.uuid(), name: name.toLowerCase(), fullName, parent, owner: by, comment, createdAt: at, createdBy: by, grants: new Map() };
    this.#all[type].set(fullName, made);
    return made;
  }

  remove(securable: Securable): void {
    this.#all[securable.type].delete(securable.fullName);
  }

  hasChildren(securable: Securable): boolean {
    return (['schema', 'volume'] as const).some((type) => [...this.#all[type].values()].some((child) => child.parent === securable));
  }

  /** The names under which grants reach this user or group. Admins of the workspace count as owners of everything. */
  subjectsOf(name: string): Subjects {
    const principal = this.#principals.find(name);
    if (!principal) return new Set([name.toLowerCase()]);
    return new Set([principal.userName.toLowerCase(), ACCOUNT_USERS, ...this.#principals.groupsOf(principal).map((group) => group.displayName.toLowerCase())]);
  }

  /** Whether the privilege is held here or above: by grant, by ownership, or as an admin. */
  holds(subjects: Subjects, securable: Securable, privilege: string): boolean {
    if (subjects.has('admins')) return true;
    for (let level: Securable | undefined = securable; level; level = level.parent) {
      if (subjects.has(level.owner.toLowerCase())) return true;
      for (const subject of subjects) {
        const held = level.grants.get(subject)?.privileges;
        if (held && (held.has(privilege) || held.has('ALL_PRIVILEGES'))) return true;
      }
    }
    return false;
  }

  /** Owner of it or of what it lies in, MANAGE, or an admin. */
  mayManage(subjects: Subjects, securable: Securable): boolean {
    return this.holds(subjects, securable, 'MANAGE');
  }

  /** The first of `USE CATALOG`, `USE SCHEMA` and the privilege itself that is missing, as a sentence; undefined when none is. */
  missing(subjects: Subjects, securable: Securable, privilege: string): string | undefined {
    const way: [Securable, string][] = [[securable, privilege]];
    for (let level = securable.parent; level; level = level.parent) way.unshift([level, level.type === 'catalog' ? 'USE_CATALOG' : 'USE_SCHEMA']);
    const lacking = way.find(([level, wanted]) => !this.holds(subjects, level, wanted));
    return lacking ? `User does not have ${lacking[1].replace('_', ' ')} on ${title(lacking[0].type)} '${lacking[0].fullName}'.` : undefined;
  }

  /** @throws 403 PERMISSION_DENIED naming what is missing. */
  require(name: string, securable: Securable, privilege: string): void {
    const lacking = this.missing(this.subjectsOf(name), securable, privilege);
    if (lacking !== undefined) throw permissionDenied(lacking);
  }

  /** Somebody, or a group, that is no longer there: what was granted to them is gone. */
  forgetGrantee(name: string): void {
    for (const securable of this.#everything()) securable.grants.delete(name.toLowerCase());
  }

  /** A group that is called otherwise now keeps what was granted to it. */
  renameGrantee(from: string, to: string): void {
    for (const { grants } of this.#everything()) {
      const held = grants.get(from.toLowerCase());
      if (!held) continue;
      grants.delete(from.toLowerCase());
      grants.set(to.toLowerCase(), { ...held, principal: to });
    }
  }

  *#everything(): Iterable<Securable> {
    for (const known of Object.values(this.#all)) yield* known.values();
  }

  /** Whether a privilege can be granted on this kind of securable. */
  isGrantable(type: SecurableType, privilege: string): boolean {
    return PRIVILEGES[type].has(privilege);
  }

  /** The name of a principal as the workspace writes it; undefined when nobody is called that. */
  principalName(name: string): string | undefined {
    if (name.toLowerCase() === ACCOUNT_USERS) return ACCOUNT_USERS;
    return this.#principals.find(name)?.userName ?? this.#principals.group(name)?.displayName;
  }
}

/** `Volume`, as messages write it. */
export const title = (type: SecurableType): string => `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
