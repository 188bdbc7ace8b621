import { userMetadataSummary } from './user-metadata.ts';
import {
  attendeeAddress,
  cohortAddress,
  teardownAddress,
  workshopAddress,
} from '../src/domain/replayed/made/addresses.ts';
import { claimTimes } from '../src/domain/replayed/claim/claim.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';
import { DAY, HOUR } from '../src/domain/replayed/time/units.ts';
import { RealStack, type History } from '../test/workflows/stage/real-stack.ts';

const PEOPLE = Number(process.argv[2] ?? 140);
const FULL = 140;
/** What a workshop of 140 people may take in three good weeks. */
const MOST = 20_000;
const SPEED = 60;
const REAL = paceAt(1);
/** A workshop as the example plan has it: parked clusters for a week, then a day of eight hours with its grace. */
const WEEKS_MS = 21 * DAY;
const PARKED_MS = 7 * DAY;
const THE_DAY_MS = 8 * HOUR;
const EVENT_MS = 4 * HOUR;
/** An activity that waits beats after two seconds; the SDK passes on one in this long. */
const FIRST_BEAT_MS = 2_000;
const BEAT_MS = Math.min(60_000, 0.8 * REAL.heartbeat);

/** What a period decides: so often in three weeks, whatever a rehearsal shows. */
const PERIODIC_ACTIVITIES = ['rollCall', 'claimWorkshop', 'watchClusters', 'modelAnswers'];
const PERIODIC_TIMERS = /next (roll call|look|totals)|claim on this workshop|the model is asked/;

const counts = new Map<string, Map<string, number>>();
let movingMs = 0;

function count(workflow: string, what: string, n = 1): void {
  const kinds = counts.get(workflow) ?? new Map<string, number>();
  kinds.set(what, (kinds.get(what) ?? 0) + n);
  counts.set(workflow, kinds);
}

/** What Temporal Cloud bills of a history, by kind (https://docs.temporal.io/cloud/actions). */
function countHistory(workflow: string, { events }: History): void {
  const activities = new Map<string, { name: string; startedAt: number }>();
  for (const event of events ?? []) {
    const at = Number(event.eventTime?.seconds ?? 0) * 1_000 + (event.eventTime?.nanos ?? 0) / 1e6;
    if (event.workflowExecutionStartedEventAttributes) count(workflow, 'starts');
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) count(workflow, 'children');
    if (event.workflowExecutionSignaledEventAttributes) count(workflow, 'signals');
    if (event.workflowExecutionUpdateAcceptedEventAttributes) count(workflow, 'updates');
    if (event.upsertWorkflowSearchAttributesEventAttributes) count(workflow, 'search attributes');
    if (event.workflowPropertiesModifiedEventAttributes) count(workflow, 'memos');
    if (event.timerStartedEventAttributes && !PERIODIC_TIMERS.test(userMetadataSummary(event)))
      count(workflow, 'timers');
    const asked = event.activityTaskScheduledEventAttributes;
    if (asked) activities.set(String(event.eventId), { name: asked.activityType?.name ?? '', startedAt: at });
    const started = event.activityTaskStartedEventAttributes;
    const activity = activities.get(String(started?.scheduledEventId));
    if (started && activity) {
      activity.startedAt = at;
      if (!PERIODIC_ACTIVITIES.includes(activity.name)) count(workflow, 'activities', started.attempt ?? 1);
    }
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskCanceledEventAttributes ??
      event.activityTaskFailedEventAttributes;
    const done = activities.get(String(ended?.scheduledEventId));
    if (ended && done) {
      const lasted = (at - done.startedAt) * SPEED;
      if (done.name === 'watchClusters') movingMs += lasted;
      else if (BEATS.has(done.name) && lasted > FIRST_BEAT_MS)
        count(workflow, 'heartbeats', 1 + Math.floor((lasted - FIRST_BEAT_MS) / BEAT_MS));
    }
  }
}
const BEATS = new Set(['fillPool', 'awaitCluster', 'tryChain', 'removeCluster', 'runOnCluster', 'closeCohorts']);

/** Periods × what each costs. */
function countPeriods(): void {
  const before = WEEKS_MS - THE_DAY_MS;
  const rollCalls = before / REAL.rollCall + THE_DAY_MS / REAL.rollCallOnTheDay;
  count('lifecycle', 'roll calls (activity, timer)', 2 * rollCalls);
  count('cohort', 'roll calls (activity, timer)', 2 * rollCalls);
  const claims = before / claimTimes(REAL, false).periodMs + THE_DAY_MS / claimTimes(REAL, true).periodMs;
  count('lifecycle', 'claims (activity, timer)', 2 * claims);
  // Only while people work.
  count('lifecycle', 'probes of the model (activity, timer)', (2 * EVENT_MS) / REAL.watchModel);
  const looks = (PARKED_MS - THE_DAY_MS) / REAL.watchAsleep + THE_DAY_MS / REAL.watchQuiet;
  count('cohort', 'quiet looks (activity, timer)', 2 * looks);
  const close = Math.max(3 * REAL.watchMoving, 2 * REAL.listStaleness);
  count('cohort', 'looks at what moves (activity, heartbeats)', (movingMs / close) * (2 + close / BEAT_MS));
  count('cohort', 'totals (signal, timer)', (2 * movingMs) / REAL.totals);
  // A schedule that runs, the workflow that it starts, and the two calls of that.
  count('reaper', 'visits (5 actions)', (5 * WEEKS_MS) / REAL.reaper);
}

const stack = await RealStack.start({ people: PEOPLE });
try {
  const id = await stack.open({}, {}, { soonerMs: 0 });
  const { attendees } = await stack.report(id);
  process.stdout.write(`${attendees.ready} of ${attendees.total} were ready.\n`);
  const add = async (workflow: string, workflowId: string) => {
    for (const { history } of await stack.chain(workflowId)) countHistory(workflow, history);
  };
  await add('lifecycle', workshopAddress(id));
  await add('cohort', cohortAddress(id, 0));
  await add('teardown', teardownAddress(id));
  const seats = [...stack.seatClusters().keys()];
  for (const key of seats) await add('attendees', attendeeAddress(id, key));
  const cohort = counts.get('cohort');
  const perPerson =
    ([...(counts.get('attendees')?.values() ?? [])].reduce((a, b) => a + b, 0) +
      (cohort?.get('signals') ?? 0) +
      (cohort?.get('children') ?? 0)) /
    seats.length;
  countPeriods();

  let total = 0;
  for (const [workflow, kinds] of counts) {
    const sum = [...kinds.values()].reduce((a, b) => a + b, 0);
    total += sum;
    const parts = [...kinds].map(([what, n]) => `${Math.round(n)} ${what}`);
    process.stdout.write(`${workflow}: ${Math.round(sum)} (${parts.join(', ')})\n`);
  }
  const full = total + (FULL - seats.length) * perPerson;
  process.stdout.write(
    `${Math.round(total)} actions for ${seats.length} people (${perPerson.toFixed(0)} for each)` +
      `${seats.length === FULL ? '' : `, about ${Math.round(full)} for ${FULL}`}: ` +
      `${(full / MOST).toFixed(2)} of the ${MOST} that ${FULL} people may take.\n`,
  );
  process.exitCode = full <= MOST ? 0 : 1;
} finally {
  await stack.stop();
}
