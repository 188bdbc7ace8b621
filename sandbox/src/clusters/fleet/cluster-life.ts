import { boot, endScripts, failScripts, scriptsRan, startScripts } from './cluster-boot.ts';
import { record } from '../cluster-events.ts';
import { endWhenIdle, terminateWhenIdle } from './cluster-idling.ts';
import type { Cluster, ClusterLaunch, ClusterState } from '../cluster-model.ts';
import { nodesOf } from '../cluster-spec.ts';
import type { ClusterSpec, TerminationReason } from '../cluster-spec.ts';
import type { ClusterLifecycle, ClusterStep } from './cluster-steps.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { tooManyRequests } from '../../http/errors.ts';
import type { ScriptsRan } from './init-scripts.ts';
import type { LeaseHolder } from '../../pools/lease.ts';
import { POOL_REFUSAL_MS } from '../../pools/pool-fleet.ts';
import type { Kept } from '../../state/kept.ts';

const HEALTHY_AFTER_MS = 5_000;

/** A step that was planned for a cluster. */
interface Planned {
  readonly cluster: Cluster;
  /** Of the cluster then. */
  readonly epoch: number;
  readonly step: ClusterStep;
}

type Watcher = (cluster: Cluster, at: number) => void;

/**
 * How a cluster goes from state to state (docs/facts/databricks.md section 3): PENDING → RUNNING → TERMINATING →
 * TERMINATED, RUNNING → RESTARTING → RUNNING. Every step happens in the workspace's schedule, at its exact moment.
 */
export class ClusterLife implements ClusterLifecycle, Kept<Map<string, number>> {
  readonly world: ClusterWorld;
  readonly #plan: (at: number, planned: Planned) => void;
  readonly #watchers: Watcher[] = [];
  /** How often a cluster of each name was launched: what its boot times are drawn by. */
  #launchesOfName = new Map<string, number>();

