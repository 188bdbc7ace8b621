import type { PoolLeft } from '../../../src/activities/ending/removal.ts';
import type { JobOutcome } from '../../../src/activities/clusters/cluster-jobs.ts';
import type { ClusterNews, ClusterState } from '../../../src/domain/replayed/seat/seat.ts';

const MINUTE = 60_000;

/** How one launch of a cluster goes. */
export type Fate =
  | { readonly kind: 'boots' }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'dies'; readonly code: string; readonly type: string };

export interface FakeCluster {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly generation: number;
  readonly runId: string;
  readonly userName: string;
  nodeType: string | undefined;
  state: ClusterState;
  launchedAt: number;
  /** What will happen to it and when, on its own. */
  next:
    | { readonly state: ClusterState; readonly at: number; readonly code?: string; readonly type?: string }
    | undefined;
  terminatedAt?: number;
  termination: { readonly code: string; readonly type: string } | undefined;
  launches: number;
  readonly sharedWith: Set<string>;
}

export interface FakeWorkspaceOptions {
  readonly bootMs?: number;
  readonly autoTerminationMs?: number;
  /** What a job on somebody's cluster finds; by default all is well. */
  readonly job?: (cluster: FakeCluster, wish: { readonly check: boolean; readonly save: boolean }) => JobOutcome;
  /** Decides what becomes of each launch; by default every cluster boots. */
  readonly fate?: (cluster: FakeCluster) => Fate;
}

/**
 * Clusters as far as a lifecycle can tell: they take time to come up and to go down, fall asleep when nobody uses
 * them, can die of something, and are in listings until they are deleted. The caller says what time it is.
 */
export class FakeWorkspace {
  readonly clusters = new Map<string, FakeCluster>();
  /** Ids of everything ever created, in order. */
  readonly created: string[] = [];
  readonly removed: string[] = [];
  pool: { id: string; runId: string; min: number; used: number; idle: number; pending: number } | undefined;
  readonly poolMinimums: number[] = [];
  fate: (cluster: FakeCluster) => Fate;
  job: NonNullable<FakeWorkspaceOptions['job']>;
  readonly #bootMs: number;
  readonly #autoTerminationMs: number;

  constructor({
    bootMs = 5 * MINUTE,
    autoTerminationMs = 60 * MINUTE,
    fate = () => ({ kind: 'boots' }),
    job = () => allWell(),
  }: FakeWorkspaceOptions = {}) {
    this.job = job;
    this.#bootMs = bootMs;
    this.#autoTerminationMs = autoTerminationMs;
    this.fate = fate;
  }

  create(
    now: number,
    wish: Pick<FakeCluster, 'name' | 'key' | 'runId' | 'userName'> & {
      generation?: number;
      nodeType?: string | undefined;
    },
  ): FakeCluster {
    const cluster: FakeCluster = {
      id: `c${this.created.length + 1}`,
      name: wish.name,
      key: wish.key,
      generation: wish.generation ?? 1,
      runId: wish.runId,
      userName: wish.userName,
      nodeType: wish.nodeType,
      state: 'PENDING',
      launchedAt: now,
      next: undefined,
      termination: undefined,
      launches: 0,
      sharedWith: new Set(),
    };
    this.clusters.set(cluster.id, cluster);
    this.created.push(cluster.id);
    this.#launch(cluster, now);
    return cluster;
  }

  start(now: number, id: string): boolean {
    const cluster = this.at(now, id);
    if (!cluster) return false;
    if (cluster.state === 'TERMINATED') this.#launch(cluster, now);
    return true;
  }

  stop(now: number, id: string): void {
    const cluster = this.at(now, id);
    if (!cluster || cluster.state === 'TERMINATED' || cluster.state === 'TERMINATING') return;
    cluster.state = 'TERMINATING';
    cluster.next = { state: 'TERMINATED', at: now + MINUTE, code: 'USER_REQUEST', type: 'SUCCESS' };
  }

  remove(id: string): void {
    if (this.clusters.delete(id)) this.removed.push(id);
  }

