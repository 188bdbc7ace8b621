import type { LookedUp } from '../../domain/replayed/checklist/requests.ts';
import type { Person } from '../../domain/replayed/seat/seat.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { enrolledBefore } from './enrolled-before.ts';
import { SharedRead } from '../clusters/shared-read.ts';
import { addressesOf, inDirectory, lookedUp, readDirectory, type Directory } from './directory.ts';

/** Somebody who was there a minute ago is there; only an absence is worth another look. */
const FRESH_MS = 60_000;

/** Who is who in the workspace. One listing serves everybody who asks at the same time, whatever the roster's size. */
export const peopleActivities = ({ workspace, temporal, listingGap }: ActivityDeps) => {
  const directory = new SharedRead<Directory>(async () => {
    latest = await readDirectory(workspace);
    return latest;
  }, listingGap);
  let latest: Directory | undefined;
  const directoryFor = async (email: string): Promise<Directory> =>
    latest && Date.now() - latest.readAt < FRESH_MS && latest.byAddress.has(email) ? latest : directory.read();

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
      const found = inDirectory(await directoryFor(address), email);
      if (found.is !== 'there') throw lasting(found.is, found.cause, found.toDo);
      const { user, workspaceAccess } = found;
      const sameAs =
        cohort === undefined
          ? undefined
          : await enrolledBefore(temporal, run, { email: address, addresses: addressesOf(user), cohort });
      return { userName: user.userName, workspaceAccess, ...(sameAs === undefined ? {} : { sameAs }) };
    },

    /** What the workspace says of these addresses at this moment, in their order: for whoever is adding them. */
    async lookUpPeople(_run: Run, { emails }: { emails: readonly string[] }): Promise<LookedUp[]> {
      const read = await directory.read();
      return emails.map((email) => lookedUp(read, email));
    },
  };
};
