import type { Cluster } from '../clusters/cluster-model.ts';
import type { TerminationReason } from '../clusters/cluster-spec.ts';
import type { Principal } from '../identity/principals.ts';
import { SIMULATED } from '../nodes/node-kind.ts';
import type { RunIf } from './task-spec.ts';
import type { Ending, Run, RunResult } from './run-model.ts';

/** Why a cluster ends that a run brought along (docs/facts/databricks.md section 3). */
export const JOB_FINISHED: TerminationReason = { code: 'JOB_FINISHED', type: 'SUCCESS', parameters: {} };

/** The tunnel cannot end in what is simulated. */
export const NEEDS_REAL_NODE =
  "The node of this cluster is simulated: it exists in the sandbox's books only, and nothing can be " +
  'connected to. Start the sandbox with --nodes real, on Linux with bubblewrap, openssh-server and ' +
  'python3 installed, and connect again.';

export const succeeded = (message: string): Ending => ({
  result: 'SUCCESS',
  lifeCycle: 'TERMINATED',
  code: 'SUCCESS',
  type: 'SUCCESS',
  message,
});

/** The work itself failed. The details are in its output. */
export const workFailed: Ending = {
  result: 'FAILED',
  lifeCycle: 'TERMINATED',
  code: 'RUN_EXECUTION_ERROR',
  type: 'CLIENT_ERROR',
  message: 'Workload failed, see run output for details',
};

/** It never came to do its work. @param code a termination code of the Jobs API. */
export const couldNotRun = (code: string, message: string, type: Ending['type'] = 'CLIENT_ERROR'): Ending => ({
  result: 'FAILED',
  lifeCycle: 'INTERNAL_ERROR',
  code,
  type,
  message,
});

export const canceledBy = (who: Principal): Ending => ({
  result: 'CANCELED',
  lifeCycle: 'TERMINATED',
  code: 'USER_CANCELED',
  type: 'CLIENT_ERROR',
  message: `Run cancelled by user ${who.userName}.`,
});

export const timedOut = (seconds: number): Ending => ({
  result: 'TIMEDOUT',
  lifeCycle: 'TERMINATED',
  code: 'CANCELED',
  type: 'CLIENT_ERROR',
  message: `Run timed out after ${seconds} seconds.`,
});

export const lostWithSandbox: Ending = couldNotRun(
  'INTERNAL_ERROR',
  'The sandbox was restarted while this ran on one of its nodes. What it did until then is not known: submit it again.',
  'INTERNAL_ERROR',
);

/** The cluster went away under it, or never came up. */
export function clusterLost({ id, terminationReason, state }: Cluster, wasRunning: boolean): Ending {
  const why = terminationReason
    ? `${terminationReason.code}(${terminationReason.type}): ${Object.entries(terminationReason.parameters)
        .map(([key, value]) => `${key}:${value}`)
        .join(', ')}`
    : state.toLowerCase();
  return couldNotRun(
    'CLUSTER_ERROR',
    wasRunning
      ? `Cluster '${id}' was terminated while the run was on it. Reason: ${why}`
      : `Unexpected failure while waiting for the cluster (${id}) to be ready: Cluster ${id} is in ` +
          `unexpected state Terminated: ${why}`,
    terminationReason?.type === 'CLOUD_FAILURE' ? 'CLOUD_FAILURE' : 'CLIENT_ERROR',
  );
}

/** How a task ends whose `run_if` is not met by the tasks it depends on; undefined when it is to run. */
export function skippedBy(runIf: RunIf, upstream: readonly RunResult[]): Ending | undefined {
  if (upstream.length === 0 || IS_MET[runIf](upstream)) return undefined;
  const isCanceled = upstream.includes('CANCELED') || upstream.includes('UPSTREAM_CANCELED');
  const onFailure = runIf === 'AT_LEAST_ONE_FAILED' || runIf === 'ALL_FAILED';
  return {
    result: onFailure ? 'EXCLUDED' : isCanceled ? 'UPSTREAM_CANCELED' : 'UPSTREAM_FAILED',
    lifeCycle: 'SKIPPED',
    code: 'SKIPPED',
    type: 'CLIENT_ERROR',
    message: `Skipped: the tasks it depends on did not meet its condition ${runIf}.`,
  };
}

const isGood = (result: RunResult): boolean => result === 'SUCCESS' || result === 'EXCLUDED';

const IS_MET: Readonly<Record<RunIf, (upstream: readonly RunResult[]) => boolean>> = {
  ALL_SUCCESS: (upstream) => upstream.every(isGood),
  AT_LEAST_ONE_SUCCESS: (upstream) => upstream.includes('SUCCESS'),
  NONE_FAILED: (upstream) =>
    upstream.every((result) => isGood(result) || result === 'CANCELED' || result === 'UPSTREAM_CANCELED'),
  ALL_DONE: () => true,
  AT_LEAST_ONE_FAILED: (upstream) => upstream.some((result) => !isGood(result)),
  ALL_FAILED: (upstream) => !upstream.some(isGood),
};

/** What the end of every task makes of the run: the tasks that nothing depends on decide. */
export function endingOf(run: Run): Ending {
  const [only] = run.tasks;
  if (run.stopping) return run.stopping;
  if (run.format === 'SINGLE_TASK' && only?.ending) return only.ending;
  const ended = run.tasks.map((task) => ({ task, key: task.spec.task_key, ending: task.ending ?? workFailed }));
  const inner = new Set(run.tasks.flatMap((task) => task.dependsOn));
  const isBad = ({ ending }: { readonly ending: Ending }): boolean => !isGood(ending.result);
  if (ended.some((one) => isBad(one) && !inner.has(one.key))) {
    const first = ended.find((one) => isBad(one) && one.ending.lifeCycle !== 'SKIPPED') ?? ended.find(isBad);
    return {
      ...(first?.ending ?? workFailed),
      result: 'FAILED',
      lifeCycle: 'INTERNAL_ERROR',
      message: `Task ${first?.key ?? ''} failed with message: ${(first?.ending.message ?? '').replace(/\.$/, '')}.`,
    };
  }
  const message = ended.some(({ ending }) => ending.message === SIMULATED) ? SIMULATED : '';
  return ended.some(isBad)
    ? { ...succeeded(message), result: 'SUCCESS_WITH_FAILURES', code: 'SUCCESS_WITH_FAILURES' }
    : succeeded(message);
}
