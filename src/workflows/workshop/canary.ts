import { isCancellation } from '@temporalio/workflow';
import type { Lifecycle } from './lifecycle.ts';
import { formatDuration } from '../../domain/duration.ts';
import { seatKey } from '../../domain/seat-key.ts';

/**
 * One cluster, dedicated to the worker's own identity, boots as everybody's will, and its events say that the init
 * script succeeded. It is removed again, whatever the outcome; how long it took to boot tells when to launch on the day.
 */
export async function canary(w: Lifecycle): Promise<string> {
  const { run, plan, calls } = w;
  const { userName } = await calls.short.whoAmI(run);
  const { clusterId } = await calls.launch.createCluster(run, {
    plan, key: seatKey(run.runId, 'canary'), generation: 0, email: 'canary', userName,
    policyId: w.state.policyId ?? '', ...(w.state.poolId ? { poolId: w.state.poolId } : {}),
  });
  if (clusterId !== w.state.canaryId) w.state.canaries += 1;
  w.state.canaryId = clusterId;
  const remove = async () => {
    const { upMs } = await calls.patient.removeCluster(run, { clusterId, limitMs: w.pace.launch, pollMs: w.pace.poll });
    w.state.canaryUpMs += upMs;
    w.state.canariesRemoved += 1;
  };
  try {
    const { bootMs } = await calls.patient.awaitCluster(run, { clusterId, limitMs: w.pace.launch, pollMs: w.pace.watchMoving });
    w.state.bootMs = Math.max(w.state.bootMs, bootMs);
    const { scripts } = await calls.short.verifyCluster(run, { clusterId });
    await remove();
    return `${clusterId} booted in ${formatDuration(bootMs * w.pace.speed)}, ${scripts} init script(s) succeeded by its events`;
  } catch (error) {
    // Interrupted, not failed: the next run of the lifecycle finds this cluster by its tags and goes on with it.
    if (!isCancellation(error)) await remove();
    throw error;
  }
}
