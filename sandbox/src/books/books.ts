import { appEntries } from './app-entries.ts';
import type { AppEntry } from './app-entries.ts';
import type { NodeKind } from '../nodes/node-kind.ts';
import type { TerminationReason } from '../clusters/cluster-spec.ts';
import type { ClusterState } from '../clusters/cluster-model.ts';
import { provisioning } from '../clusters/fleet/provisioning.ts';
import type { Provisioning } from '../clusters/fleet/provisioning.ts';
import type { EndpointUsage } from '../serving/usage.ts';
import { stateOf } from '../jobs/run-model.ts';
import type { ResourceEntry } from './resource-history.ts';
import type { Counts, RequestCounts } from './request-counts.ts';
import type { Workspace } from '../workspace.ts';

export interface ClusterEntry {
  readonly id: string;
  readonly name: string;
  readonly creator: string;
  readonly singleUser: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly nodeType: string | undefined;
  readonly poolId: string | undefined;
  readonly policyId: string | undefined;
  readonly createdAt: number;
  readonly state: ClusterState;
  /** Every state it was ever in, each with its exact moment. */
  readonly history: readonly { readonly state: ClusterState; readonly at: number }[];
  readonly terminationReason: TerminationReason | undefined;
  /** Whether anything really runs on it. */
  readonly node: NodeKind;
  /** Not permanently deleted. */
  readonly alive: boolean;
}

export interface PoolEntry {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly alive: boolean;
  readonly stats: {
    readonly used_count: number;
    readonly idle_count: number;
    readonly pending_used_count: number;
    readonly pending_idle_count: number;
  };
  /** Instance-milliseconds so far and the most at one time. */
  readonly meter: {
    readonly idleMs: number;
    readonly usedMs: number;
    readonly peakIdle: number;
    readonly peakUsed: number;
  };
}

export interface RunEntry {
  readonly runId: number;
  readonly name: string;
  readonly creator: string;
  readonly runAs: string;
  readonly createdAt: number;
  readonly state: string;
  readonly result: string | undefined;
  /**
   * What each task ran on; `node` is undefined until it is decided, `clusterId` until there is one, and for good on
   * serverless compute.
   */
  readonly tasks: readonly {
    readonly key: string;
    readonly clusterId: string | undefined;
    readonly node: NodeKind | undefined;
    readonly result: string | undefined;
  }[];
}

export interface Books {
  readonly requests: Counts;
  readonly clusters: readonly ClusterEntry[];
  readonly pools: readonly PoolEntry[];
  readonly runs: readonly RunEntry[];
  readonly apps: readonly AppEntry[];
  /**
   * People, groups, tokens without their values, policies, securables, secret scopes, jobs, endpoints, files and the
   * like that were ever there.
   */
  readonly ever: readonly Readonly<ResourceEntry>[];
  readonly policies: readonly { readonly id: string; readonly name: string }[];
  readonly volumes: readonly string[];
  /** Paths of every stored file. */
  readonly files: readonly string[];
  /** What was asked of each serving endpoint, and by whom. */
  readonly serving: readonly EndpointUsage[];
  readonly unknownRoutes: readonly string[];
  /** How often each fault has hit something. */
  readonly faults: readonly { readonly name: string; readonly fired: number }[];
  /**
   * How long the chosen clusters took, against how long the workspace itself makes them take. All clusters when
   * nothing is chosen.
   */
  provisioning(chosen?: readonly string[] | ((cluster: ClusterEntry) => boolean)): Provisioning;
}

/** What was ever created, by whom, and what of it is left; and who asked for what. A snapshot. */
export function openBooks(workspace: Workspace, requestCounts: RequestCounts): Books {
  const now = workspace.advance();
  const made = [...workspace.clusters.everMade()];
  const clusters = made.map((cluster): ClusterEntry => ({
    id: cluster.id,
    name: cluster.spec.cluster_name,
    creator: cluster.creator.userName,
    singleUser: cluster.spec.single_user_name,
    tags: { ...cluster.spec.custom_tags },
    nodeType: cluster.spec.node_type_id,
    poolId: cluster.spec.instance_pool_id,
    policyId: cluster.spec.policy_id,
    createdAt: cluster.createdAt,
    state: cluster.state,
    history: [...cluster.history],
    terminationReason: cluster.terminationReason,
    node: cluster.node ?? 'simulated',
    alive: cluster.removedAt === undefined,
  }));
  return {
    requests: requestCounts.snapshot(),
    clusters,
    pools: [...workspace.pools.everMade()].map((pool) => ({
      id: pool.id,
      name: pool.spec.instance_pool_name,
      tags: { ...pool.spec.custom_tags },
      createdAt: pool.createdAt,
      alive: pool.deletedAt === undefined,
      stats: pool.fleet.stats(),
      meter: pool.fleet.meter(now),
    })),
    runs: [...workspace.runs.all()].map((run) => ({
      runId: run.id,
      name: run.name,
      creator: run.creator.userName,
      runAs: run.runAs.userName,
      createdAt: run.createdAt,
      state: stateOf(run),
      result: run.ending?.result,
      tasks: run.tasks.map(({ spec, cluster, node, ending }) => ({
        key: spec.task_key,
        clusterId: cluster?.id ?? spec.existing_cluster_id,
        node,
        result: ending?.result,
      })),
    })),
    apps: appEntries(workspace.apps, now),
    ever: workspace.history.entries().map((entry) => ({ ...entry })),
    policies: workspace.policies.made().map((policy) => ({ id: policy.id, name: policy.fields.name })),
    volumes: [...workspace.securables.ofType('volume')].map((volume) => volume.fullName),
    files: workspace.volumeFiles.paths(),
    serving: workspace.serving.usage.snapshot(),
    unknownRoutes: requestCounts.unknownRoutes(),
    faults: workspace.faults.list().map(({ fault, fired }) => ({ name: fault.name, fired })),
    provisioning(chosen) {
      const isChosen =
        typeof chosen === 'function'
          ? chosen
          : (entry: ClusterEntry): boolean => chosen === undefined || chosen.includes(entry.id);
      return provisioning(
        made.filter((_, index) => isChosen(clusters[index] as ClusterEntry)),
        workspace.launchBucket,
      );
    },
  };
}
