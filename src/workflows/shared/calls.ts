import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Queues } from '../../domain/replayed/made/addresses.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import { SUMMARIES } from './summaries.ts';

/** Activities by how long they take and which queue they wait in. */
export interface Calls {
  /** One short exchange with the workspace. */
  readonly short: Pick<
    Activities,
    | 'ensureVolumes'
    | 'uploadScripts'
    | 'changedScripts'
    | 'ensurePolicy'
    | 'policyIsThere'
    | 'ensurePool'
    | 'setPoolMinimum'
    | 'poolIsActive'
    | 'whoAmI'
    | 'findPerson'
    | 'openAccess'
    | 'grantGroup'
    | 'probeEndpoint'
    | 'shareCluster'
    | 'verifyCluster'
    | 'stopCluster'
    | 'moveCluster'
    | 'whatMayI'
    | 'lookForRemains'
    | 'deletePool'
    | 'quietPool'
    | 'notify'
    | 'deliverLetter'
    | 'sendFeedback'
    | 'writeReport'
    | 'standingOf'
    | 'startTeardown'
    | 'removeReaper'
  >;
  /** What makes the cloud hand out a machine. */
  readonly launch: Pick<Activities, 'createCluster' | 'startCluster'>;
  /** What runs on somebody's cluster. */
  readonly jobs: Pick<Activities, 'runOnCluster'>;
  /** What waits, with heartbeats. */
  readonly patient: Pick<
    Activities,
    | 'fillPool'
    | 'watchClusters'
    | 'terminateClusters'
    | 'deleteClusters'
    | 'closeDoor'
    | 'awaitCluster'
    | 'tryChain'
    | 'removeCluster'
  >;
}

/**
 * The activities of one workshop, on its workspace's queues and at its pace. Every step ends: after `pace.step`
 * (or so many attempts) the failure reaches the workflow, which decides. A cancelled call is waited for, so that
 * nobody closes while something they asked for may still be happening.
 */
export function callsFor(queues: Queues, pace: Pace): Calls {
  const common: ActivityOptions = {
    retry: { initialInterval: pace.retryFirst, maximumInterval: pace.retryMost },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
  return {
    short: summarised({
      ...common,
      taskQueue: queues.calls,
      startToCloseTimeout: pace.call,
      scheduleToCloseTimeout: pace.step,
    }),
    // Attempts, not time, bound a launch: with hundreds of them the wait for a turn is long and says nothing.
    launch: summarised({
      ...common,
      taskQueue: queues.launch,
      startToCloseTimeout: pace.createCall,
      retry: { ...common.retry, maximumAttempts: 8 },
    }),
    jobs: summarised({
      ...common,
      taskQueue: queues.jobs,
      startToCloseTimeout: pace.job + pace.call,
      scheduleToCloseTimeout: 3 * pace.job,
      heartbeatTimeout: pace.heartbeat,
    }),
    patient: summarised({
      ...common,
      taskQueue: queues.watch,
      startToCloseTimeout: pace.poolFill + pace.launch + pace.step,
      heartbeatTimeout: pace.heartbeat,
    }),
  };
}

/** Activities that say in the Temporal UI what they are for. */
function summarised(options: ActivityOptions): Activities {
  return new Proxy({} as Activities, {
    get: (_, name: keyof Activities) => proxyActivities<Activities>({ ...options, summary: SUMMARIES[name] })[name],
  });
}
