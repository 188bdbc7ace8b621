import { condition, patched } from '@temporalio/workflow';
import type { LineId } from '../../domain/replayed/checklist/lines.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { launchesToPlanBy, launchLead, LEAST_WARMING } from '../../domain/replayed/time/launch-lead.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { letLaunchesGoOn } from '../people/launch-stop.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import type { LeftOut } from '../workshop/line-runner.ts';
import { looked, seen } from './looks.ts';
import { keep, warm } from './pool.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/** A pool does not fill twice in the same time. */
const FILL_MARGIN = 1.3;

/** Day of: pool warmed, everybody's cluster up before the start. */
export async function dayOf(w: Lifecycle): Promise<void> {
  // Have support staff ready for setup issues.
  w.ask('support-staff', w.timeline.start);
  const lead = leadMs(w);
  const launchAt = () => w.timeline.start - lead;
  await Promise.all([
    w.do('warm-pool', () => warm(w, launchAt()), { until: launchAt }),
    w.do('spares', async () => {
      // A pool that did not fill at once may be tried again until the launches are due.
      await condition(() => w.checklist.isDone('warm-pool'), Math.max(1, launchAt() - Date.now()));
      // Its time is up with ours: what it did must not come after what is done here.
      await condition(() => w.checklist.item('warm-pool')?.state !== 'running', w.pace.step);
      await keep(w, w.plan.compute.pool.spares, true);
      return (
        `minimum lowered to ${w.plan.compute.pool.spares}: the pool does not top itself up while people's clusters ` +
        'take from it'
      );
    }),
    w.do('clusters', () => clusters(w, launchAt)),
    w.do('checks', () => checks(w), { until: () => w.timeline.start }),
    // Once under each heading: a run that follows another one under the same has other things to do.
    ...(w.state.roomOpened !== w.state.heading && patched('the-room') ? [openRoom(w)] : []),
  ]);
}

/** Whoever asks for help on their cluster is heard from now on, whether or not somebody has opened a page. */
async function openRoom(w: Lifecycle): Promise<void> {
  const { queues } = w.input;
  try {
    await w.calls.openRoom(w.run, { queues, pace: w.pace });
    w.state.roomOpened = w.state.heading;
  } catch (error) {
    ignoreUnlessCancelled(error);
  }
}

/** When warming begins: early enough that the pool is full when the launches are due. */
export function dayOfBegins(w: Lifecycle): number {
  const warming = w.plan.compute.pool.use ? Math.max(w.pace.poolFill * LEAST_WARMING, w.state.fillMs * FILL_MARGIN) : 0;
  // The page turns a little after its moment.
  return Math.min(w.timeline.dayOf, w.timeline.start - leadMs(w) - warming - w.pace.totals);
}

function leadMs(w: Lifecycle): number {
  const { speed } = w.pace;
  const { leadMs: lead } = launchLead({
    people: w.crowd.size,
    bootMs: Math.max(w.state.bootMs, w.totals().slowestBootMs) * speed,
    ...launchesToPlanBy(w.totals().launches),
    leastLeadMs: w.pace.leastLead * speed,
    autoTerminationMs: w.plan.compute.autoTerminationMinutes * 60_000,
  });
  return lead / speed;
}

async function clusters(w: Lifecycle, launchAt: () => number): Promise<string> {
  await w.until(launchAt, 'until clusters are launched');
  // Launches are due when they are due: a pool that does not answer is a line of its own.
  await condition(() => hasTried(w, 'spares'), w.pace.retryMost);
  // Once: asking again would wake those who fell asleep since, and their owners do that by connecting.
  if (!w.state.launched) {
    letLaunchesGoOn(w, 'the day of the event begins anew');
    await w.crowd.raise('ready', { wake: true });
    w.state.launched = true;
  }
  const allReady = () =>
    w.totals().attendees >= w.crowd.size - w.totals().guests && w.totals().everReady >= w.totals().attendees;
  const giveUpAt = () => Math.max(asked + w.pace.poll, w.timeline.start);
  const asked = Date.now();
  await w.until(() => (allReady() ? asked : giveUpAt()), "until everybody's cluster runs");
  const { attendees, everReady } = w.totals();
  if (!allReady())
    throw problem(
      `${everReady} of ${attendees} clusters run and serve.`,
      `See which are missing, and why: bin/workshop attendees list ${w.plan.id}`,
    );
  return `all ${attendees} run, ${fromTheStart(w)}`;
}

function fromTheStart(w: Lifecycle): string {
  const early = w.timeline.start - Date.now();
  return `${formatDuration(Math.abs(early) * w.pace.speed)} ${early >= 0 ? 'before' : 'after'} the start`;
}

/** The last look, which also restarts the clock that puts idle clusters to sleep. */
async function checks(w: Lifecycle): Promise<string | LeftOut> {
  if (w.plan.verifyAs === 'events')
    return {
      leftOut: 'the plan says verifyAs: events; that the init script succeeded was seen when each cluster first booted',
    };
  await w.until(() => w.timeline.start - w.pace.lastChecks, "until everybody's cluster is looked at once more");
  await condition(() => w.state.launched === true);
  await looked(w, Math.max(w.timeline.start, Date.now() + w.pace.job));
  const { attendees, seenByThem, seenByEvents, seenFailing } = w.totals();
  if (seenByThem + seenByEvents < attendees) {
    throw problem(
      `${seen(w)}; of ${attendees} in all ` +
        (seenFailing > 0 ? `${seenFailing} do not serve, ` : '') +
        `${attendees - seenByThem - seenByEvents - seenFailing} could not be looked at.`,
      `See who, and why: bin/workshop attendees list ${w.plan.id}`,
    );
  }
  return `${seen(w)}, ${fromTheStart(w)}`;
}

/** Ended, or out of reach: in any case people's clusters wait no longer for it. */
const hasTried = (w: Lifecycle, id: LineId) => w.checklist.hasEnded(id) || !w.checklist.mayBegin(id);
