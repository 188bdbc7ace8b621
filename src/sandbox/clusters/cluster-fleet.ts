import { record, sizeOf } from './cluster-events.ts';
import { resizeCluster } from './cluster-resizing.ts';
import { ClustersByName } from './clusters-by-name.ts';
import type { Cluster, ClusterLaunch, ClusterSpec, ClusterState, TerminationReason } from './cluster-model.ts';
import { nodesOf } from './cluster-model.ts';
import { invalidParameter, tooManyRequests } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import { newClusterId } from '../ids.ts';
import { simulateScripts } from './init-scripts.ts';
import type { InitScriptWorld, ScriptOutcome, ScriptsRan } from './init-scripts.ts';
import type { LaunchFaults } from '../faults/faults.ts';
import { clusterSubject } from '../faults/subject.ts';
import type { Subject } from '../faults/subject.ts';
import type { Outcomes } from '../outcomes.ts';
import type { Pools } from '../pools/instance-pools.ts';
import type { LaunchBucket } from './launch-bucket.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { Pace } from '../time/pace.ts';
import type { Principal } from '../identity/principals.ts';
import type { Schedule } from '../time/schedule.ts';

/** What the state machine needs of the rest of the workspace. */
export interface ClusterWorld extends InitScriptWorld {
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly outcomes: Outcomes;
  readonly pace: Pace;
  readonly launchBucket: LaunchBucket;
  readonly pools: Pools;
  readonly nodes: Pick<Nodes, 'bootsFor' | 'boot'>;
  readonly faults: LaunchFaults;
}

const SCRIPT_MS = 20_000;
const HEALTHY_AFTER_MS = 5_000;
const POOL_REFUSAL_MS = 5_000;

/**
 * The clusters of the workspace and their state machine (facts/databricks.md section 3): PENDING → RUNNING → TERMINATING →
 * TERMINATED, RUNNING → RESTARTING → RUNNING. Every step happens in the workspace's schedule, at its exact moment.
 */
export class ClusterFleet {
  readonly #world: ClusterWorld;
  readonly #clusters = new Map<string, Cluster>();
  /** Without those permanently deleted. */
  readonly listed = new ClustersByName();
  readonly #launchesOfName = new Map<string, number>();
  readonly #watchers: ((cluster: Cluster, at: number) => void)[] = [];
  #order = 0;

