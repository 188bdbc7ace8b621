import type { LaunchTrouble } from '../faults/launch-trouble.ts';
import type { NodeKind } from '../nodes/node-kind.ts';
import type { Lease } from '../pools/lease.ts';
import type { Principal } from '../identity/principals.ts';
import type { ClusterSpec, TerminationReason } from './cluster-spec.ts';

export type ClusterState = 'PENDING' | 'RUNNING' | 'RESTARTING' | 'TERMINATING' | 'TERMINATED';

export interface ClusterEvent {
  /** Position in the cluster's own history; pages are cut by it. */
  readonly order: number;
  readonly at: number;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** One time that nodes were asked for. */
export interface ClusterLaunch {
  readonly at: number;
  readonly nodes: number;
  /** What the launch bucket held just before. */
  readonly tokensBefore: number;
  runningAt: number | undefined;
  /** What a fault has in store for it. */
  trouble?: LaunchTrouble | undefined;
}

export interface Cluster {
  readonly id: string;
  /** Order of creation. */
  readonly order: number;
  /** Who made it, or whom clusters/change-owner made its owner. */
  creator: Principal;
  /** Who said last what it is to be. */
  configuredBy: Principal;
  readonly createdAt: number;
  /** Made by a call, or by a run that brought it along and takes it away when it ends. */
  readonly source: 'API' | 'JOB';
  spec: ClusterSpec;
  /** What the caller sent, before defaults and the policy: answered under `spec`. */
  givenSpec: ClusterSpec;
  state: ClusterState;
  stateMessage: string;
  readonly history: { readonly state: ClusterState; readonly at: number; readonly message: string }[];
  readonly events: ClusterEvent[];
  readonly launches: ClusterLaunch[];
  startedAt: number | undefined;
  terminatedAt: number | undefined;
  terminationReason: TerminationReason | undefined;
  pinnedBy: string | undefined;
  unpinnedAt: number | undefined;
  leases: { readonly poolId: string; readonly lease: Lease }[];
  /** How much runs on it now that keeps it from being idle, and when the last of it ended. */
  work: number;
  lastWorkAt: number;
  /** Decided when work first comes to it; until then nobody knows (nodes/nodes.ts). */
  node: NodeKind | undefined;
  /** The launch in which the init scripts ran on a real node. */
  scriptsRanInLaunch: number | undefined;
  /** Its init scripts run on a real node right now, and it waits for them. */
  awaitsScripts: boolean;
  /** Changes with everything that overrides what was planned for the cluster, so that stale plans are recognised. */
  epoch: number;
  /** Removed by permanent-delete; kept for the books. */
  removedAt: number | undefined;
}

/** The driver's private address, made up from the order of creation. */
export const nodeAddress = (cluster: Cluster): string =>
  `10.139.${64 + ((cluster.order >> 8) & 63)}.${cluster.order & 255 || 4}`;
