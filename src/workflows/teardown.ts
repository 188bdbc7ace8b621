import {
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  sleep,
  defineQuery,
} from '@temporalio/workflow';
import type { Remains } from '../activities/ending/removal.ts';
import type { Run } from '../activities/run.ts';
import { leftWords } from '../domain/replayed/claim/claim-words.ts';
import type { RemovalSettings } from '../domain/replayed/ending/removal-of.ts';
import { heldUp, NotRemoved, type NotDone } from '../domain/replayed/ending/not-removed.ts';
import { workshopAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { TeardownReport } from '../domain/replayed/ending/teardown-report.ts';
import { callsFor } from './shared/calls.ts';
import { inWords } from './shared/failures.ts';
import { historyIsLong } from './shared/history-is-long.ts';
import { teardownReport } from './shared/messages.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';

export interface TeardownInput extends RemovalSettings {
  readonly v: 1;
  readonly run: Run;
  readonly pace: Pace;
  readonly queues: Queues;
  /** What an earlier run of this removal, which had grown too long, has done. */
  readonly carried?: {
    readonly deleted: readonly (readonly [string, number])[];
    readonly seen: readonly string[];
    readonly ran: readonly string[];
    readonly poolsDeleted: readonly string[];
    readonly state: TeardownReport;
    readonly began: number;
  };
}

/** Looks in a row that are close together; after them it is somebody else who holds the removal up. */
const QUICK_LOOKS = 60;
/** Of what was refused, so many are told one by one. */
const MOST_TOLD = 50;

type Thing = { readonly id: string; readonly name: string };

/** What a look reads, as people call it, and how they can read it themselves. */
const LISTS = [
  { id: 'clusters', name: "the list of the workspace's clusters" },
  { id: 'pools', name: "the list of the workspace's pools" },
] as const;
const LISTED_BY = { clusters: 'databricks clusters list', pools: 'databricks instance-pools list' } as const;

export const standing = defineQuery<TeardownReport>(MESSAGES.progress);

/**
 * Takes away what carries this run's id and proves that it is gone. It never gives up: a refused token or a dead
 * workspace is said, and tried again until it works. It removes no policy, no script, and nothing an attendee made.
 */
export async function teardown(input: TeardownInput): Promise<TeardownReport> {
  const { run, pace } = input;
  const calls = callsFor(input.queues, pace);
  const { carried } = input;
  const deleted = new Map<string, number>(carried?.deleted);
  const seen = new Set<string>(carried?.seen);
  /** Clusters that still ran when this removal began: what their last run cost is in nobody's books yet. */
  const ran = new Set<string>(carried?.ran);
  const poolsDeleted = new Set<string>(carried?.poolsDeleted);
  const began = carried?.began ?? Date.now();
  const notRemoved = new NotRemoved(pace.recheck);
  /** What failed as a whole in this round. */
  let troubles: string[] = [];
  let state: TeardownReport = carried?.state ?? {
    seq: 0,
    stage: 'closing',
    clustersDeleted: 0,
    clustersSeen: 0,
    clustersLeft: 0,
    poolsDeleted: 0,
    poolKept: false,
    upMs: 0,
    proof: { first: null, second: null, clusters: 0, pools: 0 },
  };
  setHandler(standing, () => state);

  const { claimVolume: volume } = input;
  const there = volume === undefined ? undefined : await tried(() => calls.takenOver(run, { volume }));
  if (there) {
    await closeCohorts();
    await tell({ stage: 'done', trouble: undefined, left: leftWords(there) });
    return state;
  }
  // What waits in the pool costs money whoever else has to be waited for.
  if (state.stage === 'closing') await Promise.all([quietAtOnce(), closeCohorts()]);
  for (;;) {
    await remove();
    if (await prove()) break;
  }
  if (volume !== undefined) await tried(() => calls.releaseClaim(run, { volume }));
  await tell({ stage: 'done', trouble: undefined });
  return state;

  /** Tried once: each round of the removal does it again. */
  async function quietAtOnce(): Promise<void> {
    const remains = await tried(() => calls.lookForRemains(run));
    if (remains) await quietPools(remains);
  }

  /** (1) Every cohort and attendee closed: from here on nobody creates anything. */
  async function closeCohorts(): Promise<void> {
    await tell({ stage: 'closing' });
    const limits = { limitMs: pace.closing, pollMs: pace.poll };
    const { terminated } = await surely(() => calls.closeCohorts({ workshopId: run.workshopId, ...limits }));
    if (terminated > 0) state = { ...state, ended: (state.ended ?? 0) + terminated };
  }

  /** (2) In rounds, each of which does what it can for all: what failed is tried again, and holds up nothing else. */
  async function remove(): Promise<void> {
    await tell({ stage: 'removing' });
    for (let looks = 1; ; looks += 1) {
      const remains = await look();
      if (isEmpty(remains)) return;
      troubles = [];
      const [clustersLeft] = await Promise.all([removeClusters(remains), quietPools(remains)]);
      await deletePools(remains);
      await tell({
        clustersLeft,
        trouble: [...troubles, heldUp(notRemoved.said)].filter(Boolean).join('\n') || undefined,
      });
      if (historyIsLong(pace)) await goOnAsNew();
      // What others keep busy, and what is refused, may be so for days.
      const waits = troubles.length > 0 || looks >= QUICK_LOOKS || isRefused(remains);
      await sleep(waits ? pace.recheck : pace.poll, { summary: 'until the next look' });
    }
  }

  /** First of all, and whatever becomes of the clusters: no machine waits in a pool any more. */
  async function quietPools({ pools }: Remains): Promise<void> {
    const loud = pools.filter((pool) => (input.deletePool ? pool.min > 0 : !isQuiet(pool)));
    await each(loud, async (pool) => calls.quietPool(run, { pool }));
  }

  /** Terminate, see TERMINATED, delete permanently: each on its own. Returns how many are left. */
  async function removeClusters({ clusters }: Remains): Promise<number> {
    const due = clusters.filter(({ id }) => notRemoved.mayTry(id, Date.now()));
    const up = due.filter(({ down }) => !down);
    const down = due.filter((cluster) => cluster.down);
    const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
    await batch(up, () => calls.terminateClusters(run, { ids: ids(up) }));
    const gone = await batch(down, () => calls.deleteClusters(run, { ids: ids(down) }));
    // What it cost is read before the evidence goes.
    for (const { id, upMs } of gone) deleted.set(id, ran.has(id) ? upMs : 0);
    return clusters.length - gone.length;
  }

  /** A pool goes when no cluster of ours can be using it: those that are down, or refused and outside, may stay. */
  async function deletePools({ clusters, pools, unread }: Remains): Promise<void> {
    const mayGo =
      unread.length === 0 && clusters.every(({ id, down }) => deleted.has(id) || down || notRemoved.isRefused(id));
    if (!input.deletePool || !mayGo) return;
    const all = clusters.every(({ id }) => deleted.has(id));
    const idle = pools.filter(({ used, pending }) => all || used + pending === 0);
    const gone = await each(idle, async (pool) => calls.deletePool(run, { poolId: pool.id }));
    for (const { id } of gone) poolsDeleted.add(id);
  }

  /** One call for each: how it ends is written down, and concerns nobody else. Returns those that went well. */
  async function each<T extends Thing>(things: readonly T[], act: (thing: T) => Promise<NotDone | undefined>) {
    const gone: T[] = [];
    for (const thing of things.filter(({ id }) => notRemoved.mayTry(id, Date.now())))
      gone.push(...(await batch([thing], async () => [await act(thing)].filter((it) => it !== undefined))));
    return gone;
  }

  /** One call for all of them. Returns those that went well. */
  async function batch<T extends Thing>(things: readonly T[], act: () => Promise<readonly NotDone[]>): Promise<T[]> {
    if (things.length === 0) return [];
    const notDone = await tried(act);
    if (notDone === undefined) return [];
    notRemoved.note(things, notDone, Date.now());
    return things.filter(({ id }) => !notDone.some((item) => item.id === id));
  }

  /** Nothing is left but what was refused a short while ago. */
  function isRefused({ clusters, pools }: Remains): boolean {
    const left = clusters.filter(({ id }) => !deleted.has(id));
    const busy = pools.filter((pool) => !poolsDeleted.has(pool.id) && !isQuiet(pool));
    return left.length + busy.length > 0 && [...left, ...busy].every(({ id }) => notRemoved.isRefused(id));
  }

  /** A pool that stays is quiet when nothing in it is billed; one that shall go is quiet only when it is gone. */
  function isQuiet(pool: Remains['pools'][number]): boolean {
    return !input.deletePool && pool.min === 0 && pool.used === 0 && pool.idle === 0 && pool.pending === 0;
  }

  /**
   * (3) Two empty listings, the first begun after everybody had closed, far enough apart for a create whose answer was
   * lost to show.
   */
  async function prove(): Promise<boolean> {
    await tell({ stage: 'proving', trouble: undefined });
    const first = await look();
    if (!isEmpty(first)) return false;
    await sleep(pace.proofGap, { summary: 'between the two listings of the proof' });
    const second = await look();
    await tell({
      clustersLeft: second.clusters.length,
      poolKept: second.pools.length > 0,
      proof: {
        first: new Date(first.began).toISOString(),
        second: new Date(second.began).toISOString(),
        clusters: second.clusters.length,
        pools: second.pools.filter((pool) => !isQuiet(pool)).length,
      },
    });
    return isEmpty(second);
  }

  function isEmpty(remains: Remains): boolean {
    return remains.unread.length === 0 && remains.clusters.length === 0 && remains.pools.every(isQuiet);
  }

  async function look(): Promise<Remains> {
    const remains = await surely(() => calls.lookForRemains(run));
    for (const { id, down, terminatedAt } of remains.clusters) {
      // One that stopped since its cohort last looked has been metered by nobody either.
      const lately = terminatedAt !== undefined && terminatedAt > began - pace.watchQuiet;
      if ((!down || lately) && !seen.has(id)) ran.add(id);
      seen.add(id);
    }
    notRemoved.keepOnly(new Set([...remains.clusters, ...remains.pools, ...LISTS].map(({ id }) => id)));
    notRemoved.note(
      LISTS,
      remains.unread.map(({ what, why }) => ({ id: what, why, toDo: LISTED_BY[what], refused: false })),
      Date.now(),
    );
    return remains;
  }

  /** One part of a round: that it failed is said after the round, and the other parts go on. */
  async function tried<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      troubles.push(inWords(error));
      return undefined;
    }
  }

  /** Nothing ends a teardown: what fails as a whole is said, waited out, and done again. */
  async function surely<T>(act: () => Promise<T>): Promise<T> {
    for (let failed = false; ; failed = true) {
      try {
        const result = await act();
        if (failed) await tell({ trouble: undefined });
        return result;
      } catch (error) {
        await tell({ trouble: inWords(error) });
        if (historyIsLong(pace)) await goOnAsNew();
        await sleep(pace.recheck, { summary: 'until it is tried again' });
      }
    }
  }

  function goOnAsNew(): Promise<never> {
    return continueAsNew<typeof teardown>({
      ...input,
      carried: { deleted: [...deleted], seen: [...seen], ran: [...ran], poolsDeleted: [...poolsDeleted], state, began },
    });
  }

  async function tell(change: Partial<{ [K in keyof TeardownReport]: TeardownReport[K] | undefined }>): Promise<void> {
    const { trouble, refused: _, ...rest } = { ...state, ...change };
    const refused = notRemoved.said.slice(0, MOST_TOLD);
    state = {
      ...(rest as TeardownReport),
      ...(trouble ? { trouble } : {}),
      ...(refused.length > 0 ? { refused } : {}),
      seq: state.seq + 1,
      clustersDeleted: deleted.size,
      clustersSeen: seen.size,
      poolsDeleted: poolsDeleted.size,
      upMs: [...deleted.values()].reduce((sum, ms) => sum + ms, 0),
    };
    setCurrentDetails(
      `**${state.stage}**: ${deleted.size} of ${seen.size} clusters removed${trouble ? `. Held up: ${trouble}` : ''}`,
    );
    try {
      await getExternalWorkflowHandle(workshopAddress(run.workshopId)).signal(teardownReport, state);
    } catch {
      // No lifecycle to tell: this teardown was started by hand or by the reaper.
    }
  }
}
