import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';

/** A query waits for a worker: one that will not answer must not be waited for as long as the caller may live. */
const LONGEST_WAIT_MS = 10_000;
const LONGEST_WHY = 300;

/** A cohort that could not be asked. */
export interface SilentCohort {
  readonly n: number;
  readonly why: string;
}

/** The seats of those cohorts that answer, and which do not: one of them takes nobody else's answer away. */
export async function askRosters(
  temporal: Client,
  workshopId: string,
  cohorts: number,
): Promise<{ seats: Seat[]; silent: SilentCohort[] }> {
  const numbers = Array.from({ length: cohorts }, (_, n) => n);
  const answers = await Promise.allSettled(numbers.map((n) => inTime(rosterOf(temporal, workshopId, n))));
  return {
    seats: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
    silent: answers.flatMap((answer, n) =>
      answer.status === 'rejected' ? [{ n, why: (answer.reason as Error).message.slice(0, LONGEST_WHY) }] : [],
    ),
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = wait(LONGEST_WAIT_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${LONGEST_WAIT_MS / 1_000} seconds`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** Everybody's seat, from the cohorts, which keep them; also after they have closed, while their history is there. */
export async function readRosters(temporal: Client, workshopId: string, cohorts: number): Promise<Seat[]> {
  const rosters = await Promise.all(Array.from({ length: cohorts }, (_, n) => rosterOf(temporal, workshopId, n)));
  return rosters.flat();
}

const rosterOf = (temporal: Client, workshopId: string, n: number): Promise<readonly Seat[]> =>
  temporal.workflow.getHandle(cohortAddress(workshopId, n)).query<readonly Seat[]>(MESSAGES.roster);
