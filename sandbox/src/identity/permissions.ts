import { invalidParameter, notFound } from '../http/errors.ts';
import { labelOf, levelsOf, managingLevelOf, objectTypeOf, ownerLevelOf, rankOf } from './permission-kinds.ts';
import type { ObjectKind } from './permission-kinds.ts';
import type { Group, Principal, Principals } from './principals.ts';
import type { Kept } from '../state/kept.ts';

/** One line of an access control list as a client sends it. */
export interface AclEntry {
  readonly user_name?: string | undefined;
  readonly group_name?: string | undefined;
  readonly service_principal_name?: string | undefined;
  readonly permission_level: string;
}

/** What a resource tells about its objects, so that they can have permissions. */
export interface PermissionObjects {
  /** @throws what the resource's own API answers when there is no such object. */
  mustExist(id: string): void;
  /** What the object lies in: permissions there reach the object too. */
  parentOf?(id: string): { readonly kind: ObjectKind; readonly id: string } | undefined;
  /** Who manages the object whatever its list says, such as a user their own home folder. */
  keeperOf?(id: string): Principal | undefined;
}

type Holder =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'group'; readonly group: Group };

interface Grant {
  readonly holder: Holder;
  readonly level: string;
}

interface HeldLevel {
  readonly permission_level: string;
  readonly inherited: boolean;
  readonly inherited_from_object?: readonly string[];
}

/** For each object, what is granted on it, by whom it is granted to. */
type PermissionsState = Map<string, Map<string, Grant>>;

/** Who may do what with each object that has an access control list. Admins may do everything, by inheritance. */
export class Permissions implements Kept<PermissionsState> {
  readonly #principals: Principals;
  readonly #objects = new Map<ObjectKind, PermissionObjects>();
  #lists: PermissionsState = new Map();

  constructor(principals: Principals) {
    this.#principals = principals;
  }

  state(): PermissionsState {
    return this.#lists;
  }

  restore(state: PermissionsState): void {
    this.#lists = state;
  }

  /** Who knows the objects of one kind. A kind that nobody knows has no objects. */
  register(kind: ObjectKind, objects: PermissionObjects): void {
    this.#objects.set(kind, objects);
  }

  /** @throws what the object's own API answers, or 404 RESOURCE_DOES_NOT_EXIST. */
  mustExist(kind: ObjectKind, id: string): void {
    const objects = this.#objects.get(kind);
    if (!objects) throw notFound(`${labelOf(kind)} ${id} does not exist.`);
    objects.mustExist(id);
  }

