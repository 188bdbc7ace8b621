import { formatMoney } from '../money/money.ts';
import { meteredCost, type MeteredCost } from '../money/metered-cost.ts';
import { HEADINGS, isOnTheDay } from '../replayed/checklist/lines.ts';
import type { Progress } from '../replayed/checklist/progress.ts';
import type { PoolWaits } from '../replayed/made/pool-waits.ts';
import type { LastLook } from '../replayed/checklist/progress.ts';
import { formatDuration } from '../replayed/time/format-duration.ts';
import type { Seat } from '../replayed/seat/seat.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import type { RecordedPrices } from '../money/metered-cost.ts';
import type { Forecast } from './forecast.ts';
import type { PeopleStanding } from './people.ts';
import type { Trouble } from './troubles.ts';
import { stepsOf, stepsOfGone, type Step } from './steps.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import { clockTime, nextMoment } from '../clock/clock.ts';

/** All that `status` shows. */
export interface StatusView {
  readonly progress: Progress;
  readonly verdict: Verdict;
  readonly forecast?: Forecast | undefined;
  readonly steps: readonly Step[];
  readonly troubles: readonly Trouble[];
  readonly next?: { readonly name: string; readonly at: number } | undefined;
  readonly poolWaits?: PoolWaits | undefined;
  /** What clusters have cost so far, about, in words. */
  readonly cost?: string | undefined;
  /** The address of the workshop's page in Temporal, where that is known. */
  readonly temporalPage?: string | undefined;
  /** The last listing of clusters, where it is older than it should be, in words. */
  readonly stale?: string | undefined;
  /** After the Setup block: who was not connected yet, in words. */
  readonly room?: string | undefined;
  /** Messages that ask for somebody, in words. */
  readonly messages?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timeZone: string;
}

/** What was recorded at the start, as far as a picture needs it. */
export interface AboutForStatus {
  readonly timeZone: string;
  readonly timeline: Timeline;
  readonly speed?: number;
  readonly prices?: RecordedPrices;
}

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

/** What was spent so far at the plan's prices: the same sum as in the report, which is written at the end. */
export function costSoFar(
  about: AboutForStatus | undefined,
  people: PeopleStanding | undefined,
  { attendees, beside = { clusterUpMs: 0, poolIdleMs: 0 } }: Progress,
): MeteredCost | undefined {
  if (about?.prices === undefined) return undefined;
  const { prices, speed = 1 } = about;
  const ofSeats = people?.clusterUpMs ?? attendees.upMs * speed;
  const clusterUpMs = ofSeats + beside.clusterUpMs * speed;
  const poolIdleMs = beside.poolIdleMs * speed;
  const appsUpMs = (beside.appsUpMs ?? 0) * speed;
  return meteredCost({ clusterUpMs, poolIdleMs, appsUpMs }, prices);
}

function costWords(about: AboutForStatus | undefined, people: PeopleStanding | undefined, progress: Progress) {
  const cost = costSoFar(about, people, progress);
  if (cost === undefined || cost.total === 0) return undefined;
  const { total, apps, currency } = cost;
  const ofApps = apps === 0 ? '' : `, ${formatMoney(apps, currency)} of it for people's apps`;
  return `Spent${progress.status === 'finished' ? '' : ' so far'}: about ${formatMoney(total, currency)}${ofApps}`;
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
  const { peopleStanding } = await import('./people.ts');
  return peopleStanding(seats, { now, start, speed, bootMs: attendees.slowestBootMs, launches: attendees.launches });
}
