import { condition, patched } from '@temporalio/workflow';
import { APP_RIGHTS_TO_ASK } from '../../domain/replayed/capacity/app-rights.ts';
import { azureCapacity, azureCapacityLines, judgeServing } from '../../domain/replayed/capacity/capacity.ts';
import { retiredModel } from '../../domain/replayed/capacity/retired-models.ts';
import { canary } from './canary.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { drill } from './pool.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/** 2 weeks before: scripts, policy, pool, endpoint, and one cluster that proves the lot. */
export async function twoWeeksBefore(w: Lifecycle): Promise<void> {
  const { run, calls } = w;
  // Confirm `databricks ssh setup` works through the corporate proxy: only a person at a laptop can.
  w.ask('proxy', w.timeline.oneWeekBefore);
  w.ask('capacity', w.timeline.oneWeekBefore);
  w.ask('serving-capacity', w.timeline.oneWeekBefore);
  w.ask('apps-allowed', w.timeline.oneWeekBefore);
  explain(w);

  await Promise.all([
    w.do('apps', () => roomForApps(w)),
    w.do('endpoint', () => {
      const retired = retiredModel(w.plan, w.timeline.end);
      const answers = calls.probeEndpoint(run, { plan: w.plan, times: 1 });
      return retired === undefined ? answers : answers.then((said) => `${said}. ${retired}`);
    }),
    w.checklist.item('serving-capacity')?.kind === 'check' ? w.do('serving-capacity', () => serving(w)) : undefined,
    w.do('volumes', () => calls.ensureVolumes(run, { plan: w.plan })),
    w.do('scripts', () => calls.uploadScripts(run, { plan: w.plan })),
    w.do('policy', async () => {
      const { policyId, evidence } = await calls.ensurePolicy(run, { plan: w.plan });
      w.state.policyId = policyId;
      return evidence;
    }),
    w.do('pool', async () => {
      await condition(() => w.crowd.isEnrolled);
      const { poolId, ours, evidence } = await calls.ensurePool(run, { plan: w.plan, people: w.crowd.size });
      // By its tag, not by who created it last: an answer may have been lost.
      if (ours && w.state.poolId !== poolId) w.state.poolsCreated += 1;
      w.state.poolId = poolId;
      return evidence;
    }),
    w.do('grants', () => calls.grantGroup(run, { plan: w.plan, group: w.plan.attendeeGroup ?? '' })),
    // A machine for everybody costs money at every try: again only when somebody has had the quota raised and asks.
    w.checklist.item('capacity')?.kind === 'check' ? w.do('capacity', () => drill(w), 'only when asked') : undefined,
    canaryFirst(w),
    w.do('testers', (first) => testers(w, first)),
  ]);
}

/** Two weeks before there is time to have others' apps deleted; the day before shows what came since. */
export async function roomForApps(w: Lifecycle): Promise<string> {
  await condition(() => w.crowd.isEnrolled);
  return w.calls.checkAppRoom(w.run, { plan: w.plan, people: w.crowd.attendees });
}

/** Why there is no canary on the day. */
export const PEOPLE_SHOW_IT = "the day has begun, and people's own clusters show it";

/**
 * Taken over while the room works: machines are for people, and a canary would protect nobody. One whose cluster is up
 * already is still looked at.
 */
const isLate = (w: Lifecycle): boolean =>
  w.seatsComeFirst && w.state.canaryId === undefined && patched('no-canary-for-a-room-that-works');

/** Tried again with an amended plan, it lets clusters be made again, which nobody else tells the seats. */
async function canaryFirst(w: Lifecycle): Promise<void> {
  await w.do(
    'canary',
    async () => (isLate(w) ? { leftOut: PEOPLE_SHOW_IT } : canary(w, 'canary')),
    'more and more rarely',
  );
  if (w.state.amended) await w.crowd.turnPage();
}

/** Testers get their clusters early, to try from their own laptops. Used by the day before, too. */
export async function testers(w: Lifecycle, first: boolean): Promise<string> {
  // Woken once: while one of them is missing, the others may sleep.
  await w.crowd.raise('ready', { testersOnly: true, wake: first });
  // Those who slept when they were woken do not count until they run; those who fell asleep since do.
  const served = () => w.totals().testersReady + (first ? 0 : w.totals().testersAsleep);
  await condition(() => served() + w.totals().testersFailed >= howMany(w), w.pace.launch);
  const ready = served();
  if (ready < howMany(w))
    throw problem(
      `${ready} of ${howMany(w)} testers' clusters run.`,
      `See why: bin/workshop attendees list ${w.plan.id}`,
    );
  return `${ready} testers' clusters run`;
}

const howMany = (w: Lifecycle) => w.plan.testers.length;

async function serving(w: Lifecycle): Promise<string> {
  const measured = w.checklist.item('serving-capacity');
  // Somebody who measured said no: it stays so until they measure again.
  if (measured?.by !== undefined)
    throw problem(
      measured.evidence ?? 'somebody said no',
      `Have the limits raised, then measure again: bin/workshop load-test <plan> --for ${w.plan.id}`,
    );
  const { verdict, demand, remedies } = judgeServing(w.plan, w.crowd.size);
  if (verdict === 'short') throw problem('Model Serving is too small for everybody at once.', remedies.join('\n'));
  return (
    `enough for ${Math.round(demand.inputTokensPerMinute)} input and ${Math.round(demand.outputTokensPerMinute)} ` +
    'output tokens a minute'
  );
}

/** What a person has to look up before signing off that cloud and endpoint are large enough. */
function explain(w: Lifecycle): void {
  const capacity = w.checklist.item('capacity');
  if (capacity?.kind === 'sign-off')
    w.checklist.show('capacity', { toDo: azureCapacityLines(azureCapacity(w.plan, w.crowd.size)).join('\n') });
  if (w.checklist.item('apps-allowed') !== undefined)
    w.checklist.show('apps-allowed', { toDo: APP_RIGHTS_TO_ASK.join('\n') });
  const limits = w.checklist.item('serving-capacity');
  if (limits?.kind === 'sign-off')
    w.checklist.show('serving-capacity', { toDo: judgeServing(w.plan, w.crowd.size).remedies.join('\n') });
}
