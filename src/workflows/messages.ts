import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Item } from '../domain/checklist.ts';
import type { AddAttendeesInput, CancelInput, Receipt, RetryInput, SignOffInput, WaiveInput } from '../domain/messages.ts';
import type { Progress, Totals } from '../domain/progress.ts';
import type { TeardownReport } from '../domain/teardown-report.ts';
import type { ClusterNews, Role, Seat, Target } from '../domain/seat.ts';

/** To the lifecycle, from anybody: also from somebody who has only the Temporal command line. */
export const addAttendee = defineSignal<[unknown]>('addAttendee');
export const addAttendees = defineUpdate<Receipt, [AddAttendeesInput]>('addAttendees');
export const signOff = defineUpdate<Receipt, [SignOffInput]>('signOff');
export const waive = defineUpdate<Receipt, [WaiveInput]>('waive');
export const retry = defineUpdate<Receipt, [RetryInput]>('retry');
export const cancel = defineUpdate<Receipt, [CancelInput]>('cancel');
export const progress = defineQuery<Progress>('progress');
export const checklist = defineQuery<readonly Item[]>('checklist');

/** To the lifecycle, from its cohorts and its teardown. Whole state and a number each: repeated or reordered, it does no harm. */
export interface CohortReport {
  readonly n: number;
  readonly seq: number;
  readonly totals: Totals;
}
export const cohortReport = defineSignal<[CohortReport]>('cohortReport');
export const teardownReport = defineSignal<[TeardownReport]>('teardownReport');

/** What creating a cluster needs to know; it is there once the lifecycle's two-weeks items are. */
export interface Infrastructure {
  readonly policyId?: string;
  readonly poolId?: string;
  /** Policy, pool, script and canary are all there. */
  readonly mayCreate: boolean;
}

export interface Newcomer {
  readonly key: string;
  readonly email: string;
  readonly role: Role;
  readonly generation: number;
}

export interface Raise {
  readonly target: Target;
  readonly infrastructure: Infrastructure;
  /** Start what is stopped. */
  readonly wake: boolean;
  /** Only testers. */
  readonly testersOnly: boolean;
}

/** To a cohort. */
export const enrol = defineSignal<[readonly Newcomer[]]>('enrol');
export const raise = defineSignal<[Raise]>('raise');
export const release = defineSignal('release');
export interface SeatReport {
  readonly key: string;
  readonly seq: number;
  readonly seat: Seat;
  readonly closed: boolean;
}
export const seatReport = defineSignal<[SeatReport]>('seatReport');
export const roster = defineQuery<readonly Seat[]>('roster');

/** To an attendee: `raise`, `release`, and what the watcher saw. */
export const clusterNews = defineSignal<[ClusterNews]>('clusterNews');
