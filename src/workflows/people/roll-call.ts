import { cohortAddress } from '../../domain/replayed/made/addresses.ts';
import { HEADINGS, isOnTheDay } from '../../domain/replayed/checklist/lines.ts';
import { HOUR } from '../../domain/replayed/time/units.ts';
import type { Absent } from '../../domain/replayed/seat/absent.ts';
import { troubleOf } from '../shared/failures.ts';
import { cohortInputOf } from './cohort-input.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** Whether the cohorts are there; each cohort asks the same of its attendees. */
export function rollCall(w: Lifecycle): Promise<void> {
  const { id } = w.plan;
  return w.rollCall.run({
    calls: w.calls,
    expected: () => w.crowd.numbers.map((n) => cohortAddress(id, n)),
    mend: async (absent) => {
      for (const cohort of absent) await startAgain(w, cohort);
    },
    period: () => periodOf(w),
    isOver: () => w.leaving,
  });
}

/** A grace may last for days, in which clusters sleep. */
const periodOf = ({ state, timeline, pace }: Lifecycle): number =>
  isOnTheDay(HEADINGS.indexOf(state.heading)) && Date.now() < timeline.end + HOUR / pace.speed
    ? pace.rollCallOnTheDay
    : pace.rollCall;

const STUCK =
  'See its error in the Temporal UI. With code that can, it goes on by itself; terminated, it is started again from ' +
  'what was last known:';

async function startAgain(w: Lifecycle, { workflowId, how }: Absent): Promise<void> {
  const n = w.crowd.numbers.find((known) => cohortAddress(w.plan.id, known) === workflowId);
  if (n === undefined) return;
  if (how === 'stuck') {
    await showMissing(
      w,
      `${workflowId} is stuck with ${w.crowd.keysOf(n).length} people: the worker's code cannot go on with it, and ` +
        'nothing is done for them.',
      `${STUCK} temporal workflow terminate --workflow-id ${workflowId}`,
    );
    return;
  }
  if (how === 'completed') {
    w.crowd.forget(n);
    await showMissing(
      w,
      `${workflowId} was told to release its people, by a removal that this workshop did not start.`,
      `If the workshop is to go on, enrol them again: bin/workshop attendees import <the roster's file> ` +
        `${w.plan.id}. If it is over: bin/workshop cancel ${w.plan.id}`,
    );
    return;
  }
  try {
    const { people, missing } = await w.calls.startCohortAgain({
      workflowId,
      workshopId: w.run.workshopId,
      runId: w.run.runId,
      taskQueue: w.input.queues.workflows,
      summary: `cohort ${n}`,
      expected: w.crowd.keysOf(n),
      input: cohortInputAgain(w, n),
    });
    await w.crowd.tellWhoIsOut(n);
    w.state.cohortsStartedAgain = (w.state.cohortsStartedAgain ?? 0) + 1;
    await showStartedAgain(w, `${workflowId} with ${people} people was ended from outside, and was started again.`);
    if (missing.length === 0) return;
    w.crowd.unseat(missing);
    await showMissing(
      w,
      `${workflowId} was ended from outside before it had heard of ${missing.length} people, and nobody knows any ` +
        'more who they were.',
      `Enrol them again: bin/workshop attendees import <the roster's file> ${w.plan.id}. Whoever is there stays as ` +
        'they are.',
    );
  } catch (error) {
    const { type, message, toDo } = troubleOf(error);
    if (type !== 'SEATS_UNKNOWN') return showMissing(w, `${workflowId} was ended from outside. ${message}`, toDo);
    const lost = w.crowd.forget(n);
    await showMissing(
      w,
      `${workflowId} is gone with ${lost} people, and nobody knows any more who they were.`,
      'Enrol them again; whoever has a cluster keeps it: ' +
        `bin/workshop attendees import <the roster's file> ${w.plan.id}`,
    );
  }
}

/** What it reports is newer than what was heard of it before. */
const cohortInputAgain = (w: Lifecycle, n: number) => ({
  ...cohortInputOf(w, n),
  newcomers: [],
  seq: w.crowd.lastReport(n),
});

/** What the cohorts report of their attendees; told when there are more than before. */
export async function attendeesStartedAgain(w: Lifecycle): Promise<void> {
  const { startedAgain } = w.totals();
  if (startedAgain <= (w.state.attendeesStartedAgain ?? 0)) return;
  const more = startedAgain - (w.state.attendeesStartedAgain ?? 0);
  w.state.attendeesStartedAgain = startedAgain;
  await showStartedAgain(
    w,
    `${more === 1 ? "Somebody's workflow was" : `The workflows of ${more} people were`} ended from outside, and ` +
      'started again from what was last known of them.',
  );
}

/** What the cohorts report of attendees that do not go on; told when there are more than before. */
export async function attendeesStuck(w: Lifecycle): Promise<void> {
  const { stuck } = w.totals();
  const before = w.state.attendeesStuck ?? 0;
  if (stuck === before) return;
  w.state.attendeesStuck = stuck;
  if (stuck === 0) return w.checklist.pass('roll-call', "everybody's workflow goes on again", Date.now());
  if (stuck < before) return;
  await showMissing(
    w,
    `${stuck === 1 ? "One person's workflow is" : `The workflows of ${stuck} people are`} stuck: the worker's code ` +
      'cannot go on, and nothing is done for them.',
    `${STUCK} temporal workflow terminate --workflow-id <id>. Who they are: bin/workshop attendees list ${w.plan.id}`,
  );
}

async function showStartedAgain(w: Lifecycle, what: string): Promise<void> {
  const { cohortsStartedAgain: cohorts = 0, attendeesStartedAgain: attendees = 0 } = w.state;
  line(w);
  w.checklist.pass(
    'roll-call',
    `ended from outside and started again so far: ${cohorts} cohort(s), ${attendees} attendee(s)`,
    Date.now(),
  );
  await w.tell(
    'leadFacilitator',
    `roll-call-${cohorts}-${attendees}`,
    'Somebody ended workflows of this workshop by hand',
    `${what}\n\nNobody is lost, and there is nothing to do. If it was meant, use bin/workshop cancel ${w.plan.id}, ` +
      'which also removes what costs money.',
  );
}

async function showMissing(w: Lifecycle, what: string, toDo: string): Promise<void> {
  const known = w.checklist.item('roll-call');
  if (known?.state === 'failed' && known.evidence === what) return;
  line(w);
  w.checklist.fail('roll-call', toDo, Date.now(), what);
  await w.tell('leadFacilitator', 'roll-call-missing', 'People of this workshop are missing', `${what}\n\n${toDo}`);
}

/** The line is there from the first time on that somebody was missed. */
function line(w: Lifecycle): void {
  const item = {
    id: 'roll-call',
    heading: 'first',
    title: "Roll call: everybody's workflow is there",
    kind: 'check',
    needs: [],
    state: 'waiting',
    at: Date.now(),
  } as const;
  w.checklist.add(item, 'enrol');
}
