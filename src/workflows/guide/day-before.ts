import { canary } from './canary.ts';
import { dayOfBegins } from './day-of.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import type { LeftOut } from '../workshop/line-runner.ts';
import { tryOut } from './pool.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';
import { writeToTheUntried } from './room-letters.ts';
import { PEOPLE_SHOW_IT, roomForApps, testers } from './two-weeks-before.ts';

/** Enough instances to show that the pool warms, few enough to cost little. */
const TRIAL_INSTANCES = 3;
const PROBES = 5;

/** Day before: nothing has changed, the pool warms, the endpoint is quick. */
export async function dayBefore(w: Lifecycle): Promise<void> {
  const { run, calls } = w;
  // Test from a Windows machine with ZScaler.
  w.ask('windows-zscaler', w.timeline.dayOf);
  await Promise.all([
    w.do('unchanged', () => unchanged(w)),
    w.do('pool-warms', () => poolWarms(w), 'more and more rarely'),
    w.do('canary-again', () => canaryAgain(w), 'more and more rarely'),
    w.do('apps-again', () => roomForApps(w)),
    w.do('endpoint-responsive', () => calls.probeEndpoint(run, { plan: w.plan, times: PROBES })),
    w.do('handover', () => calls.writeHandover(run, w.planInForce())),
    w.do('testers-again', (first) => testers(w, first)),
    writeToTheUntried(w),
  ]);
}

/** On the day machines are for people; a canary whose cluster is up already is still looked at. */
async function canaryAgain(w: Lifecycle): Promise<string | LeftOut> {
  if (Date.now() >= dayOfBegins(w) && w.state.canaryAgainId === undefined) return { leftOut: PEOPLE_SHOW_IT };
  return canary(w, 'canary-again');
}

/** Not so late that it would run into the warming for everybody. */
async function poolWarms(w: Lifecycle): Promise<string | LeftOut> {
  if (dayOfBegins(w) - Date.now() < w.pace.poolFill)
    return { leftOut: 'the day is about to begin, and the pool is warmed for everybody then' };
  return tryOut(w, 'pool-warms', Math.min(TRIAL_INSTANCES, w.crowd.size));
}

/** That these calls succeed at all shows that the worker's credentials still hold. */
async function unchanged(w: Lifecycle): Promise<string> {
  const { run, plan, calls, state } = w;
  const changed = await calls.changedScripts(run, { plan });
  if (changed.length > 0) {
    await calls.uploadScripts(run, { plan });
    state.scriptsMended = changed;
    throw problem(
      `Changed or missing in the scripts volume: ${changed.join(', ')}.`,
      'They were uploaded again. Find out who changed them: clusters made in between ran something else.',
    );
  }
  if (state.policyId && !(await calls.policyIsThere(run, { policyId: state.policyId }))) {
    throw problem(
      'The cluster policy is gone.',
      'Clusters under a deleted policy still run, but cannot be edited: create the policy again, or waive this.',
    );
  }
  if (state.poolId && !(await calls.poolIsActive(run, { poolId: state.poolId }))) {
    throw problem(
      'The instance pool is not active.',
      'Look at the pool in the workspace; without it clusters start on their own, more slowly.',
    );
  }
  const scripts = state.scriptsMended
    ? `scripts are as they were again (${state.scriptsMended.join(', ')} had been changed or was missing)`
    : 'scripts read back as they were';
  return `${scripts}; policy and pool are there; credentials hold`;
}
