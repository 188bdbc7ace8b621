import { calledOff, goodbye, rescheduled } from '../../domain/papers/letters-of-change.ts';
import { letterForNow } from '../../domain/papers/letter-for-now.ts';
import { feedback, invitation, newCluster, type Addressee, type Letter } from '../../domain/papers/letters.ts';
import { calendarEntry, type CalendarEntry } from '../../domain/messages/calendar.ts';
import type { Texts } from '../../domain/messages/letter-texts.ts';
import type { Calendar } from '../../domain/replayed/outbox/outbox.ts';
import type { PersonsApp } from '../../domain/replayed/ending/apps-at-end.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import { isAttendee } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { lasting } from '../retryable-failures.ts';
import type { ActivityDeps } from '../deps.ts';
import { byForLetter, type Attachment } from '../../messages/notifier.ts';
import { laptopChecks } from '../../messages/laptop-checks.ts';
import { toAll } from '../../messages/to-all.ts';
import { askRosters, readRosters } from '../people/rosters.ts';
import type { Run } from '../run.ts';

export interface LetterRequest {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly email: string;
  /** The cluster that the letter before this one named: '' for none, undefined when there was no letter. */
  readonly before?: string | undefined;
  readonly clusterId?: string | undefined;
  /** That cluster runs and was seen to serve. */
  readonly isReady?: boolean;
  /** What it is about, where it leads to no new cluster: the start was moved, or the person takes part no longer. */
  readonly about?: 'moved' | 'taken out';
  /** Clusters cannot download VS Code's server: the laptop is to fetch it. */
  readonly laptopsFetchServer?: boolean;
  /** What the roster says of the person. */
  readonly details?: Details | undefined;
}

export interface FeedbackRequest {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly cohorts: number;
  /** Apps that people made; earlier versions named none. */
  readonly apps?: readonly PersonsApp[];
}

const namesOf = (apps: readonly PersonsApp[], email: string): string[] =>
  apps.filter(({ creator }) => creator.toLowerCase() === email.toLowerCase()).map(({ name }) => name);

/** One letter each: the same name is the same letter. */
function nameOf({ about, clusterId, timeline }: LetterRequest): string {
  if (about === 'taken out') return 'goodbye';
  if (about === 'moved') return `moved-to-${new Date(timeline.start).toISOString().slice(0, 16).replace(':', '')}`;
  return clusterId ?? 'invitation';
}

/** What goes into the reader's calendar with a letter: those that say when the workshop is, or that it is not. */
function entryWith(
  run: Run,
  { plan, timeline, email, before, about, details }: LetterRequest,
): { calendar?: Calendar } {
  const to = { email, name: details?.name };
  if (about === 'taken out') return { calendar: entry(run, { plan, timeline, to }, 'called off') };
  if (about === 'moved') return { calendar: entry(run, { plan, timeline, to }, 'moved') };
  return before === undefined ? { calendar: entry(run, { plan, timeline, to }, 'invited') } : {};
}

/** Each that is made later counts for more than those before it; within a second, a call-off more than a move. */
const entry = (
  run: Run,
  about: Pick<CalendarEntry, 'plan' | 'timeline' | 'to'>,
  change: 'invited' | 'moved' | 'called off',
): Calendar => {
  const now = Date.now();
  const method = change === 'called off' ? 'CANCEL' : 'REQUEST';
  const sequence = sequenceAt(now) + { invited: 0, moved: 1, 'called off': 2 }[change];
  return { method, text: calendarEntry({ ...about, runId: run.runId, method, sequence, now }) };
};

/** Quarters of a second, from a day on before which none was sent: 32 bits last for seventeen years. */
const sequenceAt = (now: number): number => 4 * Math.floor((now - Date.UTC(2026, 0, 1)) / 1_000);

