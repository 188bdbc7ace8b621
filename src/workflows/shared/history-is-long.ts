import { workflowInfo } from '@temporalio/workflow';
import type { Pace } from '../../domain/replayed/time/pace.ts';

/** True when a run should continue as new: the server says so, or the pace does. */
export const historyIsLong = (pace: Pace): boolean =>
  workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > pace.historyEvents;

/**
 * True when a cohort or an attendee should continue as new because a page of the guide was turned: so that new code
 * begins on a clean history, and no history lives for three weeks.
 */
export const pageWasTurned = (pace: Pace, from: number, to: number): boolean =>
  to > from &&
  workflowInfo().historyLength >= pace.pageEvents &&
  Date.now() - workflowInfo().runStartTime.getTime() >= pace.pageAge;
