import {
  CancellationScope,
  condition,
  isCancellation,
  ParentClosePolicy,
  patched,
  startChild,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { teardownAddress } from '../../domain/replayed/made/addresses.ts';
import type { Report } from '../../domain/papers/report.ts';
import { teardown } from '../teardown.ts';
import { rollCall } from '../people/roll-call.ts';
import { claiming, release } from '../workshop/claim.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { saved } from './looks.ts';
import { endApps, feedback } from './people-apps.ts';
import { meter, rest } from './pool.ts';
import { removalOf } from '../../domain/replayed/ending/removal-of.ts';
import type { LeftOut } from '../workshop/line-runner.ts';

/**
 * After: work saved, feedback, grace, removal, proof, report. Undefined: the end was moved in the grace, and the
 * workshop goes on.
 */
export async function after(w: Lifecycle): Promise<Report | undefined> {
  const { run, state } = w;
  await w.crowd.turnPage();
  const { cancelled } = state;
  if (cancelled) {
    const isWaiting = w.checklist.item('feedback')?.state === 'waiting';
    if (isWaiting) w.checklist.waive('feedback', 'the workshop was cancelled', Date.now());
  }
  const here = (act: () => Promise<string | LeftOut>) => (): Promise<string | LeftOut> =>
    state.elsewhere ? Promise.resolve({ leftOut: 'another Temporal server runs this workshop' }) : act();
  const held = new CancellationScope();
  const claim = held.run(() => claiming(w));
  claim.catch(() => {});
  // Beside the rest: what cannot be saved or written keeps nothing running that costs money.
  const beside = new CancellationScope();
  // The pool of this run may be in use by another one.
  const isTakenOver = state.elsewhere?.runId === run.runId;
  const resting = beside.run(async () => {
    if (!isTakenOver) await rest(w);
  });
  resting.catch(() => {});
  // Whoever was invited is told before anything else: they may be on their way.
  const telling = beside.run(async () => {
    if (!cancelled || state.elsewhere || state.cancellationTold) return;
    const { reason } = cancelled;
    await w.calls.sendCancellation(run, { plan: w.plan, timeline: w.timeline, cohorts: w.crowd.cohorts, reason });
    state.cancellationTold = true;
  });
  telling.catch(() => {});
  // Until the removal begins: a cohort that was ended from outside saves nobody's files, and finds no second cluster.
  const watched = new CancellationScope();
  const watching = watched.run(async () => {
    if (!cancelled && !state.elsewhere && patched('roll-call-in-the-grace')) await rollCall(w);
  });
  watching.catch(() => {});
  const saving = beside.run(() =>
    w.do(
      'saved',
      here(() => saved(w)),
      'only when asked',
    ),
  );
  saving.catch(() => {});
  const thanking = beside.run(() =>
    w.do(
      'feedback',
      here(() => feedback(w)),
      'more and more rarely',
    ),
  );
  thanking.catch(() => {});
  const graceEnds = () => (w.isReopened ? 0 : (state.graceSkipped?.at ?? w.timeline.teardown));
  if (!state.cancelled) await w.until(graceEnds, 'grace');
  if (w.isReopened) {
    held.cancel();
    beside.cancel();
    watched.cancel();
    await ended([claim, resting, watching, saving, thanking]);
    w.checklist.reopen(['saved', 'watch'], Date.now());
    return undefined;
  }
  // Beside the removal: clusters cost more, and wait for no app.
  const apps = beside.run(() =>
    w.do(
      'apps-end',
      here(() => endApps(w)),
      'more and more rarely',
    ),
  );
  apps.catch(() => {});
  await condition(() => w.checklist.hasEnded('saved'), w.pace.job + w.pace.step);
  watched.cancel();
  await ended([watching]);
  await w.do('teardown', async () => {
    await remove(w);
    const { clustersDeleted = 0, poolsDeleted = 0, left } = state.teardown ?? {};
    if (left !== undefined) return { leftOut: left };
    return `${clustersDeleted} clusters and ${poolsDeleted} pool(s) removed`;
  });
  meter(w);
  delete state.poolRests;
  await w.do('proof', async () =>
    state.teardown?.left === undefined
      ? `two empty listings: ${state.teardown?.proof.first ?? '?'} and ${state.teardown?.proof.second ?? '?'}`
      : { leftOut: 'nothing was removed, so nothing is proven' },
  );
  held.cancel();
  await condition(() => w.checklist.hasEnded('feedback'), w.pace.step);
  if (!w.checklist.hasEnded('apps-end')) await condition(() => w.checklist.hasEnded('apps-end'), w.pace.launch);
  beside.cancel();
  await ended([claim, resting, saving, thanking, telling, apps]);
  await release(w);
  let report: Report | undefined;
  await w.do('report', async () => {
    const outcome = await w.calls.writeReport(run, {
      plan: w.plan,
      timeline: w.timeline,
      pace: w.pace,
      estimate: w.input.estimate,
      state: w.snapshot(),
    });
    report = outcome.report;
    return outcome.where;
  });
  return report;
}

async function ended(parts: readonly Promise<unknown>[]): Promise<void> {
  for (const part of parts) {
    await part.catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  }
}

/**
 * Starts the teardown, or joins the one that runs, and waits for its proof. One that was ended by hand is started
 * again.
 */
async function remove(w: Lifecycle): Promise<void> {
  const { run, pace, plan } = w;
  let reported: string | undefined;
  while (w.state.teardown?.stage !== 'done') {
    try {
      await startChild(teardown, {
        workflowId: teardownAddress(run.workshopId),
        taskQueue: w.input.queues.workflows,
        args: [{ v: 1, run, pace, queues: w.input.queues, ...removalOf(plan) }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: 'removal and proof',
      });
      if (w.state.teardown) w.state.teardown = { ...w.state.teardown, seq: 0 };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const heldUp = () => w.state.teardown?.trouble;
    const known = reported;
    await condition(() => w.state.teardown?.stage === 'done' || heldUp() !== known, 10 * pace.recheck, {
      summary: 'until everything is removed',
    });
    reported = heldUp();
    if (reported !== undefined && reported !== known)
      await w.tell(
        'databricksAdmin',
        'teardown-held-up',
        'The removal is held up',
        `${reported}\n\nIt goes on by itself as soon as it can; until then what is left costs money.`,
      );
  }
}
