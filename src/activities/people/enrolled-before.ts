import type { Client } from '@temporalio/client';
import { attendeeAddress, cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import type { Run } from '../run.ts';
import { workflowStatus } from '../workflow-status.ts';
import { readRosters } from './rosters.ts';

/** Nobody's workshop has more; an id that is no cohort's is not looked for any longer. */
const MOST_COHORTS = 100;

/**
 * Another address of the same user that got its seat before this one; undefined when this is the first. Usually the
 * user has no second seat, and one look for each other address shows it.
 * @param about the address that asks, all addresses of its user in lower case, and the workflow id of its cohort
 */
export async function enrolledBefore(
  temporal: Client,
  run: Run,
  about: { readonly email: string; readonly addresses: ReadonlySet<string>; readonly cohort: string },
): Promise<string | undefined> {
  const others: string[] = [];
  for (const other of about.addresses) {
    if (other !== about.email && (await isOpen(temporal, attendeeAddress(run.workshopId, seatKey(run.runId, other)))))
      others.push(other);
  }
  if (others.length === 0) return undefined;
  let cohorts = 1;
  while (cohortAddress(run.workshopId, cohorts - 1) !== about.cohort && cohorts < MOST_COHORTS) cohorts += 1;
  // Cohorts keep their seats in the order of enrolment.
  const emails = (await readRosters(temporal, run.workshopId, cohorts)).map(({ email }) => email);
  const mine = emails.indexOf(about.email);
  return emails.slice(0, mine === -1 ? emails.length : mine).find((email) => others.includes(email));
}

async function isOpen(temporal: Client, workflowId: string): Promise<boolean> {
  return (await workflowStatus(temporal, workflowId))?.status === 'running';
}
