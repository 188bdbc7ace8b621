import { boot, scriptsRan } from './cluster-boot.ts';
import type { Booting } from './cluster-boot.ts';
import { record, sizeOf } from '../cluster-events.ts';
import { terminateWhenIdle } from './cluster-idling.ts';
import { ClustersByName } from '../clusters-by-name.ts';
import type { ClusterSpec, TerminationReason } from '../cluster-spec.ts';
import type { Cluster, ClusterLaunch, ClusterState } from '../cluster-model.ts';
import { nodesOf } from '../cluster-spec.ts';
import { invalidParameter, tooManyRequests } from '../../http/errors.ts';
import { newClusterId } from '../../ids.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { ScriptsRan } from './init-scripts.ts';
import { POOL_REFUSAL_MS } from '../../pools/pool-fleet.ts';
import type { Principal } from '../../identity/principals.ts';

const HEALTHY_AFTER_MS = 5_000;

/**
 * The clusters of the workspace and their state machine (facts/databricks.md section 3): PENDING → RUNNING → TERMINATING →
 * TERMINATED, RUNNING → RESTARTING → RUNNING. Every step happens in the workspace's schedule, at its exact moment.
 */
export class ClusterFleet {
  readonly #world: ClusterWorld;
  readonly #booting: Booting;
  readonly #clusters = new Map<string, Cluster>();
  /** Without those permanently deleted. */
  readonly listed = new ClustersByName();
  readonly #launchesOfName = new Map<string, number>();
  readonly #watchers: ((cluster: Cluster, at: number) => void)[] = [];
  #order = 0;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#booting = {
      world,
      later: (cluster, at, act) => this.#later(cluster, at, act),
      run: (cluster, launch, at) => this.#run(cluster, launch, at),
      terminate: (cluster, reason, message, at) => this.terminate(cluster, reason, message, at),
    };
  }

  /** Told of every new state, at its exact moment. */
  watch(watcher: (cluster: Cluster, at: number) => void): void {
    this.#watchers.push(watcher);
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
  create(spec: ClusterSpec, givenSpec: ClusterSpec, creator: Principal, at: number): Cluster {
    const launch = this.#takeNodes(spec, at);
    const cluster: Cluster = {
      id: newClusterId(this.#world.chance, at, this.#clusters),
      order: this.#order++,
      creator,
      configuredBy: creator,
      createdAt: at,
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
    this.#launch(cluster, 'PENDING', launch, at);
    return cluster;
  }

  /** From TERMINATED. The id stays. @throws 429. */
  start(cluster: Cluster, by: Principal, at: number): void {
    const launch = this.#takeNodes(cluster.spec, at);
    cluster.terminatedAt = undefined;
    cluster.terminationReason = undefined;
    record(cluster, 'STARTING', at, { user: by.userName });
    this.#launch(cluster, 'PENDING', launch, at);
  }

  /** From RUNNING, on fresh nodes. @throws 429. */
  restart(cluster: Cluster, by: Principal, at: number): void {
    const launch = this.#takeNodes(cluster.spec, at);
    this.#returnNodes(cluster, at);
    record(cluster, 'RESTARTING', at, { user: by.userName });
    this.#launch(cluster, 'RESTARTING', launch, at);
  }

  /** No-op when it is already on its way down or there. */
  terminate(cluster: Cluster, reason: TerminationReason, message: string, at: number): void {
    if (cluster.state === 'TERMINATING' || cluster.state === 'TERMINATED') return;
    cluster.terminationReason = reason;
    record(cluster, 'TERMINATING', at, {
      reason,
      ...(reason.parameters['username'] ? { user: reason.parameters['username'] } : {}),
    });
    this.#enter(cluster, 'TERMINATING', message, at);
    this.#later(
      cluster,
      at + this.#world.pace.shutdown(`${cluster.spec.cluster_name}#${cluster.launches.length}`),
      (now) => {
        cluster.terminatedAt = now;
        this.#returnNodes(cluster, now);
        this.#enter(cluster, 'TERMINATED', message, now);
      },
    );
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

  #takeNodes(spec: ClusterSpec, at: number): ClusterLaunch {
    const nodes = nodesOf(spec);
    const { faults, launchBucket } = this.#world;
    const limited = faults.takeNodes(spec, this.#poolName(spec), nodes, at);
    const taken = limited.granted ? launchBucket.take(nodes, at) : limited;
    if (taken.granted) return { at, nodes, tokensBefore: taken.tokensBefore, runningAt: undefined };
    throw tooManyRequests(
      'The cluster request was rejected because it would exceed the limit of nodes launched in this workspace. Retry your request a few minutes later.',
      taken.retryAfterSeconds,
    );
  }

  #launch(cluster: Cluster, state: 'PENDING' | 'RESTARTING', launch: ClusterLaunch, at: number): void {
    const { pace, pools } = this.#world;
    const ordinal = (this.#launchesOfName.get(cluster.spec.cluster_name) ?? 0) + 1;
    this.#launchesOfName.set(cluster.spec.cluster_name, ordinal);
    const key = `${cluster.spec.cluster_name}#${ordinal}`;
    cluster.launches.push(launch);
    this.#enter(cluster, state, 'Finding instances for new nodes, acquiring more instances if necessary', at);

    const trouble = this.#world.faults.onLaunch(cluster.spec, this.#poolName(cluster.spec), at);
    launch.trouble = trouble;
    if (trouble?.kind === 'hangs') return;
    if (trouble?.kind === 'fails') {
      this.#later(cluster, at + pace.scaled(trouble.afterMs), (now) =>
        this.terminate(cluster, trouble.reason, trouble.message, now),
      );
      return;
    }
    const poolId = cluster.spec.instance_pool_id;
    if (poolId === undefined || poolId === '') {
      boot(cluster, launch, at, pace.coldBoot(key), this.#booting);
      return;
    }
    const pool = pools.find(poolId);
    if (!pool) {
      this.#refuse(cluster, 'INSTANCE_POOL_NOT_FOUND', `Can't find an instance pool with id: ${poolId}.`, poolId, at);
      return;
    }
    const { epoch } = cluster;
    const preloaded = pool.spec.preloaded_spark_versions.includes(cluster.spec.spark_version ?? '');
    const lease = pool.fleet.lease(launch.nodes, at, key, (readyAt) => {
      if (cluster.epoch === epoch) boot(cluster, launch, readyAt, pace.warmBoot(key, preloaded), this.#booting);
    });
    if (lease) cluster.leases.push({ pool, lease });
    else
      this.#refuse(
        cluster,
        'INSTANCE_POOL_MAX_CAPACITY_REACHED',
        `Instance pool ${poolId} has reached its maximum capacity of ${pool.spec.max_capacity ?? 0} instances.`,
        poolId,
        at,
      );
  }

  #refuse(cluster: Cluster, code: string, message: string, poolId: string, at: number): void {
    const reason: TerminationReason = {
      code,
      type: 'CLIENT_ERROR',
      parameters: { instance_pool_id: poolId, databricks_error_message: message },
    };
    this.#later(cluster, at + this.#world.pace.scaled(POOL_REFUSAL_MS), (now) =>
      this.terminate(cluster, reason, message, now),
    );
  }

  /** Init scripts have run on a real node. */
  scriptsRan(id: string, ran: ScriptsRan, at: number): void {
    const cluster = this.#clusters.get(id);
    if (cluster) scriptsRan(cluster, ran, at, this.#booting);
  }

  /** Boots again what waited for a real node when the sandbox ended. */
  resumeBoots(): void {
    for (const cluster of this.#clusters.values()) if (cluster.awaitsScripts) this.#world.nodes.boot(cluster);
  }

  #run(cluster: Cluster, launch: ClusterLaunch, at: number): void {
    const { pace } = this.#world;
    launch.runningAt = at;
    cluster.startedAt = at;
    record(cluster, 'RUNNING', at, { current_num_workers: launch.nodes - 1, target_num_workers: launch.nodes - 1 });
    this.#enter(cluster, 'RUNNING', '', at);
    this.#later(cluster, at + pace.scaled(HEALTHY_AFTER_MS), (now) => record(cluster, 'DRIVER_HEALTHY', now, {}));
    terminateWhenIdle(cluster, at, this.#booting);
    const { trouble } = launch;
    if (trouble?.kind === 'dies')
      this.#later(cluster, at + pace.scaled(trouble.afterMs), (now) =>
        this.terminate(cluster, trouble.reason, trouble.message, now),
      );
  }

  /** A new state ends whatever was planned for the old one. */
  #enter(cluster: Cluster, state: ClusterState, message: string, at: number): void {
    cluster.epoch += 1;
    cluster.awaitsScripts = false;
    cluster.state = state;
    cluster.stateMessage = message;
    cluster.history.push({ state, at, message });
    for (const watcher of this.#watchers) watcher(cluster, at);
  }

  #poolName(spec: ClusterSpec): string | undefined {
    return this.#world.pools.find(spec.instance_pool_id ?? '')?.spec.instance_pool_name;
  }

  #returnNodes(cluster: Cluster, at: number): void {
    for (const { pool, lease } of cluster.leases.splice(0)) pool.fleet.release(lease, at);
  }

  /** Plans an act that is dropped when something else has moved the cluster on by then. */
  #later(cluster: Cluster, at: number, act: (at: number) => void): void {
    const { epoch } = cluster;
    this.#world.schedule.at(at, (now) => {
      if (cluster.epoch === epoch) act(now);
    });
  }
}

/** Somebody asked for it: no failure, and the cluster can be started again. */
export const userRequest = (by: Principal): TerminationReason => ({
  code: 'USER_REQUEST',
  type: 'SUCCESS',
  parameters: { username: by.userName },
});
