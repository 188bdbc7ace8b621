import { randomUUID } from 'node:crypto';
import { ApiError, notFound, permissionDenied } from '../http/errors.ts';
import type { Principals } from '../identity/principals.ts';
import type { Kept } from '../state/kept.ts';
import { METASTORE_ID } from './metastore-id.ts';
import { ALL_BUT } from './privileges.ts';
import type { SecurableType } from './privileges.ts';

export type { SecurableType } from './privileges.ts';

/** A group of the account, which every user is in. */
const ACCOUNT_USERS = 'account users';

/** What may be said about a securable when it is made. */
export interface SecurableDetails {
  readonly comment?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly storageRoot?: string | undefined;
}

/** A metastore, catalog, schema or volume. Names are lower case, as Unity Catalog keeps them. */
export interface Securable {
  readonly type: SecurableType;
  readonly id: string;
  /** Changed by {@link Securables} only, as `fullName` is. */
  name: string;
  fullName: string;
  /** None above a catalog: what is granted on the metastore does not reach below it. */
  readonly parent: Securable | undefined;
  owner: string;
  comment: string | undefined;
  properties: Readonly<Record<string, string>> | undefined;
  options: Readonly<Record<string, string>> | undefined;
  isolationMode: 'OPEN' | 'ISOLATED';
  readonly storageRoot: string | undefined;
  readonly createdAt: number;
  readonly createdBy: string;
  updatedAt: number;
  updatedBy: string;
  /** Principal as it was first written, to privileges. Keys are lower case. */
  readonly grants: Map<string, { readonly principal: string; readonly privileges: Set<string> }>;
}

/** The names that grants may reach somebody under: their own and their groups'. */
export type Subjects = ReadonlySet<string>;

/** Every securable of each type, by its full name. */
type SecurablesState = Readonly<Record<SecurableType, Map<string, Securable>>>;

/**
 * The metastore with its catalogs, schemas and volumes, and who may do what with them
 * (docs/facts/databricks.md section 6).
 */
