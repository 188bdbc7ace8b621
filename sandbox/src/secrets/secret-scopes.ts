import { ApiError, notFound, permissionDenied } from '../http/errors.ts';
import type { Principal, Principals } from '../identity/principals.ts';
import type { Kept } from '../state/kept.ts';

/** What a use of a scope takes. Whoever manages a scope may do all of it: the sandbox leaves finer rights out. */
export type SecretPermission = 'READ' | 'WRITE' | 'MANAGE';

export interface Secret {
  readonly value: Buffer;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export interface SecretScope {
  readonly name: string;
  readonly secrets: Map<string, Secret>;
  /** The name of the user, service principal or group that may use it; empty when they have left. */
  manager: string;
}

const MOST_SCOPES = 1_000;
const MOST_SECRETS = 1_000;

/**
 * The secret scopes of the workspace and who may do what with them (docs/facts/databricks.md sections 1 and 5). Values
 * are told to nobody but who may read them.
 */
export class SecretScopes implements Kept<Map<string, SecretScope>> {
  readonly #principals: Principals;
  /** By their names. */
  #scopes = new Map<string, SecretScope>();

  constructor(principals: Principals) {
    this.#principals = principals;
  }

  state(): Map<string, SecretScope> {
    return this.#scopes;
  }

  restore(state: Map<string, SecretScope>): void {
    this.#scopes = state;
  }

  /**
   * @param manager a user or group that may manage it.
   * @throws 400 when the name is taken, or there are as many as there may be.
   */
  create(name: string, manager: string): void {
    if (this.#scopes.has(name))
      throw new ApiError({
        status: 400,
        errorCode: 'RESOURCE_ALREADY_EXISTS',
        message: `Scope ${name} already exists!`,
      });
    if (this.#scopes.size === MOST_SCOPES)
      throw limitExceeded(
        `Cannot create scope ${name}: the workspace has ${MOST_SCOPES} secret scopes, the most there may be.`,
      );
    this.#scopes.set(name, { name, secrets: new Map(), manager });
  }

  /** @throws 404. */
  get(name: string): SecretScope {
    const scope = this.#scopes.get(name);
    if (!scope) throw notFound(`Scope ${name} does not exist!`);
    return scope;
  }

  /** A scope that somebody may use in this way. @throws 404, 403. */
  require(who: Principal, name: string, permission: SecretPermission): SecretScope {
    const scope = this.get(name);
    if (!this.#allows(who, scope))
      throw permissionDenied(`User ${who.userName} does not have ${permission} permission on scope: ${name}`);
    return scope;
  }

  /** The scopes that somebody may read, by name. */
  readableBy(who: Principal): SecretScope[] {
    return [...this.#scopes.values()]
      .filter((scope) => this.#allows(who, scope))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  remove(scope: SecretScope): void {
    this.#scopes.delete(scope.name);
  }

  /** @throws 400 when there are as many as there may be. */
  put(scope: SecretScope, key: string, value: Buffer, at: number): void {
    if (!scope.secrets.has(key) && scope.secrets.size === MOST_SECRETS)
      throw limitExceeded(
        `Cannot put secret ${key}: scope ${scope.name} has ${MOST_SECRETS} secrets, the most there may be.`,
      );
    scope.secrets.set(key, { value, updatedAt: at });
  }

  /** @throws 404. */
  secret(scope: SecretScope, key: string): Secret {
    const found = scope.secrets.get(key);
    if (!found) throw notFound(`Secret does not exist with scope: ${scope.name} and key: ${key}`);
    return found;
  }

  /** Somebody, or a group, that is no longer there: a namesake is not to read what was theirs. */
  forgetPrincipal(name: string): void {
    for (const scope of this.#scopes.values()) if (isNamed(scope.manager, name)) scope.manager = '';
  }

  /**
   * What `{{secrets/scope/key}}` stands for in a cluster's settings, where it is the whole value; any other text
   * stands for itself.
   * @throws 403 or 404, which tell nothing of the value, when this user may not read the secret or there is none.
   */
  resolve(who: Principal, text: string): string {
    const [, name, key] = /^\{\{secrets\/([^/{}]+)\/([^/{}]+)\}\}$/.exec(text) ?? [];
    return name === undefined || key === undefined
      ? text
      : this.secret(this.require(who, name, 'READ'), key).value.toString();
  }

  #allows(who: Principal, { manager }: SecretScope): boolean {
    if (this.#principals.isAdmin(who) || isNamed(manager, who.userName)) return true;
    return this.#principals.groupsOf(who).some((group) => isNamed(manager, group.displayName));
  }
}

const isNamed = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const limitExceeded = (message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'RESOURCE_LIMIT_EXCEEDED', message });
