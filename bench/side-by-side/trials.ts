import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type ClusterEntry, type Sandbox } from '../../sandbox/index.ts';
import { standingOf, addOthers, type Standing } from './standing.ts';
import type { Opened, Running, StandIn } from './stand-in.ts';

export interface Settings {
  readonly people: readonly string[];
  /** Of the sandbox. */
  readonly speed: number;
  readonly launch: { readonly burst: number; readonly perSecond: number };
}

/** The wave, the same again, and the removal. */
export interface Quiet {
  /** From the first create to the last cluster's first running, as a multiple of what the sandbox itself needs. */
  readonly wave: number;
  /** The same from the moment the command was given. */
  readonly whole: number;
  /** A person, watching included. */
  readonly requests: number;
  readonly refused: number;
  readonly up: string;
  readonly without: number;
  readonly notShared: number;
  readonly again: string;
  readonly duplicates: number;
  /** From the command to its end, as a multiple of the same. */
  readonly removal: number;
  readonly removalRequests: number;
  readonly down: string;
  readonly left: number;
  readonly leftRunning: number;
  readonly othersGone: number;
}

/** What a kill in the middle leaves after the removal. */
export interface Killed {
  readonly madeAtKill: number;
  readonly down: string;
  readonly left: number;
  readonly leftRunning: number;
}

/** The same after it was run again, and then removed. */
export interface RunAgain extends Killed {
  readonly again: string;
  readonly without: number;
  readonly notShared: number;
  readonly duplicates: number;
}

const OTHER = 'zoe@example.com';
const LOOK_MS = 50;
/** A command that takes longer is ended, and said so. */
const LIMIT_MS = 15 * 60_000;
/** Longer than the longest boot at the bench's speed. */
const SETTLED_MS = 90_000;
const MOVING = ['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'];

interface Place {
  readonly sandbox: Sandbox;
  readonly opened: Opened;
  readonly standing: () => Promise<Standing>;
  readonly isOfPerson: (cluster: ClusterEntry) => boolean;
}

export function quiet(standIn: StandIn, settings: Settings): Promise<Quiet> {
  const each = settings.people.length;
  return inPlace(standIn, settings, async ({ sandbox, opened, standing, isOfPerson }) => {
    const asked = () => sandbox.books().requests;
    const before = asked();
    const began = Date.now();
    const up = await end(opened.up());
    await settled(sandbox);
    const books = sandbox.books();
    const { seconds, limitSeconds } = books.provisioning(isOfPerson);
    const firstRuns = books.clusters
      .filter(isOfPerson)
      .flatMap(({ history }) => history.find(({ state }) => state === 'RUNNING')?.at ?? []);
    const wave = await standing();

    const again = await end(opened.up());
    await settled(sandbox);
    const { duplicates } = await standing();

    const beforeRemoval = asked().total;
    const removalBegan = Date.now();
    const down = await end(opened.down());
    const removal = (Date.now() - removalBegan) / 1_000;
    const removalRequests = asked().total - beforeRemoval;
    await settled(sandbox);
    const { left, leftRunning, othersGone } = await standing();
    return {
      wave: seconds / limitSeconds,
      whole: (Math.max(began, ...firstRuns) - began) / 1_000 / limitSeconds,
      requests: (books.requests.total - before.total) / each,
      refused: ((books.requests.byStatus['429'] ?? 0) - (before.byStatus['429'] ?? 0)) / each,
      up,
      without: wave.without,
      notShared: wave.notShared,
      again,
      duplicates,
      removal: removal / limitSeconds,
      removalRequests: removalRequests / each,
      down,
      left,
      leftRunning,
      othersGone,
    };
  });
}

export function killed(standIn: StandIn, settings: Settings): Promise<Killed> {
  return inPlace(standIn, settings, async (place) => {
    const madeAtKill = await killInTheMiddle(place, settings);
    return { madeAtKill, ...(await removed(place)) };
  });
}

export function runAgain(standIn: StandIn, settings: Settings): Promise<RunAgain> {
  return inPlace(standIn, settings, async (place) => {
    const madeAtKill = await killInTheMiddle(place, settings);
    const again = await end(place.opened.up());
    await settled(place.sandbox);
    const { without, notShared, duplicates } = await place.standing();
    return { madeAtKill, again, without, notShared, duplicates, ...(await removed(place)) };
  });
}

async function inPlace<T>(standIn: StandIn, settings: Settings, measure: (place: Place) => Promise<T>): Promise<T> {
  const { people, speed, launch } = settings;
  const folder = await mkdtemp(join(tmpdir(), 'side-by-side-'));
  const sandbox = await startSandbox({ people: [...people, OTHER], speed, launch, seed: 'side-by-side' });
  let opened: Opened | undefined;
  try {
    const others = [await addOthers(sandbox, OTHER)];
    opened = await standIn.open({ sandbox, people, folder });
    return await measure({
      sandbox,
      opened,
      standing: () => standingOf(sandbox, people, others),
      isOfPerson: ({ singleUser }) => people.includes(singleUser ?? ''),
    });
  } finally {
    await opened?.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Once half of the people have a cluster. Returns how many there were then. */
async function killInTheMiddle({ sandbox, opened, isOfPerson }: Place, { people }: Settings): Promise<number> {
  const running = opened.up();
  const made = () => sandbox.books().clusters.filter(isOfPerson).length;
  for (const until = Date.now() + LIMIT_MS; made() < people.length / 2 && Date.now() < until;) {
    const how = await Promise.race([running.ended, sleep(LOOK_MS)]);
    if (typeof how === 'string') throw new Error(`it ended before it could be killed: ${how}`);
  }
  running.kill();
  await running.ended;
  return made();
}

async function removed({ sandbox, opened, standing }: Place): Promise<Omit<Killed, 'madeAtKill'>> {
  const down = await end(opened.down());
  await settled(sandbox);
  const { left, leftRunning } = await standing();
  return { down, left, leftRunning };
}

async function end(running: Running): Promise<string> {
  const limit = new AbortController();
  const late = sleep(LIMIT_MS, undefined, { signal: limit.signal }).then(
    () => {
      running.kill();
      return `it did not end in ${LIMIT_MS / 60_000} minutes`;
    },
    () => '',
  );
  const how = await Promise.race([running.ended, late]);
  limit.abort();
  return how;
}

/** Nothing is on its way up or down any more. */
async function settled(sandbox: Sandbox): Promise<void> {
  const until = Date.now() + SETTLED_MS;
  while (sandbox.books().clusters.some(({ alive, state }) => alive && MOVING.includes(state)) && Date.now() < until)
    await sleep(LOOK_MS);
}