export class Securables implements Kept<SecurablesState> {
  readonly #principals: Principals;
  #all: SecurablesState = {
    metastore: new Map(),
    catalog: new Map(),
    schema: new Map(),
    volume: new Map(),
  };

  constructor(principals: Principals) {
    this.#principals = principals;
    // Metastores are the account's: this one is older than the workspace.
    const metastore = newSecurable({
      type: 'metastore',
      id: METASTORE_ID,
      name: 'sandbox',
      fullName: METASTORE_ID,
      parent: undefined,
      by: 'admins',
      at: Date.UTC(2024, 0, 1),
      details: {},
    });
    this.#all.metastore.set(METASTORE_ID, metastore);
  }

  /** The one metastore there is. */
  get metastore(): Securable {
    return this.get('metastore', METASTORE_ID);
  }

  state(): SecurablesState {
    return this.#all;
  }

  restore(state: SecurablesState): void {
    this.#all = state;
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
    if ((type === 'schema' || type === 'volume') && parts.length > 1)
      this.get(type === 'volume' ? 'schema' : 'catalog', parts.slice(0, -1).join('.'));
    throw notFound(`${title(type)} '${fullName}' does not exist.`, `${type.toUpperCase()}_DOES_NOT_EXIST`);
  }

  /** @throws 400 when the name is taken. */
  create(
    type: SecurableType,
    name: string,
    parent: Securable | undefined,
    by: string,
    at: number,
    details: SecurableDetails = {},
  ): Securable {
    const fullName = this.#freeName(type, name, parent);
    const made = newSecurable({
      type,
      id: randomUUID(),
      name: name.toLowerCase(),
      fullName,
      parent,
      by,
      at,
      details,
    });
    this.#all[type].set(fullName, made);
    return made;
  }

  /** Gives it another name, and with it everything below. @throws 400 when the name is taken. */
  rename(securable: Securable, name: string): void {
    if (name.toLowerCase() === securable.name) return;
    this.#freeName(securable.type, name, securable.parent);
    securable.name = name.toLowerCase();
    for (const one of [securable, ...this.below(securable)]) {
      this.#all[one.type].delete(one.fullName);
      one.fullName = [...(one.parent ? [one.parent.fullName] : []), one.name].join('.');
      this.#all[one.type].set(one.fullName, one);
    }
  }

  remove(securable: Securable): void {
    this.#all[securable.type].delete(securable.fullName);
  }

  /** Everything in it, whatever is higher first. */
  below(securable: Securable): Securable[] {
    const children = (['schema', 'volume'] as const)
      .flatMap((type) => [...this.#all[type].values()])
      .filter((child) => child.parent === securable);
    return children.flatMap((child) => [child, ...this.below(child)]);
  }

  /** The names under which grants reach this user or group. Admins of the workspace count as owners of everything. */
  subjectsOf(name: string): Subjects {
    const principal = this.#principals.find(name);
    if (!principal)
      return new Set(this.#principals.group(name) ? [name.toLowerCase(), ACCOUNT_USERS] : [name.toLowerCase()]);
    return new Set([
      principal.userName.toLowerCase(),
      ACCOUNT_USERS,
      ...this.#principals.groupsOf(principal).map((group) => group.displayName.toLowerCase()),
    ]);
  }

  /** Whether the privilege is held here or above: by grant, by ownership, or as an admin. */
  holds(subjects: Subjects, securable: Securable, privilege: string): boolean {
    if (subjects.has('admins')) return true;
    for (let level: Securable | undefined = securable; level; level = level.parent) {
      if (subjects.has(level.owner.toLowerCase())) return true;
      for (const subject of subjects) {
        const held = level.grants.get(subject)?.privileges;
        if (held && (held.has(privilege) || (held.has('ALL_PRIVILEGES') && !ALL_BUT.has(privilege)))) return true;
      }
    }
    return false;
  }

  /** Owner of it or of what it lies in, MANAGE, or an admin. */
  mayManage(subjects: Subjects, securable: Securable): boolean {
    return this.holds(subjects, securable, 'MANAGE');
  }

  /**
   * The first of `USE CATALOG`, `USE SCHEMA` and the privilege itself that is missing, as a sentence; undefined when
   * none is.
   */
  missing(subjects: Subjects, securable: Securable, privilege: string): string | undefined {
    const way: [Securable, string][] = [[securable, privilege]];
    for (let level = securable.parent; level; level = level.parent)
      way.unshift([level, level.type === 'catalog' ? 'USE_CATALOG' : 'USE_SCHEMA']);
    const lacking = way.find(([level, wanted]) => !this.holds(subjects, level, wanted));
    return lacking
      ? `User does not have ${lacking[1].replaceAll('_', ' ')} on ${title(lacking[0].type)} ` +
          `'${lacking[0].type === 'metastore' ? lacking[0].name : lacking[0].fullName}'.`
      : undefined;
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

  /**
   * The name of a principal as the workspace writes it.
   * @throws 404 PRINCIPAL_DOES_NOT_EXIST when nobody is called that.
   */
  principalName(given: string): string {
    if (given.toLowerCase() === ACCOUNT_USERS) return ACCOUNT_USERS;
    const name = this.#principals.find(given)?.userName ?? this.#principals.group(given)?.displayName;
    if (name === undefined) throw notFound(`Could not find principal with name ${given}`, 'PRINCIPAL_DOES_NOT_EXIST');
    return name;
  }

  /** @throws 400, not 409, when the name is taken (docs/facts/databricks-workspace.md section 11). */
  #freeName(type: SecurableType, name: string, parent: Securable | undefined): string {
    const fullName = [...(parent ? [parent.fullName] : []), name.toLowerCase()].join('.');
    if (!this.#all[type].has(fullName)) return fullName;
    throw new ApiError({
      status: 400,
      errorCode: `${type.toUpperCase()}_ALREADY_EXISTS`,
      message: `${title(type)} '${name.toLowerCase()}' already exists`,
    });
  }
}

interface Beginning {
  readonly type: SecurableType;
  readonly id: string;
  readonly name: string;
  readonly fullName: string;
  readonly parent: Securable | undefined;
  readonly by: string;
  readonly at: number;
  readonly details: SecurableDetails;
}

const newSecurable = ({ by, at, details, ...named }: Beginning): Securable => ({
  ...named,
  owner: by,
  comment: details.comment,
  properties: details.properties,
  options: details.options,
  isolationMode: 'OPEN',
  storageRoot: details.storageRoot,
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
  grants: new Map(),
});

/** `Volume`, as messages write it. */
export const title = (type: SecurableType): string => `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