  /** Whether somebody holds at least `level`: directly, through a group, by what the object lies in, or as an admin. */
  allows(who: Principal, kind: ObjectKind, id: string, level: string): boolean {
    if (this.#principals.isAdmin(who)) return true;
    const holders = [`principal/${who.id}`, ...this.#principals.groupsOf(who).map((group) => `group/${group.id}`)];
    for (const at of this.#upwards(kind, id)) {
      if (this.#objects.get(at.kind)?.keeperOf?.(at.id) === who) return true;
      const list = this.#lists.get(key(at.kind, at.id));
      const wanted = rankOf(at.kind, level);
      const isHeld = (holder: string): boolean => {
        const grant = list?.get(holder);
        return grant !== undefined && rankOf(at.kind, grant.level) >= wanted;
      };
      if (list && wanted >= 0 && holders.some(isHeld)) return true;
    }
    return false;
  }

  /**
   * PUT: the list becomes exactly this.
   * @throws 400 when an object that must have an owner would have none, or two.
   */
  replace(kind: ObjectKind, id: string, entries: readonly AclEntry[]): void {
    const resolved = entries.map((entry) => this.#resolve(kind, entry));
    const owner = ownerLevelOf(kind);
    if (owner !== undefined && resolved.filter(({ level }) => level === owner).length !== 1)
      throw invalidParameter(`The ${labelOf(kind)} must have exactly one owner.`);
    this.#lists.set(key(kind, id), new Map());
    for (const grant of resolved) this.#raise(kind, id, grant);
  }

  /**
   * PATCH: adds these; for one holder the highest level counts (docs/facts/databricks.md section 4). A new owner takes
   * the old one's place.
   */
  add(kind: ObjectKind, id: string, entries: readonly AclEntry[]): void {
    const resolved = entries.map((entry) => this.#resolve(kind, entry));
    const owner = ownerLevelOf(kind);
    const owners = resolved.filter(({ level }) => level === owner);
    if (owners.length > 1) throw invalidParameter(`The ${labelOf(kind)} must have exactly one owner.`);
    if (owners.length === 1) {
      const list = this.#lists.get(key(kind, id));
      for (const [holder, grant] of list ?? []) if (grant.level === owner) list?.delete(holder);
    }
    for (const grant of resolved) this.#raise(kind, id, grant);
  }

  /** What a creator gets. */
  grantHighest(who: Principal, kind: ObjectKind, id: string): void {
    this.#raise(kind, id, { holder: { kind: 'principal', principal: who }, level: levelsOf(kind).at(-1) ?? '' });
  }

  /** What a whole group gets from the start. */
  grantGroup(group: Group, kind: ObjectKind, id: string, level: string): void {
    this.#raise(kind, id, { holder: { kind: 'group', group }, level });
  }

  forget(kind: ObjectKind, id: string): void {
    this.#lists.delete(key(kind, id));
  }

  /** Somebody, or a group, that is no longer in the workspace. @param id theirs in SCIM. */
  forgetHolder(id: string): void {
    for (const list of this.#lists.values()) {
      list.delete(`principal/${id}`);
      list.delete(`group/${id}`);
    }
  }

  /** The answer of GET, PUT and PATCH: what is given here first, then what comes from elsewhere. */
  view(kind: ObjectKind, id: string): unknown {
    const lines = new Map<string, { readonly holder: Holder; readonly held: HeldLevel[] }>();
    const put = (holder: Holder, held: HeldLevel): void => {
      const line = lines.get(holderKey(holder)) ?? { holder, held: [] };
      lines.set(holderKey(holder), line);
      line.held.push(held);
    };
    for (const [depth, at] of this.#upwards(kind, id).entries()) {
      const from =
        depth === 0 ? { inherited: false } : { inherited: true, inherited_from_object: [`/${at.kind}/${at.id}`] };
      for (const { holder, level } of this.#lists.get(key(at.kind, at.id))?.values() ?? [])
        put(holder, { permission_level: level, ...from });
      const keeper = this.#objects.get(at.kind)?.keeperOf?.(at.id);
      if (keeper)
        put(
          { kind: 'principal', principal: keeper },
          { permission_level: managingLevelOf(kind), inherited: true, inherited_from_object: [`/${at.kind}/${at.id}`] },
        );
    }
    const admins = this.#principals.group('admins');
    if (admins)
      put(
        { kind: 'group', group: admins },
        { permission_level: managingLevelOf(kind), inherited: true, inherited_from_object: [`/${kind}/`] },
      );
    return {
      object_id: `/${kind}/${id}`,
      object_type: objectTypeOf(kind),
      access_control_list: [...lines.values()].map(({ holder, held }) => ({
        ...holderFields(holder),
        all_permissions: held,
      })),
    };
  }

  /** The object, then what it lies in, up to the top. */
  #upwards(kind: ObjectKind, id: string): { readonly kind: ObjectKind; readonly id: string }[] {
    const way = [];
    for (
      let at: { readonly kind: ObjectKind; readonly id: string } | undefined = { kind, id };
      at;
      at = this.#objects.get(at.kind)?.parentOf?.(at.id)
    )
      way.push(at);
    return way;
  }

  #raise(kind: ObjectKind, id: string, grant: Grant): void {
    const at = key(kind, id);
    const list = this.#lists.get(at) ?? new Map<string, Grant>();
    this.#lists.set(at, list);
    const who = holderKey(grant.holder);
    const held = list.get(who);
    if (!held || rankOf(kind, grant.level) > rankOf(kind, held.level)) list.set(who, grant);
  }

  #resolve(kind: ObjectKind, entry: AclEntry): Grant {
    const named = [entry.user_name, entry.group_name, entry.service_principal_name].filter(
      (name) => name !== undefined && name !== '',
    );
    if (named.length !== 1)
      throw invalidParameter(
        'Each access control entry must name exactly one of user_name, group_name or service_principal_name',
      );
    if (rankOf(kind, entry.permission_level) < 0) {
      throw invalidParameter(
        `Permission level '${entry.permission_level}' is not supported on ${labelOf(kind)}. ` +
          `Supported levels: ${levelsOf(kind).join(', ')}`,
      );
    }
    const holder = this.#holder(entry);
    if (holder.kind === 'group' && entry.permission_level === ownerLevelOf(kind))
      throw invalidParameter(
        `Group '${holder.group.displayName}' cannot be the owner of a ${labelOf(kind)}: only a user ` +
          'or a service principal can.',
      );
    if (isAdmins(holder) && entry.permission_level !== managingLevelOf(kind)) {
      throw invalidParameter(
        `Cannot change the permissions of group 'admins' on ${labelOf(kind)}: admins always have ` +
          managingLevelOf(kind),
      );
    }
    return { holder, level: entry.permission_level };
  }

  #holder(entry: AclEntry): Holder {
    if (entry.group_name) {
      const group = this.#principals.group(entry.group_name);
      if (!group) throw notFound(`Principal: GroupName(${entry.group_name}) does not exist`);
      return { kind: 'group', group };
    }
    const name = entry.user_name || (entry.service_principal_name ?? '');
    const wanted = entry.user_name ? 'user' : 'service-principal';
    const principal = this.#principals.find(name);
    if (!principal || principal.kind !== wanted) {
      throw notFound(`Principal: ${wanted === 'user' ? 'UserName' : 'ServicePrincipalName'}(${name}) does not exist`);
    }
    return { kind: 'principal', principal };
  }
}

const key = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

const holderKey = (holder: Holder): string =>
  holder.kind === 'principal' ? `principal/${holder.principal.id}` : `group/${holder.group.id}`;

const isAdmins = (holder: Holder): boolean => holder.kind === 'group' && holder.group.displayName === 'admins';

function holderFields(holder: Holder): Record<string, string> {
  if (holder.kind === 'group') return { group_name: holder.group.displayName };
  const { principal } = holder;
  return principal.kind === 'user'
    ? { user_name: principal.userName, display_name: principal.displayName }
    : { service_principal_name: principal.userName, display_name: principal.displayName };
}
