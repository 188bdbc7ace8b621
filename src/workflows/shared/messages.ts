import { defineQuery, defineSignal, defineUpdate, setHandler, type SignalDefinition } from '@temporalio/workflow';
import { z } from 'zod';
import type { Item } from '../../domain/replayed/checklist/item.ts';
import {
  whyRefused,
  type AddAttendeesInput,
  type AmendInput,
  timelineSchema,
  type CancelInput,
  type ExtendInput,
  type LookUpAnswer,
  type LookUpInput,
  type PauseInput,
  type RemoveAttendeesInput,
  type RepairInput,
  type RescheduleInput,
  type ResumeInput,
  type Receipt,
  type RetryInput,
  type SignOffInput,
  type WaiveInput,
} from '../../domain/replayed/checklist/requests.ts';
import { amendmentSchema } from '../../domain/replayed/checklist/amendment-input.ts';
import type { LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import type { LastLook, Progress } from '../../domain/replayed/checklist/progress.ts';
import { detailsSchema } from '../../domain/replayed/seat/details.ts';
import { readTotals } from '../../domain/replayed/seat/totals.ts';
import { isTeardownReport, type TeardownReport } from '../../domain/replayed/ending/teardown-report.ts';
import {
  clusterNewsSchema,
  isSeat,
  REPAIR_STAGES,
  ROLES,
  TARGETS,
  type ClusterNews,
  type Seat,
} from '../../domain/replayed/seat/seat.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';

/** To the lifecycle, from anybody: also from somebody who has only the Temporal command line. */
export const addAttendee = defineSignal<[unknown]>(MESSAGES.addAttendee);
export const addAttendees = defineUpdate<Receipt, [AddAttendeesInput]>(MESSAGES.addAttendees);
export const lookUp = defineUpdate<LookUpAnswer, [LookUpInput]>(MESSAGES.lookUp);
export const removeAttendees = defineUpdate<Receipt, [RemoveAttendeesInput]>(MESSAGES.removeAttendees);
export const repair = defineUpdate<Receipt, [RepairInput]>(MESSAGES.repair);
export const signOff = defineUpdate<Receipt, [SignOffInput]>(MESSAGES.signOff);
export const waive = defineUpdate<Receipt, [WaiveInput]>(MESSAGES.waive);
export const retry = defineUpdate<Receipt, [RetryInput]>(MESSAGES.retry);
export const reschedule = defineUpdate<Receipt, [RescheduleInput]>(MESSAGES.reschedule);
export const extend = defineUpdate<Receipt, [ExtendInput]>(MESSAGES.extend);
export const amend = defineUpdate<Receipt, [AmendInput]>(MESSAGES.amend);
export const pause = defineUpdate<Receipt, [PauseInput]>(MESSAGES.pause);
export const resume = defineUpdate<Receipt, [ResumeInput]>(MESSAGES.resume);
export const cancel = defineUpdate<Receipt, [CancelInput]>(MESSAGES.cancel);
export const progress = defineQuery<Progress>(MESSAGES.progress);
export const snapshot = defineQuery<LifecycleState>(MESSAGES.snapshot);
export const planInForce = defineQuery<PlanInForce>(MESSAGES.planInForce);
export const checklist = defineQuery<readonly Item[]>(MESSAGES.checklist);

const ordinal = z.int().min(0);

/**
 * To the lifecycle, from its cohorts and its teardown. Whole state and a number each: repeated or reordered, it does no
 * harm.
 */
export const cohortReportSchema = z.object({
  n: ordinal,
  seq: ordinal,
  totals: z.unknown().transform((given, context) => {
    const totals = readTotals(given);
    if (totals === undefined) context.addIssue({ code: 'custom', message: 'are not totals' });
    return totals ?? z.NEVER;
  }),
});
export type CohortReport = z.output<typeof cohortReportSchema>;
export const teardownReportSchema = z.custom<TeardownReport>(isTeardownReport, 'is not a report of a removal');
export const cohortReport = defineSignal<[CohortReport]>(MESSAGES.cohortReport);
export const teardownReport = defineSignal<[TeardownReport]>(MESSAGES.teardownReport);

/** What creating a cluster needs to know; it is there once the lifecycle's two-weeks items are. */
const infrastructure = z.object({
  policyId: z.string().optional(),
  poolId: z.string().optional(),
  /** Policy, pool, script and canary are all there. */
  mayCreate: z.boolean(),
  /** The canary was tried and failed: nobody knows when clusters can be made, and letters go out without. */
  held: z.boolean(),
  /** Launches are stopped, because too many failed alike: of this class. */
  stop: z.object({ class: z.string() }).optional(),
  /** A run on another Temporal server holds this workshop: nobody's cluster is touched from here. */
  elsewhere: z.boolean().optional(),
  /** Somebody paused the workshop: nothing is created or started, whoever asks. */
  paused: z.boolean().optional(),
  /** Clusters cannot download VS Code's server: letters have laptops fetch it. */
  laptopsFetchServer: z.boolean().optional(),
});
export type Infrastructure = z.output<typeof infrastructure>;

const details = detailsSchema.optional().catch(undefined);

export const newcomersSchema = z.array(
  z.object({ key: z.string().min(1), email: z.string().min(1), role: z.enum(ROLES), generation: ordinal, details }),
);
export type Newcomer = z.output<typeof newcomersSchema>[number];

export const raiseSchema = z.object({
  target: z.enum(TARGETS),
  infrastructure,
  /** Start what is stopped. */
  wake: z.boolean(),
  /** Only testers. */
  testersOnly: z.boolean(),
  /** How many cohorts there are: the more, the more rarely each reports. */
  cohorts: ordinal.optional(),
  /** Look again at what was looked at before then, epoch milliseconds. */
  due: z.object({ check: z.number().optional(), save: z.number().optional() }).optional(),
  /** The heading that the guide is open at, by its place: a new one is a reason to begin a new history. */
  page: ordinal.optional(),
  /**
   * To one attendee: whether to look the person up. Their cohort does it for everybody where this is false; left out, a
   * new heading is the reason.
   */
  lookUp: z.boolean().optional(),
  /** Whoever sends this does not know yet how things stand: they are to be reported again. */
  report: z.boolean().optional(),
  /** Somebody asks for another try of what failed: no pause is waited for. */
  again: z.boolean().optional(),
  /** With `again`: only those whose seat has failed. */
  failedOnly: z.boolean().optional(),
  /** To one attendee: their cluster is to be mended, beginning with this. */
  repair: z.object({ stage: z.enum(REPAIR_STAGES), by: z.string(), at: z.number() }).optional(),
  /** Launches are stopped: of a cohort, the one is tried all the same that has waited longest. */
  tryOnce: z.boolean().optional(),
  /** The workshop's moments, once they were moved. */
  timeline: timelineSchema.optional(),
  /** The start that everybody's letter is to name, once it was moved: epoch milliseconds. */
  startTold: z.number().optional(),
  /** What was amended of the plan since the lifecycle began. */
  amended: amendmentSchema.optional(),
  /** To one attendee: what a roster says of them, read after they had their seat. */
  details,
});
export type Raise = z.output<typeof raiseSchema>;

/** To a cohort. */
export const enrol = defineSignal<[readonly Newcomer[]]>(MESSAGES.enrol);
export const raise = defineSignal<[Raise]>(MESSAGES.raise);
export const release = defineSignal(MESSAGES.release);
/** To a cohort: these take part no longer. To an attendee: so do you. */
export const takeOutSchema = z.object({ keys: z.array(z.string()), by: z.string(), at: z.number() });
export type TakeOut = z.output<typeof takeOutSchema>;
export const takeOut = defineSignal<[TakeOut]>(MESSAGES.takeOut);
export const seatReportSchema = z.object({
  key: z.string(),
  seq: ordinal,
  seat: z.custom<Seat>(isSeat, 'is not a seat'),
  closed: z.boolean(),
});
export type SeatReport = z.output<typeof seatReportSchema>;
export const seatReport = defineSignal<[SeatReport]>(MESSAGES.seatReport);
/** Those of many seats; one that does not fit is dropped alone. */
export const seatReportsSchema = z.array(seatReportSchema.nullable().catch(null));
export const seatReports = defineSignal<[readonly (SeatReport | null)[]]>(MESSAGES.seatReports);
export const lastLook = defineQuery<LastLook | undefined>(MESSAGES.lastLook);
export const roster = defineQuery<readonly Seat[]>(MESSAGES.roster);

/** To an attendee: `raise`, `release`, and what the watcher saw. */
export const clusterNews = defineSignal<[ClusterNews]>(MESSAGES.clusterNews);
export { clusterNewsSchema };

/**
 * Registers what our own workflows tell each other. Anybody may send such a signal by hand: one that does not fit is
 * dropped, with a word to `refuse`, because an error in a handler would stop the workflow for good.
 */
export function hear<T>(
  signal: SignalDefinition<[T]>,
  schema: z.ZodType<T>,
  handle: (message: T) => void | Promise<void>,
  refuse: (why: string) => void = () => {},
): void {
  setHandler(signal, (message) => {
    const parsed = z.safeParse(schema, message);
    if (parsed.success) return handle(parsed.data);
    return refuse(whyRefused(parsed.error));
  });
}
