import { ClusterLife } from './cluster-life.ts';
import { record, sizeOf } from '../cluster-events.ts';
import { ClustersByName } from '../clusters-by-name.ts';
import type { Cluster } from '../cluster-model.ts';
import type { ClusterSpec, TerminationReason } from '../cluster-spec.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { invalidParameter } from '../../http/errors.ts';
import { newClusterId } from '../../ids.ts';
import type { ScriptsRan } from './init-scripts.ts';
import type { Principal } from '../../identity/principals.ts';
import type { Kept } from '../../state/kept.ts';

interface ClusterFleetState {
  readonly clusters: Map<string, Cluster>;
  readonly byToken: Map<string, Cluster>;
  readonly order: number;
  readonly life: ReturnType<ClusterLife['state']>;
}

/** The clusters of the workspace. How they go from state to state is in cluster-life.ts. */
export class ClusterFleet implements Kept<ClusterFleetState> {
  readonly #world: ClusterWorld;
  readonly #life: ClusterLife;
  #clusters = new Map<string, Cluster>();
  #byToken = new Map<string, Cluster>();
  /** Without those permanently deleted. */
  listed = new ClustersByName();
  #order = 0;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#life = new ClusterLife(world, (id) => this.#clusters.get(id));
  }

  state(): ClusterFleetState {
    return { clusters: this.#clusters, byToken: this.#byToken, order: this.#order, life: this.#life.state() };
  }

  restore({ clusters, byToken, order, life }: ClusterFleetState): void {
    this.#clusters = clusters;
    this.#byToken = byToken;
    this.#order = order;
    this.#life.restore(life);
    this.listed = new ClustersByName();
    for (const cluster of clusters.values()) if (cluster.removedAt === undefined) this.listed.add(cluster);
  }

  /** Told of every new state, at its exact moment. */
  watch(watcher: (cluster: Cluster, at: number) => void): void {
    this.#life.watch(watcher);
  }

  /**
   * The cluster that was made with this idempotency token, until it has terminated
   * (docs/facts/databricks.md section 2).
   */
  madeWith(token: string): Cluster | undefined {
    const known = this.#byToken.get(token);
    const isOver = known?.removedAt !== undefined || known?.history.some(({ state }) => state === 'TERMINATED');
    return isOver ? undefined : known;
  }

  /** A cluster was made with this idempotency token. */
  rememberToken(token: string, cluster: Cluster): void {
    this.#byToken.set(token, cluster);
  }

  /** Work on the cluster begins: until it ends, the cluster does not count as idle. */
  beginWork(cluster: Cluster): void {
    cluster.work += 1;
  }

  endWork(cluster: Cluster, at: number): void {
    cluster.work -= 1;
    cluster.lastWorkAt = at;
  }

  /** Including those permanently deleted. */
  everMade(): Iterable<Cluster> {
    return this.#clusters.values();
  }

  /** Also one that was permanently deleted. */
  remembered(id: string): Cluster | undefined {
    return this.#clusters.get(id);
  }

  /** Undefined also for one that was permanently deleted. */
  find(id: string): Cluster | undefined {
    const cluster = this.#clusters.get(id);
    return cluster?.removedAt === undefined ? cluster : undefined;
  }

  /** @throws 400 INVALID_PARAMETER_VALUE, not 404: the clusters API has always answered so. */
  get(id: string): Cluster {
    const cluster = this.find(id);
    if (!cluster) throw invalidParameter(`Cluster ${id} does not exist`);
    return cluster;
  }

  /** @throws 429 when the launch rate is used up; nothing is created then. */
  create(
    spec: ClusterSpec,
    givenSpec: ClusterSpec,
    creator: Principal,
    at: number,
    source: Cluster['source'] = 'API',
  ): Cluster {
    const launch = this.#life.takeNodes(spec, at);
    const cluster: Cluster = {
      id: newClusterId(at, this.#clusters),
      order: this.#order++,
      creator,
      configuredBy: creator,
      createdAt: at,
      source,
      spec,
      givenSpec,
      state: 'PENDING',
      stateMessage: '',
      history: [],
      events: [],
      launches: [],
      startedAt: undefined,
      terminatedAt: undefined,
      terminationReason: undefined,
      pinnedBy: undefined,
      unpinnedAt: undefined,
      leases: [],
      work: 0,
      lastWorkAt: at,
      node: undefined,
      scriptsRanInLaunch: undefined,
      awaitsScripts: false,
      epoch: 0,
      removedAt: undefined,
    };
    this.#clusters.set(cluster.id, cluster);
    this.listed.add(cluster);
    record(cluster, 'CREATING', at, { cluster_size: sizeOf(spec), user: creator.userName });
    this.#life.launch(cluster, 'PENDING', launch, at);
    return cluster;
  }

  /** From TERMINATED. The id stays. @throws 429. */
  start(cluster: Cluster, by: Principal, at: number): void {
    const launch = this.#life.takeNodes(cluster.spec, at);
    cluster.terminatedAt = undefined;
    cluster.terminationReason = undefined;
    record(cluster, 'STARTING', at, { user: by.userName });
    this.#life.launch(cluster, 'PENDING', launch, at);
  }

  /** From RUNNING, on fresh nodes. @throws 429. */
  restart(cluster: Cluster, by: Principal, at: number): void {
    const launch = this.#life.takeNodes(cluster.spec, at);
    this.#life.returnNodes(cluster, at);
    record(cluster, 'RESTARTING', at, { user: by.userName });
    this.#life.launch(cluster, 'RESTARTING', launch, at);
  }

  /** No-op when it is already on its way down or there. */
  terminate(cluster: Cluster, reason: TerminationReason, message: string, at: number): void {
    this.#life.terminate(cluster, reason, message, at);
  }

  /** The new spec counts from the next start on. */
  edit(cluster: Cluster, spec: ClusterSpec, givenSpec: ClusterSpec, by: Principal, at: number): void {
    record(cluster, 'EDITED', at, { attributes: givenSpec, previous_attributes: cluster.givenSpec, user: by.userName });
    this.listed.remove(cluster);
    cluster.spec = spec;
    cluster.givenSpec = givenSpec;
    cluster.configuredBy = by;
    this.listed.add(cluster);
  }

  /** Gone from every API at once; its nodes stop in their own time. */
  remove(cluster: Cluster, by: Principal, at: number): void {
    this.listed.remove(cluster);
    this.terminate(cluster, userRequest(by), `Terminated by ${by.userName}`, at);
    cluster.removedAt = at;
  }

  pin(cluster: Cluster, by: Principal, at: number): void {
    cluster.pinnedBy = by.userName;
    record(cluster, 'PINNED', at, { user: by.userName });
  }

  unpin(cluster: Cluster, by: Principal, at: number): void {
    cluster.pinnedBy = undefined;
    cluster.unpinnedAt = at;
    record(cluster, 'UNPINNED', at, { user: by.userName });
  }

  /** Init scripts have run on a real node. */
  scriptsRan(cluster: Cluster, ran: ScriptsRan, at: number): void {
    this.#life.scriptsRan(cluster, ran, at);
  }

  /** Boots again what waited for a real node when the sandbox ended. */
  resumeBoots(): void {
    for (const cluster of this.#clusters.values()) if (cluster.awaitsScripts) this.#world.nodes.boot(cluster);
  }
}

/** Somebody asked for it: no failure, and the cluster can be started again. */
export const userRequest = (by: Principal): TerminationReason => ({
  code: 'USER_REQUEST',
  type: 'SUCCESS',
  parameters: { username: by.userName },
});
