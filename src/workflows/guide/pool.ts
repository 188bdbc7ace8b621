import { CancellationScope, condition } from '@temporalio/workflow';
import type { PoolFill } from '../../activities/setup/instance-pool.ts';
import { HEADINGS } from '../../domain/replayed/checklist/lines.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import type { LeftOut } from '../workshop/line-runner.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/** Fills the pool up to `minIdle`; what that shows is for the caller, what it costs is added up here. */
async function fill(w: Lifecycle, minIdle: number, limitMs = w.pace.poolFill): Promise<PoolFill> {
  meter(w);
  const filled = await w.calls.fillPool(w.run, {
    ...minimum(w, minIdle, true),
    until: Date.now() + limitMs,
    pollMs: w.pace.poll,
  });
  w.state.poolIdleMs += filled.idleMs;
  if (!w.checklist.isDone('spares')) w.state.poolRests = { idle: filled.idle, since: Date.now() };
  w.state.fillMs = Math.max(w.state.fillMs, filled.tookMs);
  return filled;
}

/** Says how many instances shall wait in the pool. */
export async function keep(w: Lifecycle, minIdle: number, gathering: boolean): Promise<void> {
  await w.calls.setPoolMinimum(w.run, minimum(w, minIdle, gathering));
  meter(w);
  w.state.poolRests = { idle: minIdle, since: Date.now() };
}

/** Adds what has waited in the pool up to now: a minimum is paid for as long as it stands. */
export function meter(w: Lifecycle): void {
  const { poolRests } = w.state;
  if (!poolRests) return;
  w.state.poolIdleMs += poolRests.idle * (Date.now() - poolRests.since);
  w.state.poolRests = { ...poolRests, since: Date.now() };
}

function minimum(w: Lifecycle, minIdle: number, gathering: boolean) {
  return { plan: w.plan, poolId: w.state.poolId ?? '', people: w.crowd.size, minIdle, gathering };
}

/** Fills the pool and lets it go again, whatever happens: a forgotten minimum is billed for weeks. */
export async function tryOut(w: Lifecycle, minIdle: number): Promise<string | LeftOut> {
  if (dayHasBegun(w)) return { leftOut: 'the day has begun, and the pool is being warmed for everybody' };
  try {
    const filled = await fill(w, minIdle);
    if (filled.idle < filled.wanted) throw tooFew(filled);
    return poolEvidence(w, filled);
  } finally {
    await CancellationScope.nonCancellable(() => lower(w));
  }
}

/** Why it could not be done is no reason for the line to fail: {@link lowering} goes on with it. */
async function lower(w: Lifecycle): Promise<void> {
  w.state.toLower = true;
  try {
    await keep(w, 0, false);
    delete w.state.toLower;
  } catch (error) {
    ignoreUnlessCancelled(error);
  }
}

/**
 * Beside everything else: a minimum that could not be lowered is lowered as soon as it can be. On the day it is the
 * day's own.
 */
export async function lowering(w: Lifecycle): Promise<void> {
  let asked = false;
  for (;;) {
    await condition(() => w.leaving || w.state.toLower === true);
    if (w.leaving || (await condition(() => w.leaving, w.pace.recheck))) return;
    if (dayHasBegun(w)) delete w.state.toLower;
    if (!w.state.toLower) continue;
    if (!asked)
      await w.tell(
        'databricksAdmin',
        'pool-minimum',
        'The pool keeps machines waiting',
        'Its minimum could not be lowered after a trial, and is tried again until it works. Those machines cost ' +
          `money: please set the minimum of the pool ${w.state.poolId ?? ''} to 0.`,
      );
    asked = true;
    await lower(w);
  }
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
  return tryOut(w, w.crowd.size);
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
  const filled = await fill(w, w.crowd.size, Math.min(left, w.pace.poolFill));
  if (filled.idle < filled.wanted)
    throw tooFew(filled, left < w.pace.poolFill ? 'The launches were due, and it had no more time.' : undefined);
  return poolEvidence(w, filled);
}

const poolEvidence = (w: Lifecycle, { idle, tookMs, idleMs }: PoolFill) => {
  const { currency, vmPerHour } = w.plan.prices;
  const cost = (idleMs * w.pace.speed * vmPerHour) / 3_600_000;
  return (
    `${idle} instances idle after ${formatDuration(tookMs * w.pace.speed)}, about ${cost.toFixed(2)} ${currency} ` +
    'of VMs'
  );
};

const tooFew = ({ idle, wanted, errors }: PoolFill, otherwise = 'The cloud gave no reason.') =>
  problem(
    `The pool reached ${idle} of ${wanted} instances. ` +
      (errors.length > 0 ? `The cloud said: ${errors.join('; ')}` : otherwise),
    'Check the vCPU quota of the VM family and of the region, and the free addresses of both subnets; or name ' +
      'another node type in the plan.',
  );
