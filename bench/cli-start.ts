import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WorkshopClient } from '../src/client.ts';
import { startServersAndWorker, type ServersAndWorker } from '../src/cli/rehearsal/servers-and-worker.ts';
import { rehearsalPeople, rehearsalPlan } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { DAY } from '../src/domain/replayed/time/units.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';

const ROUNDS = 15;
const PEOPLE = 12;
const WORKSHOP = join(import.meta.dirname, '..', 'bin', 'workshop');
/** How much of a Node that does nothing each may use (issue 13, part 9). */
const MOST = { '--help': 4, status: 8 } as const;

const run = promisify(execFile);

/** Seconds of processor, user and system, of a program and all that it starts and waits for. Needs bash. */
async function processorSeconds(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>/dev/null';
  const { stderr } = await run('bash', ['-c', script, 'bash', ...command], { env });
  return stderr
    .trim()
    .split(' ')
    .reduce((sum, seconds) => sum + Number(seconds), 0);
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** A workshop that is weeks away: it runs, and nothing of it happens while it is measured. */
async function openWorkshop({ sandbox, env }: ServersAndWorker): Promise<string> {
  if (!sandbox) throw new Error('no sandbox');
  const people = rehearsalPeople(PEOPLE);
  const { plan, timeline } = await rehearsalPlan({ attendees: PEOPLE, workspace: sandbox.url, now: Date.now() });
  const later = Object.fromEntries(Object.entries(timeline).map(([name, at]) => [name, at + 30 * DAY]));
  const client = await WorkshopClient.connect(env);
  await client.start({
    plan,
    people,
    timeline: { ...timeline, ...later },
    pace: paceAt(60),
    workspaceId: sandbox.workspaceId,
    estimate: 0,
  });
  await client.close();
  return plan.id;
}

async function measure(stack: ServersAndWorker): Promise<void> {
  const id = await openWorkshop(stack);
  const commands = {
    node: [process.execPath, '-e', '0'],
    '--help': [WORKSHOP, '--help'],
    status: [WORKSHOP, 'status', id],
  };
  const seconds: Record<keyof typeof commands, number[]> = { node: [], '--help': [], status: [] };
  const names = ['node', '--help', 'status'] as const;
  // The first round fills caches. Round by round, so that a busy moment of the computer slows all alike.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const name of names) {
      const used = await processorSeconds(commands[name], { ...process.env, ...stack.env });
      if (round > 0) seconds[name].push(used);
    }
  console.log(`node -e 0: ${(1_000 * median(seconds.node)).toFixed(0)} ms of processor, median of ${ROUNDS}`);
  for (const name of ['--help', 'status'] as const) {
    const ratio = median(seconds[name].map((used, round) => used / (seconds.node[round] ?? 1)));
    console.log(
      `workshop ${name}: ${(1_000 * median(seconds[name])).toFixed(0)} ms, ${ratio.toFixed(1)} times Node alone; ` +
        `${MOST[name]} times at most are wanted`,
    );
  }
}

const servers = await startServersAndWorker({
  people: rehearsalPeople(PEOPLE),
  speed: 60,
  ownTemporal: true,
  say: () => {},
});
try {
  await measure(servers);
} finally {
  await servers.stop();
  await rm(servers.folder, { recursive: true, force: true });
}
