import { checklistFor } from '../../../src/domain/replayed/checklist/item.ts';
import { newLifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import type { Queues } from '../../../src/domain/replayed/made/addresses.ts';
import { paceAt, type Pace } from '../../../src/domain/replayed/time/pace.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import type { Timeline } from '../../../src/domain/replayed/time/timeline.ts';
import type { WorkshopInput } from '../../../src/workflows/workshop/lifecycle.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Long enough for every block of the agenda to be told apart; each hour more is seconds of a test. */
export const EVENT = 2 * HOUR;

/**
 * A real workshop's pace; but an activity that sleeps through skipped time cannot heartbeat as often as a real one, and
 * each look of an impatient one costs the server real time. No activity may outlast its own timeout: one that is left
 * behind asleep goes on letting time pass for everybody. And the test server breaks a workflow whose timer fires while
 * it is being cancelled: reminders must not fall on the moments at which pages turn, whole days later.
 */
export const REAL_PACE: Pace = {
  ...paceAt(1),
  heartbeat: 2 * HOUR,
  watchMoving: MINUTE,
  watchQuiet: 10 * MINUTE,
  watchModel: 30 * MINUTE,
  poll: MINUTE,
  reminder: 23 * HOUR,
  rollCall: 13 * HOUR,
  rollCallOnTheDay: HOUR,
  // The time-skipping server loses count of its clock's locks when a child continues as new.
  pageEvents: 1_000_000,
};

/** The guide's moments around this start: two weeks, one week, a day, half an hour. */
export const timelineAround = (start: number): Timeline => ({
  twoWeeksBefore: start - 14 * DAY,
  oneWeekBefore: start - 7 * DAY,
  dayBefore: start - DAY,
  dayOf: start - 30 * MINUTE,
  start,
  end: start + EVENT,
  teardown: start + EVENT + HOUR,
});

export const attendees = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `attendee${i + 1}@example.com`);

let started = 0;

/**
 * The example plan under an id of its own, without testers unless asked for: their clusters would be watched for two
 * weeks.
 */
export function planOf(change: Partial<Plan> = {}): Plan {
  started += 1;
  return {
    ...examplePlan(),
    id: `w${started}-${process.pid}`,
    workspace: 'http://127.0.0.1:1',
    testers: [],
    ...change,
  };
}

/** One queue is enough where one worker does everything. */
export const onOneQueue = (queue: string): Queues => ({
  workflows: queue,
  calls: queue,
  launch: queue,
  jobs: queue,
  watch: queue,
  messages: queue,
});

/** A workshop of these people around this start, nothing done yet. */
export function workshopInput({
  plan,
  people,
  start,
  queue,
  pace = REAL_PACE,
  timeline = timelineAround(start),
}: {
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly start: number;
  readonly pace?: Pace;
  readonly queue: string;
  readonly timeline?: Timeline;
}): WorkshopInput {
  return {
    v: 1,
    run: { workshopId: plan.id, runId: `run-${plan.id}`, workspaceId: '4242' },
    plan,
    timeline,
    pace,
    queues: onOneQueue(queue),
    estimate: 100,
    searchable: false,
    state: newLifecycleState(checklistFor(plan), people, plan.testers),
  };
}
