import { setTimeout as wait } from 'node:timers/promises';
import type { Seat } from '../domain/replayed/seat/seat.ts';
import type { WorkshopReader } from '../reader.ts';
import { Refused } from '../temporal/client-errors.ts';

const LOOK_AGAIN_MS = 1_000;

/**
 * Everybody's seat in a workshop, once all have one: right after its start they get them one after the other, and
 * whoever is still missing could be put into another workspace, too.
 * @throws {Refused} where that takes longer; {NoAnswer} where nobody answers for it
 */
export async function everybodyIn(
  reader: Pick<WorkshopReader, 'roster' | 'planInForce'>,
  id: string,
  withinMs = 20_000,
): Promise<Seat[]> {
  for (const began = Date.now(); ; await wait(LOOK_AGAIN_MS)) {
    const { people, cohorts } = await reader.planInForce(id);
    const seats = await reader.roster(id, cohorts);
    if (seats.length >= people) return seats;
    if (Date.now() - began >= withinMs)
      throw new Refused(
        `Only ${seats.length} of ${people} people in "${id}" have their seat yet, and nobody is to be put into two ` +
          'workspaces. Try again in a minute.',
      );
  }
}
