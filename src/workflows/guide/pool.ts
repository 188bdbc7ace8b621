import { CancellationScope, condition, isCancellation, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { PoolFill } from '../../activities/setup/instance-pool.ts';
import { HEADINGS, type LineId } from '../../domain/replayed/checklist/lines.ts';
import { poolEdit, poolEditCommand, trialIdleMinutes } from '../../domain/replayed/made/pool-spec.ts';
import { POOL_WAITS, poolWaits, type PoolWaits } from '../../domain/replayed/made/pool-waits.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { troubleOf } from '../shared/failures.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import type { LeftOut } from '../workshop/line-runner.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

const HOUR_MS = 3_600_000;

/**
 * Fills the pool up to `minIdle`; what that shows is for the caller, what it costs is added up here.
 * @throws when it has not ended by its time either, because no worker goes on with it
 */
async function fill(w: Lifecycle, minIdle: number, trial: boolean, limitMs = w.pace.poolFill): Promise<PoolFill> {
  meter(w);
  note(w, minIdle, trial);
  const filled = await byItsTime(limitMs + w.pace.step, () =>
    w.calls.fillPool(w.run, {
      ...minimum(w, minIdle),
      until: Date.now() + limitMs,
      pollMs: w.pace.poll,
      ...(trial ? { trial: { idleMinutes: trialIdleMinutes(w.pace.speed) } } : {}),
    }),
  );
  w.state.poolIdleMs += filled.idleMs;
  if (!w.checklist.isDone('spares')) w.state.poolRests = { idle: filled.idle, since: Date.now() };
  if (filled.unread !== undefined)
    throw problem(
      `The pool could not be read for ${formatDuration(limitMs * w.pace.speed)}, so nobody knows how many machines ` +
        `came: ${filled.unread}`,
      `Look at it, and whether any machine waits there: databricks instance-pools get ${w.state.poolId ?? ''}`,
    );
  w.state.fillMs = Math.max(w.state.fillMs, filled.tookMs);
  return filled;
}

/** Ends by its time, whoever has died. Cancelled, it ends when what it began has ended. */
async function byItsTime<T>(limitMs: number, act: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  const acting = scope.run(act);
  let ended = false;
  const end = () => {
    ended = true;
  };
  acting.then(end, end);
  try {
    if (await condition(() => ended, limitMs)) return await acting;
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => acting.then(end, end));
    throw error;
  }
  scope.cancel();
  throw problem(
    'The pool was not filled in time, and nobody says why.',
    'Check that a worker runs and reaches the workspace.',
  );
}

/** Says how many instances shall wait in the pool. */
export async function keep(w: Lifecycle, minIdle: number, gathering: boolean): Promise<void> {
  await w.calls.setPoolMinimum(w.run, { ...minimum(w, minIdle), gathering });
  note(w, minIdle);
  meter(w);
  w.state.poolRests = { idle: minIdle, since: Date.now() };
}

/** What waits in the pool, where it can be read without a worker. A new run begins with an old memo. */
export function noteWaiting(w: Lifecycle): void {
  const { toLower, poolRests } = w.state;
  note(w, toLower?.machines ?? poolRests?.idle ?? 0);
}

function note(w: Lifecycle, machines: number, trial = false): void {
  const noted = workflowInfo().memo?.[POOL_WAITS] as PoolWaits | null | undefined;
  if (machines === (noted?.machines ?? 0)) return;
  const { plan, run, crowd, state } = w;
  const request = { plan, runId: run.runId, people: crowd.size };
  const more = { machines, trial, now: Date.now(), price: plan.prices };
  upsertMemo({ [POOL_WAITS]: machines === 0 ? null : poolWaits(state.poolId ?? '', request, more) });
}

/** Adds what has waited in the pool up to now: a minimum is paid for as long as it stands. */
export function meter(w: Lifecycle): void {
  const { poolRests } = w.state;
  if (!poolRests) return;
  w.state.poolIdleMs += poolRests.idle * (Date.now() - poolRests.since);
  w.state.poolRests = { ...poolRests, since: Date.now() };
}

function minimum(w: Lifecycle, minIdle: number) {
  return { plan: w.plan, poolId: w.state.poolId ?? '', people: w.crowd.size, minIdle };
}

/**
 * Fills the pool for one line of the guide and lets it go again, whatever happens: a forgotten minimum is billed for
 * weeks. The line is red for as long as the minimum may still be up. One trial at a time: they would end each other's.
 */
export async function tryOut(w: Lifecycle, line: LineId, minIdle: number): Promise<string | LeftOut> {
  await condition(() => !w.poolIsTried);
  if (dayHasBegun(w)) return { leftOut: 'the day has begun, and the pool is being warmed for everybody' };
  if (w.state.toLower) throw stillUp(w);
  w.poolIsTried = true;
  try {
    const filled = await fill(w, minIdle, true);
    if (filled.idle + filled.used < filled.wanted) throw tooFew(filled);
    const evidence = poolEvidence(w, filled);
    await lower(w, { machines: minIdle, line, evidence });
    return evidence;
  } catch (error) {
    // What went wrong is said, but not before the machines are let go.
    if (w.state.toLower) throw error;
    if (isCancellation(error)) await lower(w, { machines: minIdle }).catch(isSaidByOthers);
    else {
      const { message, toDo } = troubleOf(error);
      await lower(w, { machines: minIdle, line, failed: { message, toDo } });
    }
    throw error;
  } finally {
    w.poolIsTried = false;
  }
}

