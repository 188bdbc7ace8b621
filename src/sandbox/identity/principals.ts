import type { Chance } from '../chance.ts';

/** A user or service principal of the workspace. */
export interface Principal {
  readonly kind: 'user' | 'service-principal';
  readonly id: string;
  /** A user's login; a service principal's application id. */
  readonly userName: string;
  displayName: string;
  active: boolean;
  emails: string[];
  /** Entitlements given to the person; what a group gives is not in here (facts/databricks.md section 10). */
  entitlements: string[];
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  entitlements: string[];
  readonly members: Set<string>;
}

/** What may be said about a new person. */
export interface NewPerson {
  readonly userName: string;
  readonly displayName?: string | undefined;
  readonly active?: boolean | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly entitlements?: readonly string[] | undefined;
  /** Display names of groups; `users` comes by itself unless `inUsersGroup` is false. */
  readonly groups?: readonly string[] | undefined;
  readonly inUsersGroup?: boolean | undefined;
}

/** The people, groups and tokens of the workspace. Names are compared without regard to case. */
export class Principals {
  readonly #byId = new Map<string, Principal>();
  readonly #byName = new Map<string, Principal>();
  readonly #groups = new Map<string, Group>();
  readonly #groupsOf = new Map<string, Group[]>();
  readonly #tokens = new Map<string, { principal: Principal; expiresAt: number }>();
  readonly #secrets = new Map<string, { principal: Principal; secret: string }>();
  #nextId = 4_200_000_000_001n;

  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.addGroup('admins', ['workspace-access', 'databricks-sql-access', 'allow-cluster-create', 'allow-instance-pool-create']);
    this.addGroup('users', ['workspace-access', 'databricks-sql-access']);
  }

  all(): Iterable<Principal> {
    return this.#byId.values();
  }

  groups(): Iterable<Group> {
    return this.#groups.values();
  }

  addGroup(displayName: string, entitlements: readonly string[] = []): Group {
    const known = this.group(displayName);
    if (known) return known;
    const group: Group = { id: this.#newId(), displayName, entitlements: [...entitlements], members: new Set() };
    this.#groups.set(displayName.toLowerCase(), group);
    return group;
  }

  /** Adds a user; one that exists already is answered as it is. */
  addUser(person: NewPerson): Principal {
    return this.find(person.userName) ?? this.#add('user', person);
  }

  /** Adds a service principal with a client secret for the OAuth token endpoint. */
  addServicePrincipal(displayName: string, groups: readonly string[] = []): { principal: Principal; clientId: string; clientSecret: string } {
    const clientId = this.#chance.uuid();
    const principal = this.#add('service-principal', { userName: clientId, displayName, emails: [], groups });
    const secret = `dose${this.#chance.hex()}`;
    this.#secrets.set(clientId, { principal, secret });
    return { principal, clientId, clientSecret: secret };
  }

  #add(kind: Principal['kind'], person: NewPerson): Principal {
    const principal: Principal = {
      kind,
      id: this.#newId(),
      userName: person.userName,
      displayName: person.displayName ?? person.userName,
      active: person.active ?? true,
      emails: [...(person.emails ?? [person.userName])],
      entitlements: [...(person.entitlements ?? [])],
    };
    this.#byId.set(principal.id, principal);
    this.#byName.set(principal.userName.toLowerCase(), principal);
    this.#groupsOf.set(principal.id, []);
    if (person.inUsersGroup !== false) this.join(principal, 'users');
    for (const group of person.groups ?? []) this.join(principal, group);
    return principal;
  }

  /** Puts somebody into a group, which is made if it is new. */
  join(principal: Principal, displayName: string): void {
    const group = this.addGroup(displayName);
    if (group.members.has(principal.id)) return;
    group.members.add(principal.id);
    this.#groupsOf.get(principal.id)?.push(group);
  }

  find(userName: string): Principal | undefined {
    return this.#byName.get(userName.toLowerCase());
  }

  byId(id: string): Principal | undefined {
    return this.#byId.get(id);
  }

  group(displayName: string): Group | undefined {
    return this.#groups.get(displayName.toLowerCase());
  }

  groupById(id: string): Group | undefined {
    return [...this.#groups.values()].find((group) => group.id === id);
  }

  groupsOf(principal: Principal): readonly Group[] {
    return this.#groupsOf.get(principal.id) ?? [];
  }

  isAdmin(principal: Principal): boolean {
    return this.group('admins')?.members.has(principal.id) ?? false;
  }

  /** Directly or through a group. */
  isEntitled(principal: Principal, entitlement: string): boolean {
    return principal.entitlements.includes(entitlement) || this.groupsOf(principal).some((group) => group.entitlements.includes(entitlement));
  }

  /** A new token, kept in memory only. `expiresAt` in the sandbox's epoch milliseconds; never by default. */
  mintToken(principal: Principal, expiresAt = Number.POSITIVE_INFINITY): string {
    const token = `dapi${this.#chance.hex()}`;
    this.#tokens.set(token, { principal, expiresAt });
    return token;
  }

  /** Whose token this is; undefined when it is unknown or has expired. */
  byToken(token: string, at: number): Principal | undefined {
    const known = this.#tokens.get(token);
    return known && known.expiresAt > at ? known.principal : undefined;
  }

  /** Whose OAuth client this is; undefined when the secret is wrong. */
  byClientSecret(clientId: string, secret: string): Principal | undefined {
    const known = this.#secrets.get(clientId);
    return known && known.secret === secret ? known.principal : undefined;
  }

  #newId(): string {
    this.#nextId += 7n;
    return String(this.#nextId);
  }
}
