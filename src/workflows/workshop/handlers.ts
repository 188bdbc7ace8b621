import { setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import {
  checklist,
  cohortReport,
  cohortReportSchema,
  hear,
  planInForce,
  progress,
  snapshot,
  teardownReport,
  teardownReportSchema,
} from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';
import { describe, progressOf } from './progress-of.ts';
import { hearAmend } from './request-to-amend.ts';
import { hearChangesOfPlan } from './changes-of-plan.ts';
import { refuseSignal } from './refusals.ts';
import { hearAboutLines } from './requests-about-lines.ts';
import { attendeesStartedAgain, attendeesStuck } from '../people/roll-call.ts';
import { hearRequestsToRepair } from '../people/request-to-repair.ts';
import { hearRequestsToLookUp } from '../people/request-to-look-up.ts';
import { hearRequestsToJoin, hearRequestsToLeave } from '../people/requests-to-join.ts';

/**
 * Registers everything that may be said to a running workshop, before its first await.
 * Updates have validators: what they refuse never reaches the history. Signals cannot be refused, so what they
 * asked in vain is kept in `progress`; no handler ever throws, which would stop the workflow for good.
 */
export function registerHandlers(w: Lifecycle): void {
  setHandler(progress, () => progressOf(w));
  setHandler(snapshot, () => w.snapshot());
  setHandler(planInForce, () => w.planInForce());
  setHandler(checklist, () => w.checklist.items);
  hearRequestsToJoin(w);
  hearRequestsToLeave(w);
  hearRequestsToLookUp(w);
  hearRequestsToRepair(w);
  hearAboutLines(w);
  hearChangesOfPlan(w);
  hearAmend(w);
  hearReports(w);
  // Last: it is handed whatever is waiting and has no handler yet.
  setDefaultSignalHandler((name) => refuseSignal(w, name, 'there is no such signal; a workshop takes addAttendee'));
}

/** From the lifecycle's own cohorts and its teardown. */
function hearReports(w: Lifecycle): void {
  hear(
    cohortReport,
    cohortReportSchema,
    async (report) => {
      w.crowd.hear(report);
      describe(w);
      await attendeesStartedAgain(w);
      await attendeesStuck(w);
    },
    (why) => refuseSignal(w, 'cohortReport', why),
  );
  hear(
    teardownReport,
    teardownReportSchema,
    (report) => {
      if (report.seq <= (w.state.teardown?.seq ?? 0)) return;
      w.state.teardown = report;
      if (!w.checklist.isDone('teardown')) w.checklist.show('teardown', { toDo: report.trouble });
    },
    (why) => refuseSignal(w, 'teardownReport', why),
  );
}
