import type { Cluster } from '../cluster-model.ts';
import type { TerminationReason } from '../cluster-spec.ts';
import type { ClusterWorld } from './cluster-world.ts';

/** What the clock can do to a cluster. Plain data, so that it outlives a restart. */
export type ClusterStep =
  | { readonly does: 'start-scripts' }
  | { readonly does: 'end-scripts' }
  | { readonly does: 'fail-scripts'; readonly problem: string }
  | { readonly does: 'run' }
  | { readonly does: 'be-healthy' }
  /** @property from since when it has nothing to do, as far as was known when this was planned. */
  | { readonly does: 'end-when-idle'; readonly from: number }
  | { readonly does: 'terminate'; readonly reason: TerminationReason; readonly message: string }
  | { readonly does: 'have-terminated'; readonly message: string };

/** What booting a cluster, and seeing it idle, needs of the state machine. */
export interface ClusterLifecycle {
  readonly world: ClusterWorld;
  /** Plans a step, which is dropped when something else has moved the cluster on by then. */
  later(cluster: Cluster, at: number, step: ClusterStep): void;
  /** From here on it is RUNNING. */
  run(cluster: Cluster, at: number): void;
  /** No-op when it is already on its way down or there. */
  terminate(cluster: Cluster, reason: TerminationReason, message: string, at: number): void;
}