/** What attendees read. */
export const letterActivities = ({ notifier, temporal, laptop, pages }: ActivityDeps, texts: Texts) => {
  let checks: Promise<Attachment[]> | undefined;
  const reader = (run: Run, plan: Plan, email: string, details: Details | undefined): Addressee => ({
    ...details,
    page: pages?.unsealed(run, plan, email),
  });
  return {
    /**
     * Idempotent: one letter a person, cluster and start, however often it is asked for. Non-retryable
     * LETTER_NOT_WRITTEN when the worker's folder cannot be written: that is said at once, and the seat tries again.
     */
    async deliverLetter(run: Run, request: LetterRequest): Promise<void> {
      const { timeline, email, before, clusterId, isReady, about, details, laptopsFetchServer } = request;
      const plan = { ...request.plan, laptopsFetchServer };
      const to = reader(run, plan, email, details);
      const attachments = before === undefined ? await (checks ??= laptopChecks(laptop)) : [];
      const letter = choose();
      try {
        await notifier.deliver(run, `${email}-${nameOf(request)}`, {
          to: email,
          ...byForLetter(plan, letter.letter),
          ...letter,
          ...entryWith(run, request),
          ...(attachments.length > 0 ? { attachments } : {}),
        });
      } catch (error) {
        throw isClosedFolder(error)
          ? lasting(
              'LETTER_NOT_WRITTEN',
              error.message,
              'Let the worker write that folder, or free space on its disk; the letter is tried again by itself.',
            )
          : error;
      }

      function choose(): Letter {
        if (about === 'taken out') return goodbye(texts, { plan, to });
        if (about === 'moved') return rescheduled(texts, { plan, timeline, to, ...(clusterId ? { clusterId } : {}) });
        if (before === undefined && Date.now() >= timeline.dayOf)
          return letterForNow(texts, {
            plan,
            timeline,
            to,
            isReady: isReady === true,
            ...(clusterId ? { clusterId } : {}),
          });
        if (before === undefined) return invitation(texts, { plan, timeline, to, ...(clusterId ? { clusterId } : {}) });
        return newCluster(texts, {
          plan,
          to,
          clusterId: clusterId ?? '',
          ...(before ? { previousClusterId: before } : {}),
        });
      }
    },

    /** To everybody who has had a letter: the workshop is called off. Idempotent. */
    async sendCancellation(
      run: Run,
      { plan, timeline, cohorts, reason }: { plan: Plan; timeline?: Timeline; cohorts: number; reason: string },
    ): Promise<number> {
      const { seats } = await askRosters(temporal, run.workshopId, cohorts);
      const invited = seats.filter(({ letter, takenOut }) => letter !== undefined && !takenOut);
      await toAll(invited, ({ email, details: to }) =>
        notifier.deliver(run, `${email}-cancelled`, {
          to: email,
          ...byForLetter(plan, 'called-off'),
          ...calledOff(texts, { plan, reason, to }),
          // An earlier version did not say when it was to be.
          ...(timeline
            ? { calendar: entry(run, { plan, timeline, to: { email, name: to?.name } }, 'called off') }
            : {}),
        }),
      );
      return invited.length;
    },

    /**
     * What was written while the plan named no channel, as it is true now, to everybody who has a letter. Idempotent.
     * Returns to how many.
     */
    async sendWritten(
      run: Run,
      request: { plan: Plan; timeline: Timeline; cohorts: number; laptopsFetchServer?: true },
    ): Promise<number> {
      const { timeline, cohorts, laptopsFetchServer } = request;
      const plan = { ...request.plan, laptopsFetchServer };
      const seats = (await readRosters(temporal, run.workshopId, cohorts)).filter(isAttendee);
      const written = seats.filter(({ letter }) => letter !== undefined);
      const attachments = await (checks ??= laptopChecks(laptop));
      await toAll(written, async ({ email, cluster, details: to }) => {
        const clusterId = cluster?.shared ? cluster.id : undefined;
        const about = { plan, timeline, to: reader(run, plan, email, to), ...(clusterId ? { clusterId } : {}) };
        const isReady = cluster?.state === 'RUNNING' && cluster.verified;
        const letter =
          Date.now() >= timeline.dayOf ? letterForNow(texts, { ...about, isReady }) : invitation(texts, about);
        await notifier.deliver(run, `${email}-sent-later`, {
          to: email,
          ...byForLetter(plan, letter.letter),
          ...letter,
          calendar: entry(run, { plan, timeline, to: { email, name: to?.name } }, 'invited'),
          ...(attachments.length > 0 ? { attachments } : {}),
        });
      });
      return written.length;
    },

    /** The same words to everybody who was there, by their names where these are known. Idempotent. */
    async sendFeedback(run: Run, { plan, timeline, cohorts, apps = [] }: FeedbackRequest): Promise<string> {
      const attendees = (await readRosters(temporal, run.workshopId, cohorts)).filter(isAttendee);
      await toAll(attendees, async ({ email, details }) => {
        const letter = feedback(texts, {
          plan,
          timeline,
          to: reader(run, plan, email, details),
          apps: namesOf(apps, email),
        });
        await notifier.deliver(run, `${email}-feedback`, { to: email, ...byForLetter(plan, 'feedback'), ...letter });
      });
      return `${attendees.length} letters written`;
    },
  };
};

/** What `node:fs` says of a folder that cannot be written; waiting seldom cures it. */
const CLOSED_FOLDER = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR']);
const isClosedFolder = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && CLOSED_FOLDER.has(String(error.code));