/** @throws what the line says while the minimum may still be up; {@link lowering} goes on with it */
async function lower(w: Lifecycle, toLower: NonNullable<Lifecycle['state']['toLower']>): Promise<void> {
  if (await CancellationScope.nonCancellable(() => isLowered(w))) return;
  w.state.toLower = toLower;
  throw stillUp(w);
}

/** Lowers the minimum to 0. A pool that is gone keeps nothing either. */
async function isLowered(w: Lifecycle): Promise<boolean> {
  try {
    await keep(w, 0, false);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (troubleOf(error).type !== 'RESOURCE_DOES_NOT_EXIST') return false;
  }
  delete w.state.toLower;
  return true;
}

/** The line was called off; {@link lowering} tells somebody. */
const isSaidByOthers = (): void => {};

/** What waits, what it costs, and the command that ends it. */
function stillUp(w: Lifecycle) {
  const machines = w.state.toLower?.machines ?? 0;
  const { currency, vmPerHour } = w.plan.prices;
  const poolId = w.state.poolId ?? '';
  const edit = poolEdit(poolId, { plan: w.plan, runId: w.run.runId, people: w.crowd.size });
  return problem(
    `The minimum of the pool ${poolId} could not be lowered: up to ${machines} machines wait in it, for about ` +
      `${(machines * vmPerHour).toFixed(2)} ${currency} an hour.`,
    `It is tried again until it works. Or lower it yourself: ${poolEditCommand(edit)}`,
  );
}

/**
 * Beside everything else: a minimum that could not be lowered is lowered as soon as it can be. On the day it is the
 * day's own.
 */
export async function lowering(w: Lifecycle): Promise<void> {
  let asked = false;
  for (;;) {
    await condition(() => w.leaving || w.state.toLower !== undefined);
    const { toLower } = w.state;
    if (w.leaving || toLower === undefined) return;
    if (!asked) {
      const { message, toDo } = troubleOf(stillUp(w));
      await w.tell('databricksAdmin', 'pool-minimum', 'The pool keeps machines waiting', `${message}\n\n${toDo}`);
    }
    asked = true;
    if (await condition(() => w.leaving, w.pace.recheck)) return;
    if (dayHasBegun(w) && w.state.heading !== 'after') delete w.state.toLower;
    else if (!(await isLowered(w))) continue;
    asked = false;
    const { line, evidence, failed } = toLower;
    if (line === undefined || w.checklist.isDone(line)) continue;
    if (evidence !== undefined) w.checklist.pass(line, evidence, Date.now());
    else if (failed) w.checklist.fail(line, failed.toDo, Date.now(), failed.message);
  }
}

/** The event is over, or called off: from now on no machine waits for anybody. Goes on until it is so. */
export async function rest(w: Lifecycle): Promise<void> {
  if (w.state.poolId === undefined) return;
  const machines = w.state.poolRests?.idle ?? w.crowd.size;
  if (!(await isLowered(w))) w.state.toLower = { machines };
  await lowering(w);
}

/** Capacity drill: a VM for everybody, all at once, as on the day. Left out when there is no longer time for it. */
export async function drill(w: Lifecycle): Promise<string | LeftOut> {
  const needed = w.pace.poolFill + w.pace.leastLead;
  if (w.timeline.start - Date.now() < needed) {
    return {
      leftOut:
        `the workshop starts in less than ${formatDuration(needed * w.pace.speed)}, and people's clusters come ` +
        'first',
    };
  }
  return tryOut(w, 'capacity', w.crowd.size);
}

const dayHasBegun = (w: Lifecycle) => HEADINGS.indexOf(w.state.heading) >= HEADINGS.indexOf('day of');

/** For everybody on the day; the minimum stays up until it is lowered to the spares. */
export async function warm(w: Lifecycle, launchAt: number): Promise<string | LeftOut> {
  const left = launchAt - Date.now();
  // Filled now, it would not be emptied again before the first start.
  if (left <= 0 || w.checklist.isDone('spares'))
    return {
      leftOut:
        "there was no time before the launches: people's clusters start from what the pool has, the rest more slowly",
    };
  const filled = await fill(w, w.crowd.size, false, Math.min(left, w.pace.poolFill));
  if (filled.idle < filled.wanted)
    throw tooFew(filled, left < w.pace.poolFill ? 'The launches were due, and it had no more time.' : undefined);
  return poolEvidence(w, filled);
}

const poolEvidence = (w: Lifecycle, { idle, used, tookMs, idleMs }: PoolFill) => {
  const { currency, vmPerHour } = w.plan.prices;
  const cost = ((idleMs * w.pace.speed * vmPerHour) / HOUR_MS).toFixed(2);
  const there = `${idle === 1 ? '1 instance' : `${idle} instances`} idle${used > 0 ? ` and ${used} in use` : ''}`;
  return `${there} after ${formatDuration(tookMs * w.pace.speed)}, about ${cost} ${currency} of VMs`;
};

const tooFew = ({ idle, used, wanted, errors }: PoolFill, otherwise = 'The cloud gave no reason.') =>
  problem(
    `The pool reached ${idle + used} of ${wanted} instances. ` +
      (errors.length > 0 ? `The cloud said: ${errors.join('; ')}` : otherwise),
    'Check the vCPU quota of the VM family and of the region, and the free addresses of both subnets; or name ' +
      'another node type in the plan.',
  );
