import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { condition, getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { cohort } from '../cohort/cohort.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { enrol, raise, type Newcomer } from '../shared/messages.ts';
import { cohortInputOf } from './cohort-input.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

const AT_ONCE = 100;

/**
 * Gives everybody who is waiting a seat in a cohort, from the first moment to the last: late joiners take the same way.
 */
export async function enrolment(w: Lifecycle): Promise<void> {
  for (;;) {
    await condition(() => w.leaving || !w.crowd.isEnrolled);
    if (w.leaving) return;
    const { n, isNew, newcomers } = w.crowd.next(AT_ONCE);
    if (await seat(w, n, isNew, newcomers)) continue;
    // They wait until the cohort is there again.
    w.rollCall.soon();
    await condition(() => w.leaving, w.pace.recheck);
  }
}

/** False when their cohort was not there to hear of them. */
async function seat(w: Lifecycle, n: number, isNew: boolean, newcomers: readonly Newcomer[]): Promise<boolean> {
  const workflowId = cohortAddress(w.run.workshopId, n);
  const fresh = newcomers.filter((newcomer) => w.crowd.isNew(newcomer));
  const before = [w.crowd.wanted(false), w.crowd.wanted(true)] as const;
  if (isNew) {
    await startOrEnrol(workflowId, fresh, () =>
      startChild(cohort, {
        workflowId,
        taskQueue: w.input.queues.workflows,
        args: [{ ...cohortInputOf(w, n), newcomers: fresh }],
        // A lifecycle continues as new many times; the server applies this at each of them.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `cohort ${n}`,
        // Whoever finds it without its lifecycle knows by this whose it is.
        memo: { runId: w.run.runId },
      }),
    );
  } else if (!(await isTold(workflowId, fresh))) {
    return false;
  }
  w.crowd.seated(n, newcomers);
  // What was raised while the cohort was being started has not reached it.
  for (const testersOnly of [true, false]) {
    const now = w.crowd.wanted(testersOnly);
    if (JSON.stringify(now) === JSON.stringify(before[testersOnly ? 1 : 0])) continue;
    await getExternalWorkflowHandle(workflowId).signal(raise, now).catch(ignoreUnlessCancelled);
  }
  return true;
}

async function isTold(workflowId: string, newcomers: readonly Newcomer[]): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(enrol, newcomers);
    return true;
  } catch (error) {
    ignoreUnlessCancelled(error);
    return false;
  }
}

/** A lifecycle that takes over an earlier one's run finds its cohorts alive: they are told, not started. */
async function startOrEnrol(
  workflowId: string,
  newcomers: readonly Newcomer[],
  start: () => Promise<unknown>,
): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await getExternalWorkflowHandle(workflowId).signal(enrol, newcomers).catch(ignoreUnlessCancelled);
  }
}
