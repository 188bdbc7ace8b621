import type { Client } from '@temporalio/client';
import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';

/** Everybody's seat, from the cohorts, which keep them; also after they have closed, while their history is there. */
export async function readRosters(temporal: Client, workshopId: string, cohorts: number): Promise<Seat[]> {
  const rosters = await Promise.all(
    Array.from({ length: cohorts }, (_, n) =>
      temporal.workflow.getHandle(cohortAddress(workshopId, n)).query<readonly Seat[]>(MESSAGES.roster),
    ),
  );
  return rosters.flat();
}
