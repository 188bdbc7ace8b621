import { setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { HEADINGS } from '../../domain/replayed/checklist/lines.ts';
import { cancelInput, postponeInput } from '../../domain/replayed/checklist/requests.ts';
import {
  cancel,
  checklist,
  cohortReport,
  cohortReportSchema,
  hear,
  postpone,
  progress,
  teardownReport,
  teardownReportSchema,
} from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';
import { describe, progressOf } from './progress-of.ts';
import { readOrRefuse, refuseSignal, refuseUpdate } from './refusals.ts';
import { hearAboutLines } from './requests-about-lines.ts';
import { attendeesStartedAgain } from '../people/roll-call.ts';
import { hearRequestsToJoin } from '../people/requests-to-join.ts';

/**
 * Registers everything that may be said to a running workshop, before its first await.
 * Updates have validators: what they refuse never reaches the history. Signals cannot be refused, so what they
 * asked in vain is kept in `progress`; no handler ever throws, which would stop the workflow for good.
 */
export function registerHandlers(w: Lifecycle): void {
  setHandler(progress, () => progressOf(w));
  setHandler(checklist, () => w.checklist.items);
  hearRequestsToJoin(w);
  hearAboutLines(w);
  hearChangesOfPlan(w);
  hearReports(w);
  // Last: it is handed whatever is waiting and has no handler yet.
  setDefaultSignalHandler((name) => refuseSignal(w, name, 'there is no such signal; a workshop takes addAttendee'));
}

function hearChangesOfPlan(w: Lifecycle): void {
  setHandler(
    cancel,
    (input) => {
      const { by, reason } = cancelInput.parse(input);
      if (w.state.heading === 'after') {
        w.state.graceSkipped ??= { by, reason, at: Date.now() };
        return { recorded: `the rest of the grace is skipped by ${by}; everything is being removed` };
      }
      w.state.cancelled ??= { by, reason, at: Date.now() };
      return { recorded: `cancelled by ${by}; everything is being removed` };
    },
    {
      validator: (input) => {
        readOrRefuse(cancelInput, input);
        if (w.state.heading === 'after' && !isInGrace(w))
          refuseUpdate('the workshop is over: its removal is under way');
      },
    },
  );

  setHandler(
    postpone,
    (input) => {
      const { by, timeline } = postponeInput.parse(input);
      w.state.timeline = timeline;
      return { recorded: `postponed by ${by}` };
    },
    {
      validator: (input) => {
        const { timeline } = readOrRefuse(postponeInput, input);
        if (w.state.cancelled) refuseUpdate('the workshop was cancelled');
        if (HEADINGS.indexOf(w.state.heading) >= HEADINGS.indexOf('during'))
          refuseUpdate('the workshop has started: its start stays as it is');
        if (timeline.start <= w.timeline.start) refuseUpdate('that is not later than the start is now');
      },
    },
  );
}

/** The workshop is over, and its removal has not begun. */
const isInGrace = ({ state, timeline }: Lifecycle): boolean =>
  !state.cancelled && !state.graceSkipped && Date.now() < timeline.teardown;

/** From the lifecycle's own cohorts and its teardown. */
function hearReports(w: Lifecycle): void {
  hear(
    cohortReport,
    cohortReportSchema,
    async (report) => {
      w.crowd.hear(report);
      describe(w);
      await attendeesStartedAgain(w);
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
