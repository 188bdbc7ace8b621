import { isCancellation, uuid4 } from '@temporalio/workflow';
import {
  chainLimits,
  failedHops,
  hopsSaid,
  wantsJob,
  withJob,
  type Hop,
  type SeenByJob,
  type ServerDownload,
} from '../../domain/replayed/canary/hops.ts';
import { downloadSaid, serverDownloadIn } from '../../domain/replayed/canary/vscode-server.ts';
import { readCheck } from '../../domain/replayed/canary/words.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import { troubleOf } from '../shared/failures.ts';
import { handToAPerson, type CanaryId } from './canary-by-hand.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/** The cluster that each was last seen with. */
const KNOWN = { canary: 'canaryId', 'canary-again': 'canaryAgainId' } as const;

/**
 * One cluster, dedicated to the worker's own identity, boots as everybody's will, its events say that the init script
 * succeeded, and each hop from the worker to an answer of Claude Code on it is tried. It is removed again, whatever the
 * outcome; how long it took to boot tells when to launch on the day. What cannot be tried from here is asked of a
 * person.
 */
export async function canary(w: Lifecycle, id: CanaryId): Promise<string> {
  const { run, plan, calls } = w;
  const { userName } = await calls.whoAmI(run);
  const { clusterId } = await calls.createCluster(run, {
    plan,
    key: seatKey(run.runId, id),
    generation: 0,
    email: id,
    userName,
    policyId: w.state.policyId ?? '',
    ...(w.state.poolId ? { poolId: w.state.poolId } : {}),
  });
  if (clusterId !== w.state[KNOWN[id]]) w.state.canaries += 1;
  w.state[KNOWN[id]] = clusterId;
  const remove = async () => {
    const { upMs } = await calls.removeCluster(run, { clusterId, limitMs: w.pace.launch, pollMs: w.pace.poll });
    w.state.canaryUpMs += upMs;
    w.state.canariesRemoved += 1;
  };
  try {
    const { bootMs } = await calls.awaitCluster(run, {
      clusterId,
      limitMs: w.pace.launch,
      pollMs: w.pace.watchMoving,
    });
    w.state.bootMs = Math.max(w.state.bootMs, bootMs);
    const { scripts } = await calls.verifyCluster(run, { plan, clusterId });
    const { hops, serverDownload } = await tryHops(w, id, clusterId, userName);
    if (serverDownload) w.state.laptopsFetchServer = !serverDownload.reached;
    await remove();
    await handToAPerson(w, id, hops);
    return (
      `${hopsSaid(hops)}; ${clusterId} booted in ${formatDuration(bootMs * w.pace.speed)}, ${scripts} init ` +
      'script(s) succeeded by its events' +
      (serverDownload ? `; ${downloadSaid(serverDownload)}` : '')
    );
  } catch (error) {
    // Interrupted, not failed: the next run of the lifecycle finds this cluster by its tags and goes on with it.
    if (!isCancellation(error)) await remove();
    throw error;
  }
}

/** @throws when one fails: what one cluster cannot do, nobody's can. */
async function tryHops(
  w: Lifecycle,
  id: CanaryId,
  clusterId: string,
  userName: string,
): Promise<{ readonly hops: readonly Hop[]; readonly serverDownload: ServerDownload | undefined }> {
  // As everybody's first connection finds it: with the CLI in place that the plan pins.
  const seedCli = w.plan.databricksCli?.version;
  const seeded = seedCli === undefined ? undefined : await seenByJob(w, { clusterId, userName, seedCli });
  const chain = await w.calls.tryChain(w.run, { clusterId, userName, limits: chainLimits(w.pace) });
  const job = wantsJob(chain.hops) ? (seeded ?? (await seenByJob(w, { clusterId, userName }))) : seeded;
  const hops = wantsJob(chain.hops) && job ? withJob(chain.hops, chain.bootstrapFailed === true, job) : chain.hops;
  w.checklist.show(id, { hops });
  const failed = failedHops(hops);
  if (failed.length > 0) throw problem(hopsSaid(hops), failed.map((hop) => `${hop.id}: ${hop.hint}`).join('\n'));
  return { hops, serverDownload: chain.serverDownload ?? (job?.ran ? job.serverDownload : undefined) };
}

/** What check-claude says in a job on the cluster. It never fails: what it could not see is told. */
async function seenByJob(
  w: Lifecycle,
  {
    clusterId,
    userName,
    seedCli,
  }: { readonly clusterId: string; readonly userName: string; readonly seedCli?: string },
): Promise<SeenByJob> {
  try {
    const outcome = await w.calls.runOnCluster(w.run, {
      plan: w.plan,
      clusterId,
      check: true,
      deep: true,
      save: false,
      seedCli,
      token: uuid4(),
      limitMs: w.pace.job,
      pollMs: w.pace.watchJobs,
    });
    if (!outcome.ran) return { ran: false, silent: outcome.silent === true, why: outcome.why };
    const { check } = outcome.report;
    return check
      ? { ran: true, hops: readCheck(check, userName), serverDownload: serverDownloadIn(check.checks) }
      : { ran: false, silent: false, why: 'the job said nothing of check-claude' };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ran: false, silent: false, why: troubleOf(error).message };
  }
}
