/**
 * How a wave of launches meets a bucket that nobody told the size of, in one run:
 * `node bench/launch-rate.ts [--people 140] [--bursts 1,10,60] [--rates 0.2,0.5,1,2,5]`. The worker's own transport and
 * activities against the sandbox with a fault `launchBucket`; failed attempts come again when Temporal would bring
 * them, and a second wave starts the same clusters after a rest, with what the first has taught. The clock runs so
 * quickly that five launches a second are allowed on this computer, whatever the bucket's rate.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../src/activities/index.ts';
import { rehearsalPlan } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { connectWorkspace, type Workspace } from '../src/databricks/workspace.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';
import type { Notifier } from '../src/messages/notifier.ts';
import { startSandbox } from '../sandbox/index.ts';

const { values: given } = parseArgs({
  options: {
    people: { type: 'string', default: '140' },
    bursts: { type: 'string', default: '1,10,60' },
    rates: { type: 'string', default: '0.2,0.5,1,2,5' },
  },
});
const PEOPLE = Number(given.people);
const LAUNCHES_HERE_PER_SECOND = 5;
/** As the worker has it. */
const AT_ONCE = 100;
const MOST_ATTEMPTS = 8;
const CREATES = 'POST /api/2.1/clusters/create';
const STARTS = 'POST /api/2.1/clusters/start';

interface Wave {
  readonly refusedEach: number;
  /** The time from the first launch to the last, as a multiple of what the bucket needs. */
  readonly ofBest: number;
  readonly attemptsEach: number;
  /** Whoever would have been called failed, after eight attempts. */
  readonly givenUp: number;
}

interface Outcome {
  readonly burst: number;
  readonly perSecond: number;
  readonly first: Wave;
  readonly second: Wave;
  readonly learnt: Workspace['launches']['learnt'];
}

const outcomes: Outcome[] = [];
for (const burst of numbers(given.bursts)) {
  for (const perSecond of numbers(given.rates)) {
    const outcome = await measure(burst, perSecond);
    outcomes.push(outcome);
    process.stdout.write(`${burst} at once, ${perSecond} a second: ${told(outcome)}\n`);
  }
}
process.stdout.write(`${JSON.stringify({ bench: 'launch-rate', people: PEOPLE, outcomes })}\n`);

async function measure(burst: number, perSecond: number): Promise<Outcome> {
  const speed = Math.max(1, LAUNCHES_HERE_PER_SECOND / perSecond);
  const pace = paceAt(speed);
  const sandbox = await startSandbox({
    people: Array.from({ length: PEOPLE }, (_, n) => email(n)),
    speed,
    launch: { burst: 1_000_000, perSecond: 1_000 },
    faults: [{ name: 'bucket', effect: { launchBucket: { burst, perSecond } } }],
  });
  const workspace = connectWorkspace({
    host: sandbox.url,
    token: sandbox.adminToken,
    env: {},
    requestsPerSecond: Math.min(200, 10 * speed),
    slowForMs: 30_000 / speed,
    launchTurnMs: pace.createCall * 0.6,
    speed,
  });
  try {
    const { plan } = await rehearsalPlan({ attendees: PEOPLE, workspace: sandbox.url, now: Date.now() });
    const activities = createActivities({
      workspace,
      temporal: {} as Client,
      server: { id: 'bench', address: 'none', namespace: 'none', host: 'none' },
      notifier: {} as Notifier,
      folder: '',
      initScripts: new URL('../init-scripts', import.meta.url).pathname,
      laptop: '',
      env: {},
      closing: new AbortController().signal,
      listingGap: Math.max(250, 2_000 / speed),
    });
    const run = { workshopId: plan.id, runId: 'bench', workspaceId: sandbox.workspaceId };
    const { policyId } = await activities.ensurePolicy(run, { plan });
    const wave = async (launch: (n: number) => Promise<unknown>, route: string, held: number): Promise<Wave> => {
      const before = sandbox.books().requests.byRoute[route] ?? 0;
      const began = Date.now();
      const { attempts, givenUp } = await everybody(launch, pace);
      // By the sandbox's own books: what an activity does besides is not the bucket's doing.
      const launchedAt = sandbox
        .books()
        .clusters.flatMap(({ history }) => history)
        .filter(({ state, at }) => state === 'PENDING' && at >= began)
        .map(({ at }) => at);
      const asked = (sandbox.books().requests.byRoute[route] ?? 0) - before;
      const bestMs = ((PEOPLE - held) / perSecond / speed) * 1_000;
      return {
        refusedEach: (asked - PEOPLE) / PEOPLE,
        ofBest: (Math.max(...launchedAt) - Math.min(...launchedAt)) / bestMs,
        attemptsEach: attempts / PEOPLE,
        givenUp,
      };
    };
    const clusterIds: string[] = [];
    const create = async (n: number) => {
      const request = { plan, key: `seat-${n}`, generation: 1, email: email(n), userName: email(n), policyId };
      clusterIds[n] = (await activities.createCluster(run, request)).clusterId;
    };
    const first = await wave(create, CREATES, burst);
    for (const clusterId of clusterIds) await activities.stopCluster(run, { clusterId });
    // Until every cluster is down and the bucket is full.
    await wait(Math.max(2_000, (burst / perSecond / speed) * 1_000, 120_000 / speed));
    const second = await wave((n) => activities.startCluster(run, { clusterId: clusterIds[n] ?? '' }), STARTS, burst);
    return { burst, perSecond, first, second, learnt: workspace.launches.learnt };
  } finally {
    await workspace.close();
    await sandbox.close();
  }
}

/** As many at once as a worker takes, each again when Temporal would bring it again. */
async function everybody(launch: (n: number) => Promise<unknown>, pace: ReturnType<typeof paceAt>) {
  const count = { attempts: 0, givenUp: 0 };
  const due = Array.from({ length: PEOPLE }, (_, n) => ({ n, tries: 0 }));
  const waiting: Promise<void>[] = [];
  let free = AT_ONCE;
  const wave = { left: PEOPLE };
  while (wave.left > 0) {
    const next = free > 0 ? due.shift() : undefined;
    if (!next) {
      await wait(5);
      continue;
    }
    free -= 1;
    const attempt = async () => {
      count.attempts += 1;
      next.tries += 1;
      try {
        await launch(next.n);
        wave.left -= 1;
      } catch (error) {
        if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error;
        if (next.tries === MOST_ATTEMPTS) count.givenUp += 1;
        const pause = Math.min(pace.retryMost, pace.retryFirst * 2 ** (next.tries - 1));
        setTimeout(() => due.push(next), Number(error.nextRetryDelay ?? pause));
      } finally {
        free += 1;
      }
    };
    waiting.push(attempt());
  }
  await Promise.all(waiting);
  return count;
}

function told({ first, second, learnt }: Outcome): string {
  const wave = ({ refusedEach, ofBest, attemptsEach, givenUp }: Wave) =>
    `refused ${refusedEach.toFixed(3)} a person, ${ofBest.toFixed(3)} of what the bucket needs, ` +
    `${attemptsEach.toFixed(1)} attempts a person${givenUp > 0 ? `, ${givenUp} GIVEN UP` : ''}`;
  return `${wave(first)}; again: ${wave(second)}; learnt ${JSON.stringify(learnt)}`;
}

function email(n: number): string {
  return `attendee${n + 1}@example.com`;
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}
