import type { LetterName } from '../../domain/messages/letter-names.ts';
import type { Texts } from '../../domain/messages/letter-texts.ts';
import { notConnected, notTried, ready, saveWork } from '../../domain/papers/letters-to-the-room.ts';
import type { Addressee } from '../../domain/papers/letters.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { isAttendee } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { notConnectedYet, whoIsConnected } from '../../domain/tunnels/connected.ts';
import { byForLetter, type Message } from '../../messages/notifier.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { laptopChecks } from '../../messages/laptop-checks.ts';
import { toAll } from '../../messages/to-all.ts';
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
  /** Clusters cannot download VS Code's server. */
  readonly laptopsFetchServer?: true;
}

/** Letters that are of use for a day, or for minutes. */
export const roomLetterActivities = ({ notifier, temporal, workspace, laptop, pages }: ActivityDeps, texts: Texts) => {
  return {
    /**
     * Writes to everybody whom it concerns: to those whose cluster serves, to those who have one and were not
     * connected, or to all. One letter a person, and cluster or end, however often it is asked for. Returns how many.
     */
    async writeToRoom(run: Run, request: RoomLetterRequest): Promise<number> {
      const { timeline, cohorts, about, policyId, laptopsFetchServer } = request;
      const plan = { ...request.plan, laptopsFetchServer };
      const seats = (await readRosters(temporal, run.workshopId, cohorts)).filter(isAttendee);
      const reader = (email: string, details: Addressee): Addressee => ({
        ...details,
        page: pages?.unsealed(run, plan, email),
      });
      const send = (email: string, name: string, letter: Omit<Message, 'to' | 'by'>) =>
        notifier.deliver(run, `${email}-${name}`, { to: email, ...byForLetter(plan, about), ...letter });

      if (about === 'save-work') {
        const end = new Date(timeline.end).toISOString().slice(0, 16).replace(':', '');
        await toAll(seats, ({ email, details }) =>
          send(email, `save-work-${end}`, saveWork(texts, { plan, timeline, to: reader(email, details) })),
        );
        return seats.length;
      }
      if (about === 'ready') {
        const serving = seats.flatMap(({ email, details, state, cluster }) =>
          state === 'ready' && cluster ? [{ email, to: reader(email, details), clusterId: cluster.id }] : [],
        );
        await toAll(serving, ({ email, to, clusterId }) =>
          send(email, `ready-${clusterId}`, ready(texts, { plan, to, clusterId })),
        );
        return serving.length;
      }

      const now = Date.now();
      // Whoever connected in the days before has a laptop that works.
      const since = about === 'not-tried' ? timeline.oneWeekBefore : undefined;
      const people = whoIsConnected(seats, await readListings(workspace, policyId, now, since), timeline, now);
      const missing = notConnectedYet(people).flatMap(({ email, name, table, cluster: clusterId }) =>
        clusterId === undefined ? [] : [{ email, to: reader(email, { name, table }), clusterId }],
      );
      const attachments = about === 'not-tried' ? await laptopChecks(laptop) : [];
      await toAll(missing, ({ email, to, clusterId }) =>
        about === 'not-tried'
          ? send(email, 'not-tried', { ...notTried(texts, { plan, timeline, to, clusterId }), attachments })
          : send(email, 'not-connected', notConnected(texts, { plan, to, clusterId })),
      );
      return missing.length;
    },
  };
};
