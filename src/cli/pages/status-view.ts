import { formatMoney } from '../../domain/money/money.ts';
import { meteredCost } from '../../domain/money/metered-cost.ts';
import { HEADINGS, isOnTheDay } from '../../domain/replayed/checklist/lines.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { PoolWaits } from '../../domain/replayed/made/pool-waits.ts';
import type { LastLook } from '../../domain/replayed/checklist/progress.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { PeopleStanding } from '../../domain/verdict/people.ts';
import { stepsOf, stepsOfGone } from '../../domain/verdict/steps.ts';
import { verdictOf } from '../../domain/verdict/verdict.ts';
import type { About } from '../../reader.ts';
import { clockTime, nextMoment } from '../terminal/clock.ts';
import type { StatusView } from './status-page.ts';

/** What was recorded at the start, as far as a picture needs it. */
export type AboutForStatus = Pick<About, 'timeZone' | 'timeline'> & Partial<Pick<About, 'speed' | 'prices'>>;

export interface StatusContext {
  readonly about?: AboutForStatus | undefined;
  readonly people?: PeopleStanding | undefined;
  readonly poolWaits?: PoolWaits | undefined;
  readonly isGone: boolean;
  readonly temporalPage?: string | undefined;
  readonly room?: string | undefined;
  readonly messages?: string | undefined;
  /** Of each cohort that has looked. */
  readonly looks?: readonly LastLook[] | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Judges and puts together what `status` shows. */
export function statusView(progress: Progress, context: StatusContext): StatusView {
  const { about, people, poolWaits, isGone, now, temporalPage, room, messages } = context;
  const timeZone = about?.timeZone ?? 'UTC';
  const next = nextMoment({ ...about?.timeline, start: progress.start, end: progress.end }, now, progress.heading);
  const steps = isGone ? stepsOfGone(progress, now) : stepsOf(progress);
  const troubles = people?.troubles ?? [];
  const forecast = people?.forecast;
  const when = (at: number) => clockTime(at, now, timeZone);
  const verdict = verdictOf({ progress, isGone, steps, troubles, forecast, next, now, when });
  const cost = costWords(about, people, progress);
  const stale = isGone ? undefined : staleWords(context.looks ?? [], now);
  return {
    progress,
    verdict,
    forecast,
    steps,
    troubles,
    next,
    poolWaits,
    cost,
    stale,
    temporalPage,
    room,
    messages,
    now,
    timeZone,
  };
}

/** The same sum as in the report, which is written at the end. */
function costWords(
  about: AboutForStatus | undefined,
  people: PeopleStanding | undefined,
  { attendees, beside = { clusterUpMs: 0, poolIdleMs: 0 }, status }: Progress,
) {
  if (about?.prices === undefined) return undefined;
  const { prices, speed = 1 } = about;
  const ofSeats = people?.clusterUpMs ?? attendees.upMs * speed;
  const clusterUpMs = ofSeats + beside.clusterUpMs * speed;
  const { total, currency } = meteredCost({ clusterUpMs, poolIdleMs: beside.poolIdleMs * speed }, prices);
  if (total === 0) return undefined;
  return `Spent${status === 'finished' ? '' : ' so far'}: about ${formatMoney(total, currency)}`;
}

/** A look that is late by this is due to a busy computer; by more, the workspace or the worker does not answer. */
const LATE_MS = 20_000;

/** How old the oldest of what is known is, where that is older than it should be. */
export function staleWords(looks: readonly LastLook[], now: number): string | undefined {
  const late = looks.filter(({ at, everyMs }) => now - at > 2 * everyMs + LATE_MS);
  const oldest = late.toSorted((a, b) => a.at - b.at)[0];
  if (oldest === undefined) return undefined;
  return (
    `The workspace was last listed ${formatDuration(now - oldest.at)} ago, and should be every ` +
    `${formatDuration(oldest.everyMs)}: clusters are shown as they were then.`
  );
}

/** People are asked only where one of them may be in trouble, or where it is told when they are ready. */
export function needsRoster({ attendees, status, heading }: Progress): boolean {
  if (status === 'finished') return false;
  if (isOnTheDay(HEADINGS.indexOf(heading))) return true;
  const { ready = 0, asleep = 0, parked = 0, enrolled = 0, released = 0 } = attendees.byState;
  const isCalm = ready + asleep + parked + enrolled + released === attendees.attendees && attendees.testersFailed === 0;
  return !isCalm || attendees.unwritten > 0;
}

/** What their seats tell. Loaded only when there is somebody to ask about. */
export async function standingOf(
  seats: readonly Seat[],
  { start, attendees }: Progress,
  { speed = 1 }: Pick<AboutForStatus, 'speed'>,
  now: number,
): Promise<PeopleStanding> {
  const { peopleStanding } = await import('../../domain/verdict/people.ts');
  return peopleStanding(seats, { now, start, speed, bootMs: attendees.slowestBootMs });
}
