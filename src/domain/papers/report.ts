import { answersOf, type AnswersGiven } from './answers-given.ts';
import type { Hop } from '../replayed/canary/hops.ts';
import type { LifecycleState } from '../replayed/checklist/lifecycle-state.ts';
import type { Plan } from '../plan/plan.ts';
import { isLookedAfter } from '../replayed/seat/seat-state.ts';
import { isAttendee, type Seat } from '../replayed/seat/seat.ts';
import { appsInReport, type AppsInReport, type OwnMachine } from './apps-in-report.ts';
import { endedWords, isProven, type ProofOfRemoval } from '../replayed/ending/teardown-report.ts';
import { withLearnt, type WithLearnt } from '../replayed/time/learnt-launches.ts';
import type { Totals } from '../replayed/seat/totals.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import { MINUTE } from '../replayed/time/units.ts';
import { isLate } from '../verdict/late.ts';
import { whyNoneWasLaunched } from '../verdict/why-none-was-launched.ts';

/**
 * What is proven and what it cost, for people and programs. The keys of {@link Report} are relied on by others: add,
 * never rename.
 */
export interface Report extends WithLearnt {
  readonly workshop: {
    readonly id: string;
    readonly title: string;
    readonly runId: string;
    readonly workspace: string;
    readonly start: string;
    readonly end: string;
    readonly timeZone: string;
    readonly outcome: 'finished' | 'cancelled';
  };
  readonly attendees: {
    readonly total: number;
    /** At the start. Reports of older versions count all who ever were. */
    readonly ready: number;
    /** Only after the start; missing when nobody. */
    readonly later?: number;
    /** Never. */
    readonly failed: number;
    readonly removed: number;
  };
  readonly clusters: { readonly created: number; readonly deleted: number; readonly left: number };
  readonly pool: { readonly created: number; readonly deleted: number };
  readonly kept: readonly string[];
  /**
   * What became of files outside people's work folders, as last seen. `asleep`: their cluster fell asleep, which erases
   * its disk, before the last look. Reports of older versions lack it.
   */
  readonly saved?: {
    readonly saved: number;
    readonly nothing: number;
    readonly asleep: number;
    readonly failed: readonly { readonly email: string; readonly said: string }[];
    readonly inPart: readonly { readonly email: string; readonly said: string }[];
  };
  /**
   * What is only said by people's own clusters: whoever has one is root there, and no key could be kept from them that
   * would make it more. Reports of older versions lack it.
   */
  readonly unchecked?: readonly string[];
  /** What people may still do that the workshop let them do. Reports of older versions lack it. */
  readonly rights?: RightsAtEnd;
  readonly cost: {
    readonly currency: string;
    readonly estimate: number;
    readonly actual: number;
    /** Of the actual cost, what people's apps took. Reports of older versions lack it. */
    readonly apps?: number;
    readonly note: string;
  };
  readonly proof: ProofOfRemoval;
  /**
   * Apps that the workshop's people made during it, as they were when looked at last. Missing where the plan wants no
   * apps, and in reports of older versions.
   */
  readonly apps?: AppsInReport;
  /**
   * Machines that people of the workshop made for themselves since they were invited: not ours, and left alone. Missing
   * when there is none, and in reports of older versions.
   */
  readonly ownMachines?: readonly OwnMachine[];
  readonly notReady: readonly { readonly email: string; readonly cause: string; readonly toDo: string }[];
  /** Those who were ready only after the start, the latest last. Reports of older versions lack it. */
  readonly readyLater?: readonly {
    readonly email: string;
    readonly readyAt: string;
    readonly minutesAfterStart: number;
  }[];
  /**
   * Those who were ready, and whose cluster failed all the same, earlier or later. Reports of older versions lack it.
   */
  readonly troubled?: readonly {
    readonly email: string;
    readonly launchesLost: number;
    readonly cause: string;
    readonly toDo: string;
  }[];
  /** What this report does not know, and why. Reports of older versions lack it. */
  readonly missing?: readonly string[];
  /** Who called it off, why, and when (ISO 8601). Reports of older versions lack it. */
  readonly cancelled?: { readonly by: string; readonly reason: string; readonly at: string };
  /** Who amended which fields of the plan, and when (ISO 8601). Missing when nobody did. */
  readonly amended?: readonly { readonly by: string; readonly at: string; readonly fields: readonly string[] }[];
  /** Who had the rest of the grace after the end skipped. */
  readonly graceSkipped?: { readonly by: string; readonly reason: string };
  readonly checklist: readonly {
    readonly id: string;
    readonly title: string;
    readonly state: string;
    /** It was to be done before the start, and was done after it. */
    readonly late?: true;
    readonly evidence?: string;
    readonly hops?: readonly Hop[];
    /** Everything that people said of it. Reports of older versions lack it. */
    readonly answers?: AnswersGiven;
  }[];
}

