import { randomUUID } from 'node:crypto';
import type { Kept } from '../state/kept.ts';

/** A user or service principal of the workspace. */
export interface Principal {
  readonly kind: 'user' | 'service-principal';
  readonly id: string;
  /** A user's login; a service principal's application id. */
  readonly userName: string;
  displayName: string;
  /** What clients of SCIM wrote as the person's name; undefined when nobody did. */
  name: { readonly givenName?: string | undefined; readonly familyName?: string | undefined } | undefined;
  externalId: string | undefined;
  active: boolean;
  emails: readonly string[];
  /**
   * Entitlements given to the person; what a group gives is not in here
   * (docs/facts/databricks-workspace.md section 10).
   */
  entitlements: readonly string[];
  roles: readonly string[];
}

export interface Group {
  readonly id: string;
  displayName: string;
  externalId: string | undefined;
  entitlements: readonly string[];
  roles: readonly string[];
  /** Ids of users, service principals and groups. Changed by {@link Principals} only. */
  readonly members: ReadonlySet<string>;
}

/** What may be said about a new person. */
export interface NewPerson {
  readonly userName: string;
  readonly displayName?: string | undefined;
  readonly name?: Principal['name'];
  readonly externalId?: string | undefined;
  readonly active?: boolean | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly entitlements?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** Display names of groups; `users` comes by itself unless `inUsersGroup` is false. */
  readonly groups?: readonly string[] | undefined;
  readonly inUsersGroup?: boolean | undefined;
}

interface PrincipalsState {
  readonly byId: Map<string, Principal>;
  readonly groups: Map<string, Group & { readonly members: Set<string> }>;
  readonly nextId: bigint;
}

/** The people and groups of the workspace. Names are compared without regard to case. */
export class Principals implements Kept<PrincipalsState> {
  #byId: PrincipalsState['byId'] = new Map();
  readonly #byName = new Map<string, Principal>();
  #groups: PrincipalsState['groups'] = new Map();
  readonly #groupByName = new Map<string, Group>();
  /** Every group somebody is in, worked out when it is first asked for: each request asks. */
  readonly #reach = new Map<string, readonly Group[]>();
  #nextId = 4_200_000_000_001n;

  constructor() {
    this.addGroup('users', ['workspace-access', 'databricks-sql-access']);
    this.addGroup('admins', [
      'workspace-access',
      'databricks-sql-access',
      'allow-cluster-create',
      'allow-instance-pool-create',
    ]);
  }

  state(): PrincipalsState {
    return { byId: this.#byId, groups: this.#groups, nextId: this.#nextId };
  }

  restore({ byId, groups, nextId }: PrincipalsState): void {
    this.#byId = byId;
    this.#groups = groups;
    this.#nextId = nextId;
    this.#byName.clear();
    this.#groupByName.clear();
    this.#reach.clear();
    for (const principal of byId.values()) this.#byName.set(principal.userName.toLowerCase(), principal);
    for (const group of groups.values()) this.#groupByName.set(group.displayName.toLowerCase(), group);
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
    const group = {
      id: this.#newId(),
      displayName,
      externalId: undefined,
      entitlements: [...entitlements],
      roles: [],
      members: new Set<string>(),
    };
    this.#groups.set(group.id, group);
    this.#groupByName.set(displayName.toLowerCase(), group);
    return group;
  }

  renameGroup(group: Group, displayName: string): void {
    this.#groupByName.delete(group.displayName.toLowerCase());
    group.displayName = displayName;
    this.#groupByName.set(displayName.toLowerCase(), group);
  }

  removeGroup(group: Group): void {
    this.#groups.delete(group.id);
    this.#groupByName.delete(group.displayName.toLowerCase());
    this.#dropMember(group.id);
  }

  /** The groups that every workspace has, and that cannot be removed or renamed. */
  isSystemGroup(group: Group): boolean {
    return group === this.group('users') || group === this.group('admins');
  }

  /** Adds a user; one that exists already is answered as it is. */
  addUser(person: NewPerson): Principal {
    return this.find(person.userName) ?? this.#add('user', person);
  }

  /** Adds a service principal. @param applicationId one that is not in use; drawn when there is none. */
  addServicePrincipal(person: Omit<NewPerson, 'userName' | 'emails'>, applicationId: string = randomUUID()): Principal {
    return this.#add('service-principal', { ...person, userName: applicationId, emails: [] });
  }

  #add(kind: Principal['kind'], person: NewPerson): Principal {
    const principal: Principal = {
      kind,
      id: this.#newId(),
      userName: person.userName,
      displayName: person.displayName ?? person.userName,
      name: person.name,
      externalId: person.externalId,
      active: person.active ?? true,
      emails: [...(person.emails ?? [person.userName])],
      entitlements: [...(person.entitlements ?? [])],
      roles: [...(person.roles ?? [])],
    };
    this.#byId.set(principal.id, principal);
    this.#byName.set(principal.userName.toLowerCase(), principal);
    if (person.inUsersGroup !== false) this.join(principal, 'users');
    for (const group of person.groups ?? []) this.join(principal, group);
    return principal;
  }

  /** Takes somebody out of the workspace and of every group. */
  remove(principal: Principal): void {
    this.#byId.delete(principal.id);
    this.#byName.delete(principal.userName.toLowerCase());
    this.#dropMember(principal.id);
  }

  /** Puts somebody into a group, which is made if it is new. */
  join(principal: Principal, displayName: string): void {
    const group = this.addGroup(displayName);
    this.setMembers(group, [...group.members, principal.id]);
  }

  /** @param ids of users, service principals and groups that exist and that the group is not itself a member of. */
  setMembers(group: Group, ids: Iterable<string>): void {
    const members = this.#groups.get(group.id)?.members;
    if (!members) return;
    const wanted = [...ids];
    members.clear();
    for (const id of wanted) members.add(id);
    this.#reach.clear();
  }

  find(userName: string): Principal | undefined {
    return this.#byName.get(userName.toLowerCase());
  }

  byId(id: string): Principal | undefined {
    return this.#byId.get(id);
  }

  group(displayName: string): Group | undefined {
    return this.#groupByName.get(displayName.toLowerCase());
  }

  groupById(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  /** Those that list this user, service principal or group themselves, in the order the groups were made. */
  directGroupsOf(id: string): readonly Group[] {
    return [...this.#groups.values()].filter((group) => group.members.has(id));
  }

  /** Every group somebody is in, directly or by way of another. */
  groupsOf({ id }: Pick<Principal, 'id'>): readonly Group[] {
    const known = this.#reach.get(id);
    if (known) return known;
    const found = new Set(this.directGroupsOf(id));
    // A set that grows is visited to its end, and what is in it already is not visited twice.
    for (const group of found) for (const above of this.directGroupsOf(group.id)) found.add(above);
    const reached = [...found];
    this.#reach.set(id, reached);
    return reached;
  }

  isAdmin(principal: Principal): boolean {
    const admins = this.group('admins');
    return admins !== undefined && this.groupsOf(principal).includes(admins);
  }

  /** Directly or through a group. */
  isEntitled(principal: Principal, entitlement: string): boolean {
    return (
      principal.entitlements.includes(entitlement) ||
      this.groupsOf(principal).some((group) => group.entitlements.includes(entitlement))
    );
  }

  #dropMember(id: string): void {
    for (const group of this.#groups.values()) group.members.delete(id);
    this.#reach.clear();
  }

  #newId(): string {
    this.#nextId += 7n;
    return String(this.#nextId);
  }
}
