import type { LetterName } from '../../domain/messages/letter-names.ts';
import type { Texts } from '../../domain/messages/letter-texts.ts';
import { notConnected, notTried, ready, saveWork } from '../../domain/papers/letters-to-the-room.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { isAttendee } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { notConnectedYet, whoIsConnected } from '../../domain/tunnels/connected.ts';
import { byForLetter, type Message } from '../../messages/notifier.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { laptopChecks } from './laptop-checks.ts';
import { readListings } from '../people/connections.ts';
import { readRosters } from '../people/rosters.ts';

/** What people are told the day before, and what the room is told while it works. */
export type RoomLetter = Extract<LetterName, 'not-tried' | 'ready' | 'not-connected' | 'save-work'>;

export interface RoomLetterRequest {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly cohorts: number;
  readonly about: RoomLetter;
  /** Of the workshop's clusters. */
  readonly policyId?: string | undefined;
}

/** Letters that are of use for a day, or for minutes. */
export const roomLetterActivities = ({ notifier, temporal, workspace, laptop }: ActivityDeps, texts: Texts) => {
  return {
    /**
     * Writes to everybody whom it concerns: to those whose cluster serves, to those who have one and were not
     * connected, or to all. One letter a person, and cluster or end, however often it is asked for. Returns how many.
     */
    async writeToRoom(run: Run, { plan, timeline, cohorts, about, policyId }: RoomLetterRequest): Promise<number> {
      const seats = (await readRosters(temporal, run.workshopId, cohorts)).filter(isAttendee);
      const send = (email: string, name: string, letter: Omit<Message, 'to' | 'by'>) =>
        notifier.deliver(run, `${email}-${name}`, { to: email, ...byForLetter(plan, about), ...letter });

      if (about === 'save-work') {
        const end = new Date(timeline.end).toISOString().slice(0, 16).replace(':', '');
        for (const { email, details: to } of seats)
          await send(email, `save-work-${end}`, saveWork(texts, { plan, timeline, to }));
        return seats.length;
      }
      if (about === 'ready') {
        const serving = seats.flatMap(({ email, details: to, state, cluster }) =>
          state === 'ready' && cluster ? [{ email, to, clusterId: cluster.id }] : [],
        );
        for (const { email, to, clusterId } of serving)
          await send(email, `ready-${clusterId}`, ready(texts, { plan, to, clusterId }));
        return serving.length;
      }

      const now = Date.now();
      // Whoever connected in the days before has a laptop that works.
      const since = about === 'not-tried' ? timeline.oneWeekBefore : undefined;
      const people = whoIsConnected(seats, await readListings(workspace, policyId, now, since), timeline, now);
      const missing = notConnectedYet(people).flatMap(({ email, name, table, cluster: clusterId }) =>
        clusterId === undefined ? [] : [{ email, to: { name, table }, clusterId }],
      );
      const attachments = about === 'not-tried' ? await laptopChecks(laptop) : [];
      for (const { email, to, clusterId } of missing)
        if (about === 'not-tried')
          await send(email, 'not-tried', { ...notTried(texts, { plan, timeline, to, clusterId }), attachments });
        else await send(email, 'not-connected', notConnected(texts, { plan, to, clusterId }));
      return missing.length;
    },
  };
};
