import { invalidParameter, notFound } from '../http/errors.ts';
import type { Group, Principal, Principals } from './principals.ts';

/** The kinds of object that have an access control list here, and their levels from lowest to highest. */
const OBJECTS = {
  clusters: { objectType: 'cluster', label: 'cluster', levels: ['CAN_ATTACH_TO', 'CAN_RESTART', 'CAN_MANAGE'] },
  'instance-pools': { objectType: 'instance-pool', label: 'instance pool', levels: ['CAN_ATTACH_TO', 'CAN_MANAGE'] },
  'cluster-policies': { objectType: 'cluster-policy', label: 'cluster policy', levels: ['CAN_USE'] },
  'serving-endpoints': { objectType: 'serving-endpoint', label: 'serving endpoint', levels: ['CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'] },
} as const;

export type ObjectKind = keyof typeof OBJECTS;

/** One line of an access control list as a client sends it. */
export interface AclEntry {
  readonly user_name?: string | undefined;
  readonly group_name?: string | undefined;
  readonly service_principal_name?: string | undefined;
  readonly permission_level: string;
}

type Holder = { readonly kind: 'principal'; readonly principal: Principal } | { readonly kind: 'group'; readonly group: Group };

interface Grant {
  readonly holder: Holder;
  readonly level: string;
}

/** Whether the path segment names a kind of object with permissions. */
export const isObjectKind = (kind: string): kind is ObjectKind => Object.hasOwn(OBJECTS, kind);

/** Every level of one kind, from lowest to highest. */
export const levelsOf = (kind: ObjectKind): readonly string[] => OBJECTS[kind].levels;

/** How messages name the kind. */
export const labelOf = (kind: ObjectKind): string => OBJECTS[kind].label;

/** Who may do what with clusters, pools, policies and endpoints. Admins always hold the highest level, by inheritance. */
export class Permissions {
  readonly #principals: Principals;
  readonly #lists = new Map<string, Map<string, Grant>>();

  constructor(principals: Principals) {
    this.#principals = principals;
  }

  /** Whether somebody holds at least `level`, directly, through a group, or as an admin. */
  allows(who: Principal, kind: ObjectKind, id: string, level: string): boolean {
    if (this.#principals.isAdmin(who)) return true;
    const list = this.#lists.get(key(kind, id));
    if (!list) return false;
    const wanted = rank(kind, level);
    const held = [list.get(`principal/${who.id}`), ...this.#principals.groupsOf(who).map((group) => list.get(`group/${group.id}`))];
    return held.some((grant) => grant !== undefined && rank(kind, grant.level) >= wanted);
  }

  /** PUT: the list becomes exactly this. */
  replace(kind: ObjectKind, id: string, entries: readonly AclEntry[]): void {
    const resolved = entries.map((entry) => this.#resolve(kind, entry));
    this.#lists.set(key(kind, id), new Map());
    for (const grant of resolved) this.#raise(kind, id, grant);
  }

  /** PATCH: adds these; for one holder the highest level counts (facts/databricks.md section 4). */
  add(kind: ObjectKind, id: string, entries: readonly AclEntry[]): void {
    const resolved = entries.map((entry) => this.#resolve(kind, entry));
    for (const grant of resolved) this.#raise(kind, id, grant);
  }

  /** What a creator gets. */
  grantHighest(who: Principal, kind: ObjectKind, id: string): void {
    this.#raise(kind, id, { holder: { kind: 'principal', principal: who }, level: OBJECTS[kind].levels.at(-1) ?? '' });
  }

  forget(kind: ObjectKind, id: string): void {
    this.#lists.delete(key(kind, id));
  }

  /** The answer of GET, PUT and PATCH. */
  view(kind: ObjectKind, id: string): unknown {
    const highest = OBJECTS[kind].levels.at(-1) ?? '';
    const inherited = { permission_level: highest, inherited: true, inherited_from_object: [`/${kind}/`] };
    const lines = [...(this.#lists.get(key(kind, id))?.values() ?? [])].map(({ holder, level }) => ({
      ...holderFields(holder),
      all_permissions: [{ permission_level: level, inherited: false }, ...(isAdmins(holder) ? [inherited] : [])],
    }));
    const admins = lines.some((line) => 'group_name' in line && line.group_name === 'admins') ? [] : [{ group_name: 'admins', all_permissions: [inherited] }];
    return { object_id: `/${kind}/${id}`, object_type: OBJECTS[kind].objectType, access_control_list: [...lines, ...admins] };
  }

  #raise(kind: ObjectKind, id: string, grant: Grant): void {
    const at = key(kind, id);
    const list = this.#lists.get(at) ?? new Map<string, Grant>();
    this.#lists.set(at, list);
    const who = grant.holder.kind === 'principal' ? `principal/${grant.holder.principal.id}` : `group/${grant.holder.group.id}`;
    const held = list.get(who);
    if (!held || rank(kind, grant.level) > rank(kind, held.level)) list.set(who, grant);
  }

  #resolve(kind: ObjectKind, entry: AclEntry): Grant {
    const named = [entry.user_name, entry.group_name, entry.service_principal_name].filter((name) => name !== undefined && name !== '');
    if (named.length !== 1) throw invalidParameter('Each access control entry must name exactly one of user_name, group_name or service_principal_name');
    if (rank(kind, entry.permission_level) < 0) {
      throw invalidParameter(`Permission level '${entry.permission_level}' is not supported on ${labelOf(kind)}. Supported levels: ${levelsOf(kind).join(', ')}`);
    }
    const holder = this.#holder(entry);
    if (isAdmins(holder) && entry.permission_level !== OBJECTS[kind].levels.at(-1)) {
      throw invalidParameter(`Cannot change the permissions of group 'admins' on ${labelOf(kind)}: admins always have ${OBJECTS[kind].levels.at(-1)}`);
    }
    return { holder, level: entry.permission_level };
  }

  #holder(entry: AclEntry): Holder {
    if (entry.group_name) {
      const group = this.#principals.group(entry.group_name);
      if (!group) throw notFound(`Principal: GroupName(${entry.group_name}) does not exist`);
      return { kind: 'group', group };
    }
    const name = entry.user_name ?? entry.service_principal_name ?? '';
    const wanted = entry.user_name ? 'user' : 'service-principal';
    const principal = this.#principals.find(name);
    if (!principal || principal.kind !== wanted) {
      throw notFound(`Principal: ${wanted === 'user' ? 'UserName' : 'ServicePrincipalName'}(${name}) does not exist`);
    }
    return { kind: 'principal', principal };
  }
}

const key = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

const rank = (kind: ObjectKind, level: string): number => (OBJECTS[kind].levels as readonly string[]).indexOf(level);

const isAdmins = (holder: Holder): boolean => holder.kind === 'group' && holder.group.displayName === 'admins';

function holderFields(holder: Holder): Record<string, string> {
  if (holder.kind === 'group') return { group_name: holder.group.displayName };
  const { principal } = holder;
  return principal.kind === 'user'
    ? { user_name: principal.userName, display_name: principal.displayName }
    : { service_principal_name: principal.userName, display_name: principal.displayName };
}
