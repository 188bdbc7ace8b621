/**
 * Whether a big workshop starves a small one that begins beside it, in one run:
 * `node bench/fairness.ts [--big 150] [--small 20]`. The small one by itself; then in the middle of the big one's
 * provisioning, both without a fairness key; then the same with keys, as they are started. One worker and one workspace
 * serve both, at the rates of a real one: ten requests a second, a launch a second. Only machines boot quicker, so that
 * what is measured is waiting for each other.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { startTemporalServer } from '../src/cli/rehearsal/embedded/temporal-server.ts';
import { startWorkerProcess } from '../src/cli/rehearsal/embedded/worker-process.ts';
import { rehearsalPeople, rehearsalPlan } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { WorkshopClient } from '../src/client.ts';
import { paceAt, type Pace } from '../src/domain/replayed/time/pace.ts';
import { HOUR } from '../src/domain/replayed/time/units.ts';
import { SEARCH_ATTRIBUTES } from '../src/temporal/register-search-attributes.ts';
import { startSandbox, type Sandbox } from '../sandbox/index.ts';

const { values: given } = parseArgs({
  options: { big: { type: 'string', default: '150' }, small: { type: 'string', default: '20' } },
});
const PEOPLE = { big: Number(given.big), small: Number(given.small) };
const EVERYBODY = rehearsalPeople(PEOPLE.big + PEOPLE.small);
/** Of the workspace's machines. */
const SPEED = 20;
const LAUNCHES_PER_SECOND = 1;
const BURST = 10;
/** Of the big one's clusters, when the small one begins. */
const BEGUN = 0.15;
const LONGEST_MS = 30 * 60_000;
const LOOK_MS = 500;
const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Whoever waits for a turn among so many takes as long as in a real workshop. */
const PACE: Pace = (({ call, createCall, step, launch, retryFirst, retryMost }) => ({
  ...paceAt(SPEED),
  call,
  createCall,
  step,
  launch,
  retryFirst,
  retryMost,
}))(paceAt(1));

const withoutKey: WorkflowClientInterceptor = {
  start: (input, next) => {
    const { priority: _, ...options } = input.options;
    return next({ ...input, options });
  },
};

interface Phase {
  readonly beside: boolean;
  readonly keys: boolean;
}

interface Measured {
  /** From its start until everybody has been ready. */
  readonly smallS: number;
  /** Of the big one's people, who had been ready at the small one's beginning and at its end. */
  readonly bigReady: readonly [number, number];
}

async function measure({ beside, keys }: Phase): Promise<Measured> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'workshop-bench-'));
    stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const sandbox = await startSandbox({
      speed: SPEED,
      people: EVERYBODY,
      launch: { burst: 1_000_000, perSecond: 1_000 },
      faults: [{ name: 'bucket', effect: { launchBucket: { burst: BURST, perSecond: LAUNCHES_PER_SECOND / SPEED } } }],
    });
    stops.push(() => sandbox.close());
    const server = await startTemporalServer({
      ui: false,
      log: join(folder, 'temporal.log'),
      searchAttributes: SEARCH_ATTRIBUTES,
    });
    stops.push(() => server.stop());
    const env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    const worker = await startWorkerProcess({
      env: { ...env, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken },
      logFile: join(folder, 'worker.log'),
      entry: [MAIN, 'worker', '--folder', folder],
    });
    // Nobody waits for what it is doing.
    stops.push(async () => {
      process.kill(worker.pid, 'SIGKILL');
      await worker.ended;
    });
    const client = await WorkshopClient.connect(env, keys ? {} : { workflow: [withoutKey] });
    stops.push(() => client.close());
    const ready = async (id: string) => (await client.progress(id)).attendees.everReady;
    if (beside) {
      await begin(client, sandbox, 'big');
      await until(() => sandbox.books().clusters.length >= BEGUN * PEOPLE.big);
    }
    const before = beside ? await ready('big') : 0;
    const began = performance.now();
    await begin(client, sandbox, 'small');
    await until(async () => (await ready('small')) >= PEOPLE.small);
    const smallS = (performance.now() - began) / 1_000;
    return { smallS, bigReady: [before, beside ? await ready('big') : 0] };
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

/** Everything before the day is overdue, and so is the day: each is wanted ready at once. */
async function begin(client: WorkshopClient, sandbox: Sandbox, id: 'big' | 'small'): Promise<void> {
  const people = id === 'big' ? EVERYBODY.slice(0, PEOPLE.big) : EVERYBODY.slice(PEOPLE.big);
  const now = Date.now();
  const { plan } = await rehearsalPlan({ attendees: people.length, workspace: sandbox.url, now });
  await client.start({
    plan: { ...plan, id, testers: [] },
    people,
    pace: PACE,
    workspaceId: sandbox.workspaceId,
    timeline: {
      twoWeeksBefore: now,
      oneWeekBefore: now,
      dayBefore: now,
      dayOf: now,
      start: now,
      end: now + HOUR,
      teardown: now + 2 * HOUR,
    },
    estimate: 0,
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  // A worker with much to do answers late.
  while (!(await Promise.resolve(isSo()).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not in ${LONGEST_MS / 60_000} minutes`);
    await wait(LOOK_MS);
  }
}

const rounded = (value: number, places = 1): number => Number(value.toFixed(places));

const alone = await measure({ beside: false, keys: true });
process.stdout.write(`${PEOPLE.small} people alone: all ready after ${rounded(alone.smallS)} s\n`);
const told = async (keys: boolean) => {
  const { smallS, bigReady } = await measure({ beside: true, keys });
  const ratio = rounded(smallS / alone.smallS, 2);
  process.stdout.write(
    `beside ${PEOPLE.big}, ${keys ? 'with' : 'without'} keys: after ${rounded(smallS)} s, ${ratio} times as long; of ` +
      `the ${PEOPLE.big}, ${bigReady[0]} had been ready at its beginning and ${bigReady[1]} at its end\n`,
  );
  return { seconds: rounded(smallS), ratio, bigReady };
};
const withoutKeys = await told(false);
const withKeys = await told(true);
const aloneSeconds = rounded(alone.smallS);
process.stdout.write(`${JSON.stringify({ bench: 'fairness', people: PEOPLE, aloneSeconds, withoutKeys, withKeys })}\n`);
