import type { LookedUp } from '../../domain/replayed/checklist/requests.ts';
import type { Person } from '../../domain/replayed/seat/seat.ts';
import type { ScimGroup, ScimUser, Workspace } from '../../databricks/workspace.ts';
import { isForbidden } from '../retryable-failures.ts';

/** The workspace's users by all their addresses, in lower case. */
export interface Directory {
  readonly byAddress: ReadonlyMap<string, readonly ScimUser[]>;
  /** undefined: whoever asked may not read groups. */
  readonly groups: ReadonlyMap<string, ScimGroup> | undefined;
  /** Epoch milliseconds. */
  readonly readAt: number;
}

/** Lists all users and groups. Reads only. */
export async function readDirectory(workspace: Pick<Workspace, 'users' | 'groups'>): Promise<Directory> {
  const byAddress = new Map<string, ScimUser[]>();
  for await (const user of workspace.users.list()) {
    for (const address of addressesOf(user)) byAddress.set(address, [...(byAddress.get(address) ?? []), user]);
  }
  return { byAddress, groups: await readGroups(workspace), readAt: Date.now() };
}

async function readGroups(workspace: Pick<Workspace, 'groups'>): Promise<ReadonlyMap<string, ScimGroup> | undefined> {
  const groups = new Map<string, ScimGroup>();
  try {
    for await (const group of workspace.groups.list()) groups.set(group.id, group);
    return groups;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

export const addressesOf = (user: ScimUser): ReadonlySet<string> =>
  new Set([user.userName, ...user.emails].map((address) => address.trim().toLowerCase()));

/** One person by userName or any e-mail address, whatever the case. */
export type InDirectory =
  | { readonly is: 'there'; readonly user: ScimUser; readonly workspaceAccess: Person['workspaceAccess'] }
  | {
      readonly is: 'NOT_IN_WORKSPACE' | 'AMBIGUOUS' | 'INACTIVE' | 'NO_ACCESS';
      readonly cause: string;
      readonly toDo: string;
    };

/** What a directory says of one address (docs/facts/databricks-workspace.md section 10). */
export function inDirectory({ byAddress, groups }: Directory, email: string): InDirectory {
  const matches = byAddress.get(email.trim().toLowerCase()) ?? [];
  const [user] = matches;
  if (!user)
    return {
      is: 'NOT_IN_WORKSPACE',
      cause: `${email} is not a user of this workspace.`,
      toDo: `Add ${email} to the workspace; it is noticed by itself.`,
    };
  if (matches.length > 1)
    return {
      is: 'AMBIGUOUS',
      cause: `${email} belongs to ${matches.length} users: ${matches.map(({ userName }) => userName).join(', ')}.`,
      toDo: 'Write on the roster the userName of the one who is meant.',
    };
  if (!user.active)
    return {
      is: 'INACTIVE',
      cause: `${email} is deactivated in this workspace.`,
      toDo: 'Activate the user; it is noticed by itself.',
    };
  const workspaceAccess = accessOf(user, groups);
  if (workspaceAccess === 'no')
    return {
      is: 'NO_ACCESS',
      cause: `${email} has no workspace access.`,
      toDo: 'Give the user, or one of their groups, the entitlement workspace-access.',
    };
  return { is: 'there', user, workspaceAccess };
}

/** The same for whoever is about to add people. */
export function lookedUp(directory: Directory, email: string): LookedUp {
  const found = inDirectory(directory, email);
  if (found.is !== 'there') return { email, cause: found.cause, toDo: found.toDo };
  const others = [...addressesOf(found.user)].filter((address) => address !== email);
  return { email, userName: found.user.userName, ...(others.length > 0 ? { others } : {}) };
}

const WORKSPACE_ACCESS = 'workspace-access';

/** "unknown" rather than "no" as soon as one group cannot be read, or none is shown: access through it is possible. */
function accessOf(user: ScimUser, groups: Directory['groups']): Person['workspaceAccess'] {
  if (user.entitlements.includes(WORKSPACE_ACCESS)) return 'yes';
  if (groups === undefined || user.groups.length === 0) return 'unknown';
  const reached = new Set(user.groups.map(({ id }) => id ?? ''));
  // A set grows while it is walked: groups of groups, and theirs.
  for (const id of reached) {
    const group = groups.get(id);
    if (!group) return 'unknown';
    if (group.entitlements.includes(WORKSPACE_ACCESS)) return 'yes';
    for (const parent of groups.values()) if (parent.members.some((member) => member.id === id)) reached.add(parent.id);
  }
  return 'no';
}
