/**
 * How quickly a workshop comes to itself again, in one rehearsal: `node bench/recovery.ts [people]`. A cluster dies in
 * the event; another one dies, and the worker is killed in the same moment and started again; and the end is proven.
 * Each is told as a multiple of the interval of the pace that decides it.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startWorkerProcess } from '../src/cli/rehearsal/embedded/worker-process.ts';
import { rehearsalPeople } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { attendeeAddress } from '../src/domain/replayed/made/addresses.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';
import { RealStack } from '../test/workflows/stage/real-stack.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const PEOPLE = Number(process.argv[2] ?? 12);
const SPEED = 60;
const PACE = paceAt(SPEED);
const [FIRST = '', SECOND = ''] = rehearsalPeople(2);
/** After the launch of the day, of which both are in the event; the second one well after the first is mended. */
const DIES_AFTER = { [FIRST]: '45m', [SECOND]: '65m' };
const EVENT_MS = 100_000;
const LOOK_MS = 20;
const LIMIT_MS = 5 * 60_000;

/** The death of the cluster that was launched for the day, and its next launch, epoch milliseconds. */
interface Death {
  readonly at: number;
  readonly downAt: number | undefined;
  readonly launchedAgainAt: number | undefined;
}

const stack = await RealStack.start({
  people: PEOPLE,
  faults: Object.entries(DIES_AFTER).map(([person, after]) => ({
    name: `driver of ${person}`,
    cluster: { person },
    // The launch of the week before is spared.
    offset: 1,
    count: 1,
    effect: { dies: { code: 'DRIVER_UNREACHABLE', after } },
  })),
});
try {
  const id = await stack.open({}, {}, { longerMs: EVENT_MS });
  const ending = stack.report(id);
  ending.catch(() => {});

  const noticed = await mended(FIRST);

  const { at: diedAt } = await until(() => deathOf(SECOND), `${SECOND}'s cluster has not died`);
  const [worker] = stack.workers;
  if (!worker) throw new Error('there is no worker');
  process.kill(worker.pid, 'SIGKILL');
  const killedAt = Date.now();
  if (deathOf(SECOND)?.launchedAgainAt !== undefined) throw new Error('it was mended before the worker was killed');
  const another = await startWorkerProcess({
    env: { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken },
    logFile: join(stack.folder, 'worker-again.log'),
    entry: [MAIN, 'worker', '--folder', stack.folder, '--speed', String(SPEED)],
  });
  try {
    const startedAt = Date.now();
    const { launchedAgainAt } = await mended(SECOND);

    const report = await ending;
    const released = await Promise.all(
      [...stack.seatClusters().keys()].map(async (key) => {
        const { closeTime } = await stack.temporal.workflow.getHandle(attendeeAddress(id, key)).describe();
        return closeTime?.getTime() ?? NaN;
      }),
    );
    const provenAt = Date.parse(report.proof.second ?? '');
    const { ready: inTime, later = 0, total } = report.attendees;
    const ready = inTime + later;
    const figures = {
      bench: 'recovery',
      people: PEOPLE,
      ready,
      isProven: Number.isFinite(provenAt),
      deathToRepair: told(noticed.launchedAgainAt - noticed.at, 'watchQuiet'),
      downToRepair: told(noticed.launchedAgainAt - noticed.downAt, 'watchQuiet'),
      killedToStarted: { seconds: (startedAt - killedAt) / 1_000 },
      startedToNextStep: told(launchedAgainAt - startedAt, 'heartbeat'),
      killedToNextStep: told(launchedAgainAt - killedAt, 'heartbeat'),
      deathToRepairWithoutWorker: told(launchedAgainAt - diedAt, 'heartbeat'),
      releasedToProof: told(provenAt - Math.max(...released), 'proofGap'),
    };
    for (const [what, figure] of Object.entries(figures))
      if (typeof figure === 'object') process.stdout.write(`${what}: ${JSON.stringify(figure)}\n`);
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    process.exitCode = ready === total && figures.isProven ? 0 : 1;
  } finally {
    await another.stop();
  }
} finally {
  await stack.stop();
}

/** What it took, beside the interval of the pace that decides it. */
function told(ms: number, interval: 'watchQuiet' | 'heartbeat' | 'proofGap') {
  return { seconds: ms / 1_000, of: interval, ratio: Number((ms / PACE[interval]).toFixed(2)) };
}

/** By the books of the sandbox: the second time that it ran, and what followed. */
function deathOf(person: string): Death | undefined {
  const histories = stack.sandbox.books().clusters.filter(({ singleUser }) => singleUser === person);
  const [history = []] = histories.map((cluster) => cluster.history);
  const runs = history.flatMap(({ state }, n) => (state === 'RUNNING' ? [n] : []));
  const after = history.slice((runs[1] ?? history.length) + 1);
  const [first] = after;
  if (!first) return undefined;
  return {
    at: first.at,
    downAt: after.find(({ state }) => state === 'TERMINATED')?.at,
    launchedAgainAt: after.find(({ state }) => state === 'PENDING' || state === 'RESTARTING')?.at,
  };
}

function mended(person: string): Promise<Required<Death> & { downAt: number; launchedAgainAt: number }> {
  return until(() => {
    const death = deathOf(person);
    const { downAt, launchedAgainAt } = death ?? {};
    return death && downAt !== undefined && launchedAgainAt !== undefined
      ? { ...death, downAt, launchedAgainAt }
      : undefined;
  }, `${person}'s cluster has not been launched again`);
}

async function until<T>(look: () => T | undefined, otherwise: string): Promise<T> {
  for (const limit = performance.now() + LIMIT_MS; performance.now() < limit;) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(LOOK_MS);
  }
  throw new Error(otherwise);
}
