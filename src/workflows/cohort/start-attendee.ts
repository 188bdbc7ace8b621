import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { amendedPlan } from '../../domain/replayed/checklist/amendment.ts';
import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { attendee } from '../attendee/attendee.ts';
import { copyOf } from '../shared/copy.ts';
import type { Raise } from '../shared/messages.ts';
import type { Setting } from '../shared/setting.ts';

/**
 * Starts the workflow of one seat. It lives on when its cohort continues as new, so only its start is awaited. One that
 * runs already is left alone.
 * @param seq number of the seat's last report: what the new workflow reports counts from there
 */
export async function startAttendee(
  { run, plan, pace, queues, gathers, n, timeline: known }: Setting & { readonly n: number },
  seat: Seat,
  { infrastructure, page = 0, timeline, startTold, amended }: Raise,
  seq: number,
): Promise<void> {
  const { workflowId: cohort } = workflowInfo();
  const setting = { run, plan: amendedPlan(plan, amended), timeline: timeline ?? known, pace, queues, gathers };
  try {
    await startChild(attendee, {
      workflowId: attendeeAddress(run.workshopId, seat.key),
      taskQueue: queues.workflows,
      args: [
        {
          v: 1,
          ...setting,
          cohort,
          seat: copyOf(seat),
          infrastructure,
          seq,
          page,
          startTold,
          ...(gathers ? { told: true } : {}),
        },
      ],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${seat.role} of cohort ${n}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
