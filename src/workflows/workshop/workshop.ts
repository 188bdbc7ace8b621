import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { HEADINGS, type Heading } from '../../domain/replayed/checklist/lines.ts';
import { movedBack } from '../../domain/replayed/checklist/moved-back.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Report } from '../../domain/papers/report.ts';
import { searchAttributes } from '../shared/search-attributes.ts';
import { after } from '../guide/after.ts';
import { dayBefore } from '../guide/day-before.ts';
import { dayOf, dayOfBegins } from '../guide/day-of.ts';
import { during } from '../guide/during.ts';
import { enrolment } from '../people/enrolment.ts';
import { first } from '../guide/first.ts';
import { handOffs } from './hand-offs.ts';
import { noteMoments, tellReaper } from './changes-of-plan.ts';
import { claimIsKnown, claiming } from './claim.ts';
import { registerHandlers } from './handlers.ts';
import { Lifecycle, type WorkshopInput } from './lifecycle.ts';
import { oneWeekBefore } from '../guide/one-week-before.ts';
import { launchStops } from '../people/launch-stop.ts';
import { lowering, noteWaiting } from '../guide/pool.ts';
import { describe } from './progress-of.ts';
import { tellEvent } from '../event/tell-event.ts';
import { rollCall } from '../people/roll-call.ts';
import { signOffs } from './sign-offs.ts';
import { workspaceAnswers } from '../people/workspace-answers.ts';
import { twoWeeksBefore } from '../guide/two-weeks-before.ts';

interface Chapter {
  readonly begins: (w: Lifecycle) => number;
  readonly work: (w: Lifecycle) => Promise<unknown>;
}

/** The facilitator guide, heading by heading. */
const GUIDE: Readonly<Record<Exclude<Heading, 'after'>, Chapter>> = {
  first: { begins: () => 0, work: first },
  'two weeks before': { begins: (w) => w.timeline.twoWeeksBefore, work: twoWeeksBefore },
  'one week before': { begins: (w) => w.timeline.oneWeekBefore, work: oneWeekBefore },
  'day before': { begins: (w) => w.timeline.dayBefore, work: dayBefore },
  'day of': { begins: dayOfBegins, work: dayOf },
  during: { begins: (w) => w.timeline.start, work: during },
};

/**
 * The lifecycle of one workshop. Each heading of the guide waits for its moment and works through its lines; overdue
 * ones follow each other at once. At the end of a heading the workflow continues as new, so that weeks later new code
 * runs on a short, clean history: lines that are done are skipped, lines left open are taken up again.
 */
export async function workshop(input: WorkshopInput): Promise<Report> {
  const w = new Lifecycle(input);
  registerHandlers(w);
  describe(w);
  noteWaiting(w);
  noteMoments(w);
  const { state } = w;
  if (input.searchable) upsertSearchAttributes(searchAttributes(w.plan.id, state.heading, w.timeline.end));

  if (state.heading === 'after') {
    // Being cancelled again cannot stop the removal: what costs money is taken away first.
    const report = await CancellationScope.nonCancellable(() => after(w));
    if (report !== undefined) {
      if (input.partOf !== undefined) await tellEvent(input.partOf, w.plan.id);
      return report;
    }
    await condition(allHandlersFinished);
    state.heading = 'during';
    return continueAsNew<typeof workshop>({ ...input, state: w.snapshot() });
  }

  const reached = HEADINGS.indexOf(state.heading);
  const next = HEADINGS[reached + 1] ?? 'after';
  const work = new CancellationScope();
  const background = [
    enrolment(w),
    rollCall(w),
    w.crowd.untilHeard(() => w.leaving),
    tellReaper(w),
    ...(state.elsewhere ? [] : [signOffs(w), lowering(w), launchStops(w), workspaceAnswers(w)]),
  ];
  const claim = work.run(() => claiming(w)).catch(expected);
  const chapters = work.run(() => workThrough(w, HEADINGS.slice(0, reached + 1))).catch(expected);
  try {
    await turnOfPage(w, next);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    state.cancelled ??= { by: 'a Temporal cancellation', reason: 'the workflow was cancelled', at: Date.now() };
  }

  return CancellationScope.nonCancellable(async () => {
    w.leaving = true;
    work.cancel();
    await Promise.all([claim, chapters, ...background.map((part) => part.catch(expected))]);
    await condition(() => !w.lines.isBusy && allHandlersFinished());
    if (state.cancelled) state.heading = 'after';
    else if (w.movedFrom) openAgain(w, w.movedFrom);
    else if (Date.now() >= momentOf(w, next)) state.heading = next;
    return continueAsNew<typeof workshop>({ ...input, state: w.snapshot() });
  });
}

/**
 * Everything up to the heading that the guide is open at: what was left open under an earlier one is taken up again.
 * Nothing of it while a run on another Temporal server holds the workshop.
 */
async function workThrough(w: Lifecycle, headings: readonly Heading[]): Promise<void> {
  await w.crowd.turnPage();
  await condition(() => claimIsKnown(w));
  if (w.state.elsewhere) return;
  await Promise.all([handOffs(w), ...headings.map((heading) => GUIDE[heading as keyof typeof GUIDE].work(w))]);
}

/**
 * Waits until the next heading may begin, the workshop is cancelled, or the history has grown too long. A page turns
 * a little after its moment: what falls due at the same moment, like a sign-off's deadline, is done first.
 */
async function turnOfPage(w: Lifecycle, next: Heading): Promise<void> {
  for (let moment = momentOf(w, next); Date.now() < moment && !w.mustGoOn; moment = momentOf(w, next)) {
    const known = moment;
    await condition(() => w.mustGoOn || momentOf(w, next) !== known, known - Date.now() + w.pace.totals, {
      summary: `${w.state.heading}: until "${next}"`,
    });
  }
}

/**
 * When the next heading begins: at its own moment, if nothing under this one is still under way; else when that is
 * settled. But nothing holds up the day: what is not done by then goes on beside it. Only a sign-off that the plan
 * calls blocking holds until the start, and the start and the end wait for nobody.
 */
function momentOf(w: Lifecycle, next: Heading): number {
  const due = next === 'after' ? w.timeline.end : GUIDE[next].begins(w);
  // Paused, no page turns but the last: until the end all stays as it is.
  if (w.isPaused && next !== 'after') return Math.max(due, w.timeline.end);
  if (next === 'during' || next === 'after' || w.checklist.isSettled(w.state.heading)) return due;
  return Math.max(due, w.checklist.isHeld ? w.timeline.start : dayOfBegins(w));
}

/** The start was moved to a later day: the guide is opened where it is due now, and what has to be is done again. */
function openAgain(w: Lifecycle, before: Timeline): void {
  const now = Date.now();
  const { items } = w.checklist;
  const moved = movedBack({ items, heading: w.state.heading, before, after: w.timeline, now, speed: w.pace.speed });
  if (!moved) return;
  w.checklist.reopen(moved.again, now);
  w.state.heading = moved.heading;
  delete w.state.launched;
  w.crowd.setBack();
}

function expected(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