  constructor(world: ClusterWorld) {
    this.#world = world;
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
    record(cluster, 'TERMINATING', at, { reason, ...(reason.parameters['username'] ? { user: reason.parameters['username'] } : {}) });
    this.#enter(cluster, 'TERMINATING', message, at);
    this.#later(cluster, at + this.#world.pace.shutdown(`${cluster.spec.cluster_name}#${cluster.launches.length}`), (now) => {
      cluster.terminatedAt = now;
      this.#returnNodes(cluster, now);
      this.#enter(cluster, 'TERMINATED', message, now);
    });
  }

  /** The new spec counts from the next start on. */
  edit(cluster: Cluster, spec: ClusterSpec, givenSpec: ClusterSpec, by: Principal, at: number): void {
    record(cluster, 'EDITED', at, { attributes: givenSpec, previous_attributes: cluster.givenSpec, user: by.userName });
    this.listed.remove(cluster);
    cluster.spec = spec;
    cluster.givenSpec = givenSpec;
    this.listed.add(cluster);
  }

  /**
   * From RUNNING. New nodes take as long as they take, and the cluster is RESIZING until then; fewer nodes leave at once.
   * A pool without room leaves the cluster at its old size (facts/databricks.md section 7). @throws 429.
   */
  resize(cluster: Cluster, size: Pick<ClusterSpec, 'num_workers' | 'autoscale'>, by: Principal, at: number): void {
    const { pace, pools } = this.#world;
    resizeCluster(cluster, size, by, at, {
      pace,
      pools,
      takeNodes: (spec, nodes) => void this.#takeNodes(spec, at, nodes),
      enter: (state, message, now) => this.#enter(cluster, state, message, now),
      later: (when, act) => this.#later(cluster, when, act),
      runsAgain: (now) => this.#planInactivity(cluster, now),
    });
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

  #takeNodes(spec: ClusterSpec, at: number, nodes = nodesOf(spec)): ClusterLaunch {
    const { faults, launchBucket } = this.#world;
    const limited = faults.takeNodes(this.#subject(spec), nodes, at);
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

    const trouble = this.#world.faults.onLaunch(this.#subject(cluster.spec), cluster.spec, at);
    launch.trouble = trouble;
    if (trouble?.kind === 'hangs') return;
    if (trouble?.kind === 'fails') {
      this.#later(cluster, at + pace.scaled(trouble.afterMs), (now) => this.terminate(cluster, trouble.reason, trouble.message, now));
      return;
    }
    const poolId = cluster.spec.instance_pool_id;
    if (poolId === undefined || poolId === '') {
      this.#boot(cluster, launch, at, pace.coldBoot(key));
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
      if (cluster.epoch === epoch) this.#boot(cluster, launch, readyAt, pace.warmBoot(key, preloaded));
    });
    if (lease) cluster.leases.push({ pool, lease });
    else this.#refuse(cluster, 'INSTANCE_POOL_MAX_CAPACITY_REACHED', `Instance pool ${poolId} has reached its maximum capacity of ${pool.spec.max_capacity ?? 0} instances.`, poolId, at);
  }

  #refuse(cluster: Cluster, code: string, message: string, poolId: string, at: number): void {
    const reason: TerminationReason = { code, type: 'CLIENT_ERROR', parameters: { instance_pool_id: poolId, databricks_error_message: message } };
    this.#later(cluster, at + this.#world.pace.scaled(POOL_REFUSAL_MS), (now) => this.terminate(cluster, reason, message, now));
  }

  /** The nodes are there, or on their way: `lasting` from now the cluster runs, if its init scripts let it. */
  #boot(cluster: Cluster, launch: ClusterLaunch, at: number, lasting: number): void {
    const runningAt = at + lasting;
    if ((cluster.spec.init_scripts ?? []).length === 0) {
      this.#later(cluster, runningAt, (now) => (launch.trouble?.kind === 'script-fails' ? this.#failScripts(cluster, launch.trouble.problem, now) : this.#run(cluster, launch, now)));
      return;
    }
    const scriptsMs = Math.min(this.#world.pace.scaled(SCRIPT_MS), Math.floor(lasting / 3));
    this.#later(cluster, runningAt - scriptsMs, (now) => {
      scriptsStart(cluster, now);
      cluster.awaitsScripts = launch.trouble?.kind !== 'script-fails' && this.#world.nodes.bootsFor(cluster);
      if (cluster.awaitsScripts) this.#world.nodes.boot(cluster);
    });
    const { epoch } = cluster;
    this.#later(cluster, runningAt, (now) => {
      if (cluster.awaitsScripts) return;
      const failure = launch.trouble?.kind === 'script-fails' ? launch.trouble.problem : undefined;
      this.#scriptsEnd(cluster, this.#world.outcomes.see(`init-scripts/${cluster.id}#${cluster.launches.length}`, () => simulateScripts(this.#world, cluster, failure)), now);
      if (cluster.epoch === epoch) this.#run(cluster, launch, now);
    });
  }

  /**
   * Init scripts have run on a real node: while the cluster booted, or later, when work first came to a node that had been
   * simulated until then. News of an earlier launch changes nothing.
   */
  scriptsRan(id: string, { launch, outcomes, logTrouble, failure }: ScriptsRan, at: number): void {
    const cluster = this.#clusters.get(id);
    if (!cluster || cluster.launches.length !== launch) return;
    const wasAwaited = cluster.awaitsScripts;
    const { epoch } = cluster;
    if (!wasAwaited && cluster.state !== 'RUNNING') return;
    if (!wasAwaited) scriptsStart(cluster, at);
    cluster.awaitsScripts = false;
    cluster.scriptsRanInLaunch = launch;
    // No failure, only silence and this event (facts/databricks.md section 6).
    if (logTrouble !== undefined) record(cluster, 'UC_VOLUME_MISCONFIGURED', at, { databricks_error_message: logTrouble });
    if (failure) this.terminate(cluster, { code: failure.code, type: 'CLIENT_ERROR', parameters: { databricks_error_message: failure.message } }, failure.message, at);
    else this.#scriptsEnd(cluster, outcomes, at);
    const last = cluster.launches.at(-1);
    if (wasAwaited && cluster.epoch === epoch && last) this.#run(cluster, last, at);
  }

  /** Boots again what waited for a real node when the sandbox ended. */
  resumeBoots(): void {
    for (const cluster of this.#clusters.values()) if (cluster.awaitsScripts) this.#world.nodes.boot(cluster);
  }

  #scriptsEnd(cluster: Cluster, outcomes: readonly ScriptOutcome[], at: number): void {
    const lines = outcomes.map(({ script, status, error, seconds }) => ({ ...script, status, execution_duration_seconds: seconds, ...(error === undefined ? {} : { error_message: error }) }));
    record(cluster, 'INIT_SCRIPTS_FINISHED', at, { init_scripts: { cluster: lines, reported_for_node: nodeAddress(cluster) }, sandbox_node: cluster.node ?? 'simulated' });
    const problem = outcomes.find(({ error }) => error !== undefined)?.error;
    if (problem !== undefined) this.#failScripts(cluster, problem, at);
  }

  #failScripts(cluster: Cluster, problem: string, at: number): void {
    const message = `Cluster scoped init script failed: ${problem}`;
    this.terminate(cluster, { code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR', parameters: { databricks_error_message: message } }, `Init script failure: ${message}`, at);
  }

  #run(cluster: Cluster, launch: ClusterLaunch, at: number): void {
    const { pace } = this.#world;
    launch.runningAt = at;
    cluster.startedAt = at;
    record(cluster, 'RUNNING', at, { current_num_workers: launch.nodes - 1, target_num_workers: launch.nodes - 1 });
    this.#enter(cluster, 'RUNNING', '', at);
    this.#later(cluster, at + pace.scaled(HEALTHY_AFTER_MS), (now) => record(cluster, 'DRIVER_HEALTHY', now, {}));
    this.#planInactivity(cluster, at);
    const { trouble } = launch;
    if (trouble?.kind === 'dies') this.#later(cluster, at + pace.scaled(trouble.afterMs), (now) => this.terminate(cluster, trouble.reason, trouble.message, now));
  }

  #planInactivity(cluster: Cluster, at: number): void {
    const minutes = cluster.spec.autotermination_minutes ?? 0;
    if (minutes > 0) this.#terminateWhenIdle(cluster, minutes, at);
  }

  /** Whatever keeps it busy counts; it is idle from the end of the last work on. */
  #terminateWhenIdle(cluster: Cluster, minutes: number, from: number): void {
    const lasting = this.#world.pace.idle(minutes);
    this.#later(cluster, from + lasting, (now) => {
      const idleSince = cluster.work > 0 ? now : Math.max(from, cluster.lastWorkAt);
      if (idleSince > from) {
        this.#terminateWhenIdle(cluster, minutes, idleSince);
        return;
      }
      const reason: TerminationReason = { code: 'INACTIVITY', type: 'SUCCESS', parameters: { inactivity_duration_min: String(minutes) } };
      this.terminate(cluster, reason, `Inactive cluster terminated (inactive for ${minutes} minutes).`, now);
    });
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

  #subject(spec: ClusterSpec): Subject {
    return clusterSubject(spec, (id) => this.#world.pools.find(id)?.spec.instance_pool_name);
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
export const userRequest = (by: Principal): TerminationReason => ({ code: 'USER_REQUEST', type: 'SUCCESS', parameters: { username: by.userName } });

const scriptsStart = (cluster: Cluster, at: number): void => record(cluster, 'INIT_SCRIPTS_STARTED', at, { init_scripts: { cluster: cluster.spec.init_scripts } });

/** The driver's private address, made up from the order of creation. */
export const nodeAddress = (cluster: Cluster): string => `10.139.${64 + ((cluster.order >> 8) & 63)}.${(cluster.order & 255) || 4}`;