  /** The cluster as it stands at that moment. */
  at(now: number, id: string): FakeCluster | undefined {
    const cluster = this.clusters.get(id);
    if (!cluster?.next || cluster.next.at > now) return cluster;
    this.#advance(cluster, cluster.next);
    return this.at(now, id);
  }

  /** The pool as a removal sees it, if that run has one. */
  poolsOf(runId: string): PoolLeft[] {
    if (this.pool?.runId !== runId) return [];
    const { runId: _, ...pool } = this.pool;
    const edit = { instance_pool_id: pool.id, instance_pool_name: 'pool', node_type_id: 'Standard_D4ds_v5' };
    return [{ ...pool, name: 'pool', edit }];
  }

  all(now: number): FakeCluster[] {
    return [...this.clusters.keys()].flatMap((id) => this.at(now, id) ?? []);
  }

  news(now: number, known: Readonly<Record<string, ClusterState>>): ClusterNews[] {
    return Object.entries(known).flatMap(([clusterId, state]): ClusterNews[] => {
      const cluster = this.at(now, clusterId);
      if (!cluster) return [{ clusterId, state: 'GONE' }];
      if (cluster.state === state) return [];
      const { terminatedAt, termination } = cluster;
      return [
        {
          clusterId,
          state: cluster.state,
          ...(cluster.state === 'TERMINATED'
            ? { terminatedAt, terminationCode: termination?.code, terminationType: termination?.type }
            : {}),
        },
      ];
    });
  }

  /** Clusters of a seat that knows another, or of one that looks for one. */
  unknown(
    now: number,
    told: {
      readonly known: Readonly<Record<string, ClusterState>>;
      readonly inDoubt?: readonly string[] | undefined;
      readonly passOver?: readonly string[] | undefined;
    },
  ): ClusterNews[] {
    const all = this.all(now);
    const used = all.filter(({ id }) => told.known[id] !== undefined).map(({ key }) => key);
    return all
      .filter(({ id, key }) => told.known[id] === undefined && [...used, ...(told.inDoubt ?? [])].includes(key))
      .filter(({ id }) => !told.passOver?.includes(id))
      .map(({ id, key, state }) => ({ clusterId: id, state, unknownTo: key }));
  }

  /** Clusters of these that are not down. */
  stillUp(now: number, aside: readonly string[]): ClusterNews[] {
    return this.all(now)
      .filter(({ id, state }) => aside.includes(id) && state !== 'TERMINATING' && state !== 'TERMINATED')
      .map(({ id, state }) => ({ clusterId: id, state, setAside: true }));
  }

  #launch(cluster: FakeCluster, now: number): void {
    cluster.launches += 1;
    cluster.launchedAt = now;
    cluster.state = 'PENDING';
    const fate = this.fate(cluster);
    const at = now + this.#bootMs;
    if (fate.kind === 'hangs') cluster.next = undefined;
    else if (fate.kind === 'dies') cluster.next = { state: 'TERMINATED', at, code: fate.code, type: fate.type };
    else cluster.next = { state: 'RUNNING', at };
  }

  #advance(cluster: FakeCluster, next: NonNullable<FakeCluster['next']>): void {
    cluster.state = next.state;
    cluster.next = undefined;
    if (next.state === 'RUNNING') cluster.next = { state: 'TERMINATING', at: next.at + this.#autoTerminationMs };
    if (next.state === 'TERMINATING')
      cluster.next = { state: 'TERMINATED', at: next.at + MINUTE, code: 'INACTIVITY', type: 'SUCCESS' };
    if (next.state === 'TERMINATED') {
      cluster.terminatedAt = next.at;
      cluster.termination = { code: next.code ?? 'USER_REQUEST', type: next.type ?? 'SUCCESS' };
    }
  }
}

/** What the job prints where nothing is wrong and nobody has made anything. */
export const allWell = (): JobOutcome => ({
  ran: true,
  report: {
    check: {
      ok: true,
      version: '2.1.197',
      checks: [{ id: 'claude', state: 'ok', said: '/usr/local/bin/claude', next: '' }],
    },
    saved: { state: 'nothing', files: 0, bytes: 0, said: 'nothing lies outside ~/workshop' },
  },
});
