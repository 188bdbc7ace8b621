import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { condition, getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import type { Role } from '../../domain/replayed/seat/seat.ts';
import { cohort } from '../cohort.ts';
import { enrol, raise, type Newcomer } from '../shared/messages.ts';
import { ignoreUnlessCancelled, type Lifecycle } from './lifecycle.ts';

/** Large enough that a listing serves many, small enough for one workflow's history. */
const SEATS_PER_COHORT = 500;
const AT_ONCE = 100;

/** Gives everybody who is waiting a seat in a cohort, from the first moment to the last: late joiners take the same way. */
export async function enrolment(w: Lifecycle): Promise<void> {
  for (;;) {
    await condition(() => w.leaving || w.state.toEnrol.length > 0);
    if (w.leaving) return;
    const n = openCohort(w);
    const room = SEATS_PER_COHORT - (w.state.cohorts[n] ?? 0);
    const next = w.state.toEnrol.slice(0, Math.min(room, AT_ONCE));
    const newcomers = next.map((email): Newcomer => ({
      key: seatKey(w.run.runId, email),
      email,
      role: roleOf(w, email),
      generation: 1,
    }));
    await seat(w, n, newcomers);
    w.state.toEnrol.splice(0, next.length);
  }
}

function roleOf(w: Lifecycle, email: string): Role {
  if (w.state.guests.includes(email)) return 'guest tester';
  return w.plan.testers.includes(email) ? 'tester' : 'attendee';
}

/** The last cohort while it has room, else a new one. */
function openCohort(w: Lifecycle): number {
  const last = w.state.cohorts.length - 1;
  return last >= 0 && (w.state.cohorts[last] ?? 0) < SEATS_PER_COHORT ? last : last + 1;
}

async function seat(w: Lifecycle, n: number, newcomers: readonly Newcomer[]): Promise<void> {
  const workflowId = cohortAddress(w.run.workshopId, n);
  const fresh = newcomers.filter(({ key }) => w.state.seats[key] === undefined);
  const wishes = [w.wish(false), w.wish(true)] as const;
  if (w.state.cohorts[n] === undefined) {
    await startOrEnrol(workflowId, fresh, () =>
      startChild(cohort, {
        workflowId,
        taskQueue: w.input.queues.workflows,
        args: [
          {
            v: 1,
            run: w.run,
            plan: w.plan,
            timeline: w.timeline,
            pace: w.pace,
            queues: w.input.queues,
            n,
            newcomers: fresh,
            wanted: wishes[0],
            testersWanted: wishes[1],
          },
        ],
        // A lifecycle continues as new many times; the server applies this at each of them.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `cohort ${n}`,
      }),
    );
    w.state.cohorts[n] = 0;
  } else {
    await getExternalWorkflowHandle(workflowId).signal(enrol, fresh).catch(ignoreUnlessCancelled);
  }
  for (const { key } of fresh) w.state.seats[key] = n;
  w.state.cohorts[n] = (w.state.cohorts[n] ?? 0) + fresh.length;
  // What was raised while the cohort was being started has not reached it.
  for (const testersOnly of [true, false]) {
    const wish = w.wish(testersOnly);
    if (JSON.stringify(wish) !== JSON.stringify(wishes[testersOnly ? 1 : 0]))
      await getExternalWorkflowHandle(workflowId).signal(raise, wish).catch(ignoreUnlessCancelled);
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
