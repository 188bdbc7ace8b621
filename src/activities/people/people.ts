import type { Person } from '../../domain/replayed/seat/seat.ts';
import type { ScimGroup, ScimUser } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import { isForbidden, lasting } from '../activity-failure.ts';
import type { Run } from '../run.ts';
import { enrolledBefore } from './enrolled-before.ts';
import { SharedRead } from '../clusters/shared-read.ts';

interface Directory {
  readonly byAddress: ReadonlyMap<string, readonly ScimUser[]>;
  /** undefined: the worker may not read groups. */
  readonly groups: ReadonlyMap<string, ScimGroup> | undefined;
  readonly readAt: number;
}

/** Somebody who was there a minute ago is there; only an absence is worth another look. */
const FRESH_MS = 60_000;

/** Who is who in the workspace. One listing serves everybody who asks at the same time, whatever the roster's size. */
export const peopleActivities = ({ workspace, temporal, listingGap }: ActivityDeps) => {
  const directory = new SharedRead<Directory>(async () => {
    const byAddress = new Map<string, ScimUser[]>();
    for await (const user of workspace.users.list()) {
      for (const address of addressesOf(user)) byAddress.set(address, [...(byAddress.get(address) ?? []), user]);
    }
    latest = { byAddress, groups: await readGroups(), readAt: Date.now() };
    return latest;
  }, listingGap);
  let latest: Directory | undefined;
  const directoryFor = async (email: string): Promise<Directory> =>
    latest && Date.now() - latest.readAt < FRESH_MS && latest.byAddress.has(email) ? latest : directory.read();

  const readGroups = async () => {
    const groups = new Map<string, ScimGroup>();
    try {
      for await (const group of workspace.groups.list()) groups.set(group.id, group);
      return groups;
    } catch (error) {
      if (isForbidden(error)) return undefined;
      throw error;
    }
  };

  return {
    /**
     * Finds one person by userName or any e-mail address, whatever the case
     * (docs/facts/databricks-workspace.md section 10). Non-retryable NOT_IN_WORKSPACE, AMBIGUOUS, INACTIVE or NO_ACCESS
     * when the workspace has no such person to give a cluster to.
     * @param cohort workflow id of the cohort that asks; with it, the same user's address that was enrolled earlier is
     * named
     */
    async findPerson(run: Run, { email, cohort }: { email: string; cohort?: string }): Promise<Person> {
      const address = email.trim().toLowerCase();
      const read = await directoryFor(address);
      const matches = read.byAddress.get(address) ?? [];
      const [user] = matches;
      if (!user) {
        throw lasting(
          'NOT_IN_WORKSPACE',
          `${email} is not a user of this workspace.`,
          `Add ${email} to the workspace; it is noticed by itself.`,
        );
      }
      if (matches.length > 1) {
        throw lasting(
          'AMBIGUOUS',
          `${email} belongs to ${matches.length} users: ${matches.map(({ userName }) => userName).join(', ')}.`,
          'Write on the roster the userName of the one who is meant.',
        );
      }
      if (!user.active)
        throw lasting(
          'INACTIVE',
          `${email} is deactivated in this workspace.`,
          'Activate the user; it is noticed by itself.',
        );
      const workspaceAccess = accessOf(user, read.groups);
      if (workspaceAccess === 'no') {
        throw lasting(
          'NO_ACCESS',
          `${email} has no workspace access.`,
          'Give the user, or one of their groups, the entitlement workspace-access.',
        );
      }
      const sameAs =
        cohort === undefined
          ? undefined
          : await enrolledBefore(temporal, run, { email: address, addresses: addressesOf(user), cohort });
      return { userName: user.userName, workspaceAccess, ...(sameAs === undefined ? {} : { sameAs }) };
    },
  };
};

const addressesOf = (user: ScimUser): ReadonlySet<string> =>
  new Set([user.userName, ...user.emails].map((address) => address.trim().toLowerCase()));

const WORKSPACE_ACCESS = 'workspace-access';

/** "unknown" rather than "no" as soon as one group cannot be read, or none is shown: access through it is possible. */
function accessOf(user: ScimUser, groups: ReadonlyMap<string, ScimGroup> | undefined): Person['workspaceAccess'] {
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
