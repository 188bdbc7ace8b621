import type { Texts } from '../../domain/messages/letter-texts.ts';
import { notConnected, saveWork } from '../../domain/papers/letters-to-the-room.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { isAttendee } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { notConnectedYet, whoIsConnected } from '../../domain/tunnels/connected.ts';
import { by } from '../../messages/notifier.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { readListings } from '../people/connections.ts';
import { readRosters } from '../people/rosters.ts';

/** What the room is told while it works. */
export type RoomLetter = 'not connected' | 'save work';

export interface RoomLetterRequest {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly cohorts: number;
  readonly about: RoomLetter;
  /** Of the workshop's clusters. */
  readonly policyId?: string | undefined;
}

/** Letters that are of use for minutes only. */
export const roomLetterActivities = ({ notifier, temporal, workspace }: ActivityDeps, texts: Texts) => {
  return {
    /**
     * Writes to everybody whom it concerns: to those who have a cluster and were not connected today, or to all. One
     * letter a person and end, however often it is asked for. Returns how many.
     */
    async writeToRoom(run: Run, { plan, timeline, cohorts, about, policyId }: RoomLetterRequest): Promise<number> {
      const seats = (await readRosters(temporal, run.workshopId, cohorts)).filter(isAttendee);
      const mail = by(plan, 'attendees');
      if (about === 'save work') {
        const end = new Date(timeline.end).toISOString().slice(0, 16).replace(':', '');
        for (const { email, details: to } of seats)
          await notifier.deliver(run, `${email}-save-work-${end}`, {
            to: email,
            ...mail,
            ...saveWork(texts, { plan, timeline, to }),
          });
        return seats.length;
      }
      const now = Date.now();
      const people = whoIsConnected(seats, await readListings(workspace, policyId, now), timeline, now);
      const missing = notConnectedYet(people).filter(({ cluster }) => cluster !== undefined);
      for (const { email, name, table, cluster = '' } of missing)
        await notifier.deliver(run, `${email}-not-connected`, {
          to: email,
          ...mail,
          ...notConnected(texts, { plan, to: { name, table }, clusterId: cluster }),
        });
      return missing.length;
    },
  };
};
