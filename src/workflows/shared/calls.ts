import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Queues } from '../../domain/replayed/made/addresses.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import { ACTIVITY_TABLE } from './activity-table.ts';

/**
 * `calls.createCluster(run, …)`: which queue that means, and how long it may take, is told by its row in
 * activity-table.ts.
 */
export type Calls = Activities;

/**
 * The activities of one workshop, on its workspace's queues and at its pace. Every step ends: after `pace.step`
 * (or so many attempts) the failure reaches the workflow, which decides. A cancelled call is waited for, so that
 * nobody closes while something they asked for may still be happening.
 */
export function callsFor(queues: Queues, pace: Pace): Calls {
  const options = optionsFor(queues, pace);
  const here = proxyLocalActivities<Activities>({
    startToCloseTimeout: pace.call,
    scheduleToCloseTimeout: pace.step,
    retry: { initialInterval: pace.retryFirst, maximumInterval: pace.retryMost },
  });
  return Object.fromEntries(
    Object.entries(ACTIVITY_TABLE).map(([name, { queue, summary }]) => [
      name,
      (queue === 'workflows' ? here : proxyActivities<Activities>({ ...options[queue], summary }))[
        name as keyof Activities
      ],
    ]),
  ) as unknown as Activities;
}

/** By queue: recorded with every call, so that a change of these reaches only calls that are yet to be made. */
function optionsFor(queues: Queues, pace: Pace): Readonly<Record<Exclude<keyof Queues, 'workflows'>, ActivityOptions>> {
  const common: ActivityOptions = {
    retry: { initialInterval: pace.retryFirst, maximumInterval: pace.retryMost },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
  return {
    // One short exchange with the workspace.
    calls: {
      ...common,
      taskQueue: queues.calls,
      startToCloseTimeout: pace.call,
      scheduleToCloseTimeout: pace.step,
    },
    // What makes the cloud hand out a machine. Attempts, not time, bound it: with hundreds of launches the wait for
    // a turn is long and says nothing.
    launch: {
      ...common,
      taskQueue: queues.launch,
      startToCloseTimeout: pace.createCall,
      retry: { ...common.retry, maximumAttempts: 8 },
    },
    // What runs on somebody's cluster.
    jobs: {
      ...common,
      taskQueue: queues.jobs,
      startToCloseTimeout: pace.job + pace.call,
      scheduleToCloseTimeout: 3 * pace.job,
      // Everybody has some of them at once, and each beat is paid for: a worker that died is noticed soon enough.
      heartbeatTimeout: 4 * pace.heartbeat,
    },
    // What waits, with heartbeats.
    watch: {
      ...common,
      taskQueue: queues.watch,
      startToCloseTimeout: pace.poolFill + pace.launch + pace.step,
      heartbeatTimeout: pace.heartbeat,
    },
    // One exchange with a mail server or a webhook, which live in the world's time whatever the pace.
    messages: {
      ...common,
      taskQueue: queues.messages,
      startToCloseTimeout: pace.call,
    },
  };
}
