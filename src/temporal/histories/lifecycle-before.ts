import { cohortAddress, workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { amendedPlan } from '../../domain/replayed/checklist/amendment.ts';
import { adoptedState, type Kept } from '../../domain/replayed/checklist/adopted-state.ts';
import { timelineTakenOver } from '../../domain/replayed/checklist/timeline-taken-over.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { TemporalReads } from '../reads.ts';
import { readInput } from './lifecycle-run.ts';

/**
 * The state to begin with for whoever takes this run over: with all that the earlier lifecycle knew last. It is asked
 * of a worker; where none answers, what it began its last page with has to do.
 * @param startBefore the start that was recorded for the earlier one, epoch milliseconds
 * @returns undefined when nothing is known of it any more
 */
export async function stateAfter(
  reads: TemporalReads,
  id: string,
  fresh: LifecycleState,
  about: {
    readonly runId: string;
    readonly plan: Plan;
    readonly timeline: Timeline;
    readonly startBefore: number;
  },
): Promise<{ readonly state: LifecycleState; readonly kept: Kept } | undefined> {
  const input = (await readInput(reads, id)) as Input | undefined;
  const before = await lastKnown(reads, id, input);
  if (before === undefined) return undefined;
  const timeline = timelineTakenOver(input?.timeline, before.timeline, about.timeline);
  const cohorts = before.cohorts.map((_, n) => cohortAddress(id, n));
  const standings = await Promise.all(cohorts.map((cohort) => reads.describe(cohort)));
  const rosters = await Promise.all(
    cohorts.map((cohort) => reads.query<readonly Seat[]>(cohort, MESSAGES.roster).catch(() => [])),
  );
  const adopted = adoptedState(fresh, before, {
    file: about.plan,
    began: input?.plan,
    runId: about.runId,
    start: timeline.start,
    startBefore: before.timeline?.start ?? about.startBefore,
    cohortsStay: standings.every(({ state, isCompleted }) => state !== 'none' && !isCompleted),
    known: rosters.flat().flatMap(({ email, takenOut }) => (takenOut ? [] : [email])),
  });
  // The file's own moments stay the input's: whoever takes it over next compares with them again.
  return timeline === about.timeline ? adopted : { ...adopted, state: { ...adopted.state, timeline } };
}

/** When the workshop takes place for whoever takes it over with this file. */
export async function timelineAfter(reads: TemporalReads, id: string, file: Timeline): Promise<Timeline> {
  const input = (await readInput(reads, id)) as Input | undefined;
  return timelineTakenOver(input?.timeline, (await lastKnown(reads, id, input))?.timeline, file);
}

/** The model that people's clusters ask: what it began with, and what was amended of that. */
export async function modelBefore(reads: TemporalReads, id: string): Promise<string | undefined> {
  const input = (await readInput(reads, id)) as Input | undefined;
  if (input?.plan === undefined) return undefined;
  const before = await lastKnown(reads, id, input);
  return amendedPlan(input.plan, before?.amended?.fields).serving.model;
}

/** What its latest run began with. */
interface Input {
  readonly plan?: Plan;
  readonly timeline?: Timeline;
  readonly state?: LifecycleState;
}

async function lastKnown(
  reads: TemporalReads,
  id: string,
  input: Input | undefined,
): Promise<LifecycleState | undefined> {
  try {
    return await reads.query<LifecycleState>(workshopAddress(id), MESSAGES.snapshot);
  } catch {
    return input?.state;
  }
}
