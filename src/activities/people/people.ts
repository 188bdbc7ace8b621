import type { LookedUp } from '../../domain/replayed/checklist/requests.ts';
import type { Person } from '../../domain/replayed/seat/seat.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { enrolledBefore } from './enrolled-before.ts';
import { SharedRead } from '../clusters/shared-read.ts';
import { addressesOf, inDirectory, lookedUp, readDirectory, type Directory, type InDirectory } from './directory.ts';

/** Somebody who was found in the workspace. */
export interface Known {
  readonly key: string;
  readonly email: string;
  readonly person: Person;
}

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

  const personOf = async (
    run: Run,
    { user, workspaceAccess }: Extract<InDirectory, { is: 'there' }>,
    email: string,
    cohort: string | undefined,
  ): Promise<Person> => {
    const about = { email: email.trim().toLowerCase(), addresses: addressesOf(user) };
    const sameAs = cohort === undefined ? undefined : await enrolledBefore(temporal, run, { ...about, cohort });
    return { userName: user.userName, workspaceAccess, ...(sameAs === undefined ? {} : { sameAs }) };
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
      const found = inDirectory(await directoryFor(email.trim().toLowerCase()), email);
      if (found.is !== 'there') throw lasting(found.is, found.cause, found.toDo);
      return personOf(run, found, email, cohort);
    },

    /**
     * Which of these are not in the workspace as they were, by their keys: by a directory that was read after this was
     * asked. Why, `findPerson` says. Reads only.
     */
    async peopleWhoChanged(
      run: Run,
      { people, cohort }: { people: readonly Known[]; cohort: string },
    ): Promise<readonly string[]> {
      const read = await directory.read();
      const changed: string[] = [];
      for (const { key, email, person } of people) {
        const found = inDirectory(read, email);
        const isThere =
          found.is === 'there' &&
          found.user.userName === person.userName &&
          found.workspaceAccess === person.workspaceAccess;
        const isAsBefore = isThere && (await personOf(run, found, email, cohort)).sameAs === person.sameAs;
        if (!isAsBefore) changed.push(key);
      }
      return changed;
    },

    /** What the workspace says of these addresses at this moment, in their order: for whoever is adding them. */
    async lookUpPeople(_run: Run, { emails }: { emails: readonly string[] }): Promise<LookedUp[]> {
      const read = await directory.read();
      return emails.map((email) => lookedUp(read, email));
    },
  };
};
