import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import { takesPart } from '../../domain/replayed/seat/seat.ts';
import { by } from '../../messages/notifier.ts';
import type { ActivityDeps } from '../deps.ts';
import { toAll } from '../../messages/to-all.ts';
import { readRosters } from '../people/rosters.ts';
import type { Run } from '../run.ts';

/** What somebody in the room says to others of it. */
export interface WordsFromRoom {
  readonly text: string;
  /** An address of the roster; left out: everybody. */
  readonly to?: string | undefined;
}

/** How many were written to, and whether the plan names a channel by which it leaves. */
export interface Told {
  readonly people: number;
  readonly leaves: boolean;
}

/** As much of a text as a subject holds. */
const LONGEST_SUBJECT = 80;

/** Letters that helpers write on the day, in their own words. */
export const wordsFromRoomActivities = ({ notifier, temporal }: Pick<ActivityDeps, 'notifier' | 'temporal'>) => ({
  /**
   * Writes to one person or to everybody with a seat, by the channels of the plan in force. Once a person and text,
   * however often it is asked for.
   * @throws NOT_ON_THE_ROSTER
   */
  async tellRoom(run: Run, { text, to }: WordsFromRoom): Promise<Told> {
    const lifecycle = temporal.workflow.getHandle(workshopAddress(run.workshopId));
    const { plan, cohorts } = await lifecycle.query<PlanInForce>(MESSAGES.planInForce);
    const seats = await readRosters(temporal, run.workshopId, cohorts);
    const people = seats.filter((seat) => takesPart(seat) && (to === undefined || seat.email === to));
    if (to !== undefined && people.length === 0)
      throw ApplicationFailure.nonRetryable(`${to} is not on the roster.`, 'NOT_ON_THE_ROSTER', {
        toDo: `Look for the address: bin/workshop attendees list ${run.workshopId}`,
      });
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const message = { subject: `[${plan.title}] ${subjectOf(text)}`, text, ...by(plan, 'attendees') };
    await toAll(people, ({ email }) => notifier.deliver(run, `${email}-word-${digest}`, { to: email, ...message }));
    return { people: people.length, leaves: message.by !== undefined };
  },
});

function subjectOf(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.length <= LONGEST_SUBJECT ? line : `${line.slice(0, LONGEST_SUBJECT - 1)}…`;
}
