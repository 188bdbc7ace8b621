import { workflowInfo } from '@temporalio/workflow';
import type { Pace } from '../../domain/replayed/time/pace.ts';

/** True when a run should continue as new: the server says so, or the pace does. */
export const historyIsLong = (pace: Pace): boolean =>
  workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > pace.historyEvents;
