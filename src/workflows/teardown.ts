import {
  ActivityFailure,
  ApplicationFailure,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  sleep,
  defineQuery,
} from '@temporalio/workflow';
import type { Remains } from '../activities/ending/removal.ts';
import type { Run } from '../activities/run.ts';
import { workshopAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { TeardownReport } from '../domain/replayed/ending/teardown-report.ts';
import { callsFor } from './shared/calls.ts';
import { troubleOf } from './shared/failures.ts';
import { historyIsLong } from './shared/history-is-long.ts';
import { teardownReport } from './shared/messages.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';

export interface TeardownInput {
  readonly v: 1;
  readonly run: Run;
  readonly pace: Pace;
  readonly queues: Queues;
  readonly deletePool: boolean;
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

  if (state.stage === 'closing') await closeCohorts();
  for (;;) {
    await remove();
    if (await prove()) break;
  }
  await tell({ stage: 'done' });
  return state;

  /** (1) Every cohort and attendee closed: from here on nobody creates anything. */
  async function closeCohorts(): Promise<void> {
    await tell({ stage: 'closing' });
    await surely(() => calls.closeCohorts({ workshopId: run.workshopId, limitMs: pace.closing, pollMs: pace.poll }));
  }

  /** (2) Terminate, see TERMINATED, delete permanently; then the pool. */
  async function remove(): Promise<void> {
    await tell({ stage: 'removing' });
    for (let looks = 1, remains = await look(); ; looks += 1, remains = await look()) {
      const up = remains.clusters.filter(({ down }) => !down).map(({ id }) => id);
      const down = remains.clusters.filter((cluster) => cluster.down);
      if (up.length > 0) await surely(() => calls.terminateClusters(run, { ids: up }));
      if (down.length > 0) {
        await surely(() => calls.deleteClusters(run, { ids: down.map(({ id }) => id) }));
        // What it cost is read before the evidence goes.
        for (const { id, upMs } of down) deleted.set(id, ran.has(id) ? upMs : 0);
      }
      await tell({ clustersLeft: up.length });
      if (remains.clusters.length === 0) {
        if (remains.pools.every(isQuiet)) return;
        for (const { id } of remains.pools.filter((pool) => !isQuiet(pool))) await settlePool(id);
      }
      if (historyIsLong(pace)) await goOnAsNew();
      // What others keep busy may be so for days.
      await sleep(looks < QUICK_LOOKS ? pace.poll : pace.recheck, { summary: 'until the next look' });
    }
  }

  async function settlePool(poolId: string): Promise<void> {
    if (!input.deletePool) return surely(() => calls.quietPool(run, { poolId }));
    await surely(() => calls.deletePool(run, { poolId }));
    poolsDeleted.add(poolId);
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
    await tell({ stage: 'proving' });
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
    return remains.clusters.length === 0 && remains.pools.every(isQuiet);
  }

  async function look(): Promise<Remains> {
    const remains = await surely(() => calls.lookForRemains(run));
    for (const { id, down, terminatedAt } of remains.clusters) {
      // One that stopped since its cohort last looked has been metered by nobody either.
      const lately = terminatedAt !== undefined && terminatedAt > began - pace.watchQuiet;
      if ((!down || lately) && !seen.has(id)) ran.add(id);
      seen.add(id);
    }
    return remains;
  }

  /** Nothing ends a teardown: what fails is said, waited out, and done again. */
  async function surely<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await act();
        if (state.trouble) await tell({ trouble: undefined });
        return result;
      } catch (error) {
        if (!(error instanceof ActivityFailure) && !(error instanceof ApplicationFailure)) throw error;
        const { message, toDo } = troubleOf(error);
        await tell({ trouble: `${message} ${toDo}` });
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
    const { trouble, ...rest } = { ...state, ...change };
    state = {
      ...(rest as TeardownReport),
      ...(trouble ? { trouble } : {}),
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