  /** @param find a cluster by its id. */
  constructor(world: ClusterWorld, find: (id: string) => Cluster | undefined) {
    this.world = world;
    this.#plan = world.schedule.plans('a cluster goes on', ({ cluster, epoch, step }: Planned, at) => {
      if (cluster.epoch === epoch) this.#carryOut(cluster, step, at);
    });
    world.pools.onReady(({ clusterId, epoch, bootMs }, at) => {
      const cluster = find(clusterId);
      if (cluster?.epoch === epoch) boot(cluster, at, bootMs, this);
    });
  }

  state(): Map<string, number> {
    return this.#launchesOfName;
  }

  restore(state: Map<string, number>): void {
    this.#launchesOfName = state;
  }

  /** Told of every new state, at its exact moment. */
  watch(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  later(cluster: Cluster, at: number, step: ClusterStep): void {
    this.#plan(at, { cluster, epoch: cluster.epoch, step });
  }

  /** Asks for the nodes of a launch. @throws 429 when the launch rate is used up. */
  takeNodes(spec: ClusterSpec, at: number): ClusterLaunch {
    const { faults, launchBucket } = this.world;
    const nodes = nodesOf(spec);
    const limited = faults.takeNodes(spec, this.#poolName(spec), nodes, at);
    const taken = limited.granted ? launchBucket.take(nodes, at) : limited;
    if (taken.granted) return { at, nodes, tokensBefore: taken.tokensBefore, runningAt: undefined };
    throw tooManyRequests(
      'The cluster request was rejected because it would exceed the limit of nodes launched in this ' +
        'workspace. Retry your request a few minutes later.',
      taken.retryAfterSeconds,
    );
  }

  launch(cluster: Cluster, state: 'PENDING' | 'RESTARTING', launch: ClusterLaunch, at: number): void {
    const { pace, faults } = this.world;
    const ordinal = (this.#launchesOfName.get(cluster.spec.cluster_name) ?? 0) + 1;
    this.#launchesOfName.set(cluster.spec.cluster_name, ordinal);
    const key = `${cluster.spec.cluster_name}#${ordinal}`;
    cluster.launches.push(launch);
    this.#enter(cluster, state, 'Finding instances for new nodes, acquiring more instances if necessary', at);

    const trouble = faults.onLaunch(cluster.spec, this.#poolName(cluster.spec), at);
    launch.trouble = trouble;
    if (trouble?.kind === 'hangs') return;
    if (trouble?.kind === 'fails') {
      const { reason, message } = trouble;
      this.later(cluster, at + pace.scaled(trouble.afterMs), { does: 'terminate', reason, message });
      return;
    }
    const poolId = cluster.spec.instance_pool_id;
    if (poolId === undefined || poolId === '') boot(cluster, at, pace.coldBoot(key), this);
    else this.#launchFromPool(cluster, launch, poolId, key, at);
  }

  #launchFromPool(cluster: Cluster, launch: ClusterLaunch, poolId: string, key: string, at: number): void {
    const { pace, pools } = this.world;
    const pool = pools.find(poolId);
    if (!pool) {
      this.#refuse(cluster, 'INSTANCE_POOL_NOT_FOUND', `Can't find an instance pool with id: ${poolId}.`, poolId, at);
      return;
    }
    const isPreloaded = pool.spec.preloaded_spark_versions.includes(cluster.spec.spark_version ?? '');
    const holder: LeaseHolder = {
      clusterId: cluster.id,
      epoch: cluster.epoch,
      bootMs: pace.warmBoot(key, isPreloaded),
    };
    const lease = pool.fleet.lease(launch.nodes, at, key, holder);
    if (lease) cluster.leases.push({ poolId, lease });
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
    this.later(cluster, at + this.world.pace.scaled(POOL_REFUSAL_MS), { does: 'terminate', reason, message });
  }

  terminate(cluster: Cluster, reason: TerminationReason, message: string, at: number): void {
    if (cluster.state === 'TERMINATING' || cluster.state === 'TERMINATED') return;
    cluster.terminationReason = reason;
    record(cluster, 'TERMINATING', at, {
      reason,
      ...(reason.parameters['username'] ? { user: reason.parameters['username'] } : {}),
    });
    this.#enter(cluster, 'TERMINATING', message, at);
    const downMs = this.world.pace.shutdown(`${cluster.spec.cluster_name}#${cluster.launches.length}`);
    this.later(cluster, at + downMs, { does: 'have-terminated', message });
  }

  returnNodes(cluster: Cluster, at: number): void {
    for (const { poolId, lease } of cluster.leases.splice(0)) this.world.pools.fleetOf(poolId)?.release(lease, at);
  }

  /** Init scripts have run on a real node. */
  scriptsRan(cluster: Cluster, ran: ScriptsRan, at: number): void {
    scriptsRan(cluster, ran, at, this);
  }

  run(cluster: Cluster, at: number): void {
    const { pace } = this.world;
    const launch = cluster.launches.at(-1);
    const workers = (launch?.nodes ?? 1) - 1;
    if (launch) launch.runningAt = at;
    cluster.startedAt = at;
    record(cluster, 'RUNNING', at, { current_num_workers: workers, target_num_workers: workers });
    this.#enter(cluster, 'RUNNING', '', at);
    this.later(cluster, at + pace.scaled(HEALTHY_AFTER_MS), { does: 'be-healthy' });
    terminateWhenIdle(cluster, at, this);
    const trouble = launch?.trouble;
    if (trouble?.kind !== 'dies') return;
    const { reason, message } = trouble;
    this.later(cluster, at + pace.scaled(trouble.afterMs), { does: 'terminate', reason, message });
  }

  #carryOut(cluster: Cluster, step: ClusterStep, at: number): void {
    switch (step.does) {
      case 'start-scripts':
        startScripts(cluster, at, this);
        return;
      case 'end-scripts':
        endScripts(cluster, at, this);
        return;
      case 'fail-scripts':
        failScripts(cluster, step.problem, at, this);
        return;
      case 'run':
        this.run(cluster, at);
        return;
      case 'be-healthy':
        record(cluster, 'DRIVER_HEALTHY', at, {});
        return;
      case 'end-when-idle':
        endWhenIdle(cluster, step.from, at, this);
        return;
      case 'terminate':
        this.terminate(cluster, step.reason, step.message, at);
        return;
      case 'have-terminated':
        cluster.terminatedAt = at;
        this.returnNodes(cluster, at);
        this.#enter(cluster, 'TERMINATED', step.message, at);
        return;
      default:
        step satisfies never;
    }
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
    return this.world.pools.find(spec.instance_pool_id ?? '')?.spec.instance_pool_name;
  }
}