/** Rights that were granted for the workshop, when it was over. */
export interface RightsAtEnd {
  /** From how many people everything was taken back that they had not held before. */
  readonly takenBack: number;
  /** What stays, and why, in sentences. */
  readonly kept: readonly string[];
  /** SQL for an admin, that takes away what could not be taken away. */
  readonly commands: readonly string[];
}

/** The cluster of somebody who was removed went with them. */
const wentEarlier = ({ takenOut, cluster }: Seat): boolean => takenOut !== undefined && cluster?.state === 'GONE';

/** Puts a report together from what the lifecycle, its cohorts and its teardown know. */
export function reportOf({
  plan,
  timeline,
  run,
  seats,
  state,
  estimate,
  actual,
  forApps,
  silent = [],
  rights,
  ownMachines,
}: {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly run: { readonly runId: string };
  readonly seats: readonly Seat[];
  readonly state: LifecycleState;
  /** In the plan's currency. */
  readonly estimate: number;
  readonly actual: number;
  readonly forApps?: number;
  /** Cohorts that could not be asked: of them is known what they last told the lifecycle. */
  readonly silent?: readonly { readonly n: number; readonly why: string }[];
  readonly rights?: RightsAtEnd;
  /** In words why, where the workspace does not say. */
  readonly ownMachines?: readonly OwnMachine[] | string;
}): Report {
  const attendees = seats.filter(isAttendee);
  const ready = attendees.filter(({ readyAt }) => readyAt !== undefined);
  const later = ready
    .flatMap(({ email, readyAt = 0 }) => (readyAt > timeline.start ? [{ email, readyAt }] : []))
    .toSorted((a, b) => a.readyAt - b.readyAt);
  const notReady = attendees.filter(({ readyAt }) => readyAt === undefined);
  const unasked = silent.map(({ n, why }) => ({ n, why, last: state.totals[n]?.totals }));
  // Added so late that nobody was there to give them a seat.
  const seatless = state.toEnrol.filter(
    (email) => !state.guests.includes(email) && !seats.some((seat) => seat.email === email),
  );
  const total = attendees.length + seatless.length + unasked.reduce((sum, { last }) => sum + (last?.attendees ?? 0), 0);
  const readyInAll = ready.length + unasked.reduce((sum, { last }) => sum + (last?.everReady ?? 0), 0);
  const { cancelled, teardown: gone } = state;
  const unknown = typeof ownMachines === 'string' ? [ownMachines] : [];
  const missing = [...unasked.map(whatIsMissing), ...endedWords(gone ?? {}), ...unknown];
  const left = gone?.clustersLeft ?? 0;
  const saved = savedOf(attendees);
  const seenThere = attendees.filter((seat) => isLookedAfter(seat) && seat.saved?.kept === true).length;
  const kept = [
    ...(seenThere > 0
      ? [`the work folders of ${seenThere} people, seen there: /Workspace/Users/<person>/claude-workshop`]
      : []),
    `cluster policy "${plan.compute.policy}"`,
    `init scripts in ${plan.unityCatalog.scripts}`,
    `logs in ${plan.unityCatalog.logs}`,
    ...(gone?.poolKept ? ['the instance pool, with nothing idle'] : []),
  ];
  return {
    workshop: {
      id: plan.id,
      title: plan.title,
      runId: run.runId,
      workspace: plan.workspace,
      timeZone: plan.timeZone,
      start: new Date(timeline.start).toISOString(),
      end: new Date(timeline.end).toISOString(),
      outcome: cancelled ? 'cancelled' : 'finished',
    },
    attendees: {
      total,
      ready: readyInAll - later.length,
      ...(later.length > 0 ? { later: later.length } : {}),
      failed: total - readyInAll,
      // By what the workspace shows, not by what a workflow said last that may have been ended.
      removed: gone?.stage === 'done' && isProven({ ...gone, clusters: { left } }) ? total - seatless.length : 0,
    },
    clusters: {
      created: Math.max(
        seats.reduce((sum, { clusters }) => sum + clusters, 0) +
          unasked.reduce((sum, { last }) => sum + (last?.clustersCreated ?? 0), 0) +
          state.canaries,
        (gone?.clustersSeen ?? 0) + state.canariesRemoved + seats.filter(wentEarlier).length,
      ),
      deleted: (gone?.clustersDeleted ?? 0) + state.canariesRemoved + seats.filter(wentEarlier).length,
      left,
    },
    ...withLearnt(seats),
    pool: { created: state.poolsCreated, deleted: gone?.poolsDeleted ?? 0 },
    kept,
    saved,
    ...(seats.some(({ proof, saved: told }) => proof ?? told)
      ? { unchecked: ['what checks on their clusters found', 'what was saved of their files', 'logs of init scripts'] }
      : {}),
    ...(rights ? { rights } : {}),
    cost: {
      currency: plan.prices.currency,
      estimate,
      actual,
      ...(forApps === undefined ? {} : { apps: forApps }),
      note: 'metered, not the invoice',
    },
    proof: gone?.proof ?? { first: null, second: null, clusters: 0, pools: 0 },
    ...(state.apps ? { apps: appsInReport(state.apps) } : {}),
    ...(typeof ownMachines === 'object' && ownMachines.length > 0 ? { ownMachines } : {}),
    notReady: [
      ...notReady.map(({ email, diagnosis, lost }) => {
        // Whoever was just being tried again is not failed at this moment.
        const { cause, toDo } = diagnosis ?? lost?.last ?? whyNoneWasLaunched(state);
        return { email, cause, toDo };
      }),
      ...seatless.map((email) => ({
        email,
        cause: 'was enrolled, and the workshop was over before there was a seat',
        toDo: 'Tell them; if the workshop is held again, add them before it begins.',
      })),
    ],
    readyLater: later.map(({ email, readyAt }) => ({
      email,
      readyAt: new Date(readyAt).toISOString(),
      minutesAfterStart: Math.round((readyAt - timeline.start) / MINUTE),
    })),
    troubled: ready.flatMap(({ email, lost }) =>
      lost ? [{ email, launchesLost: lost.launches, cause: lost.last.cause, toDo: lost.last.toDo }] : [],
    ),
    ...(missing.length > 0 ? { missing } : {}),
    ...(cancelled ? { cancelled: { ...cancelled, at: new Date(cancelled.at).toISOString() } } : {}),
    ...(state.amended && state.amended.log.length > 0
      ? {
          amended: state.amended.log.map(({ by, at, fields }) => ({ by, at: new Date(at).toISOString(), fields })),
        }
      : {}),
    ...(state.graceSkipped ? { graceSkipped: { by: state.graceSkipped.by, reason: state.graceSkipped.reason } } : {}),
    checklist: state.items
      .filter(({ id }) => id !== 'report')
      .map((item) => ({
        id: item.id,
        title: item.title,
        state: item.state,
        ...(isLate(item, timeline.start) ? { late: true as const } : {}),
        ...(item.evidence ? { evidence: item.evidence } : {}),
        ...(item.hops ? { hops: item.hops } : {}),
        ...(item.said ? { answers: answersOf(item.said) } : {}),
      })),
  };
}

const whatIsMissing = ({ n, why, last }: { n: number; why: string; last: Totals | undefined }): string =>
  `Cohort ${n} could not be asked (${why}). ` +
  (last
    ? `Its ${last.attendees} people are counted as it last told (${last.everReady} were ready)`
    : 'Nobody knows how many people are in it') +
  '; their names, their trouble and what was saved of theirs are not in here.';

/** Only of those whose cluster once ran: nobody else can have made anything. */
function savedOf(attendees: readonly Seat[]): NonNullable<Report['saved']> {
  const had = attendees.filter(({ proof, saved }) => proof !== undefined || saved !== undefined);
  const last = had.filter(isLookedAfter);
  const count = (state: string) => last.filter(({ saved }) => saved?.state === state).length;
  return {
    saved: count('saved'),
    nothing: count('nothing'),
    asleep: had.length - last.length + count('asleep'),
    inPart: last.flatMap(({ email, saved }) =>
      saved?.state === 'saved' && (saved.left ?? 0) > 0 ? [{ email, said: saved.said }] : [],
    ),
    failed: last.flatMap(({ email, saved }) =>
      saved?.state === 'failed' || saved?.state === 'unseen' ? [{ email, said: saved.said }] : [],
    ),
  };
}
