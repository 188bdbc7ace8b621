import type { Library } from './library.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { Pace } from '../time/pace.ts';

export type LibraryStatus = 'PENDING' | 'INSTALLING' | 'INSTALLED' | 'UNINSTALL_ON_RESTART';

interface Installed {
  readonly library: Library;
  /** Epoch milliseconds. */
  readonly askedAt: number;
  /** Asked to go, which it does when the cluster comes up the next time. */
  leavesAfter: number | undefined;
}

const INSTALL_MS = 20_000;

/**
 * The libraries that clusters are to have. Nothing is really installed: how far one has come follows from when it was asked for and
 * since when the cluster runs.
 */
export class ClusterLibraries {
  readonly #ofCluster = new Map<string, Map<string, Installed>>();
  readonly #pace: Pace;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** One that is there already stays as it is; one that was to go stays. */
  install(cluster: Cluster, libraries: readonly Library[], at: number): void {
    const held = this.#held(cluster);
    for (const library of libraries) {
      const key = JSON.stringify(library);
      const known = held.get(key);
      if (known) known.leavesAfter = undefined;
      else held.set(key, { library, askedAt: at, leavesAfter: undefined });
    }
  }

  /** Libraries that the cluster does not have are passed over. On a cluster that does not run they are gone at once. */
  uninstall(cluster: Cluster, libraries: readonly Library[], at: number): void {
    const held = this.#held(cluster);
    for (const library of libraries) {
      const key = JSON.stringify(library);
      const known = held.get(key);
      if (cluster.state === 'TERMINATED') held.delete(key);
      else if (known) known.leavesAfter = at;
    }
  }

  /** In the order they were asked for. */
  of(cluster: Cluster, at: number): { readonly library: Library; readonly status: LibraryStatus }[] {
    return [...this.#held(cluster).values()].map((one) => ({
      library: one.library,
      status: this.#statusOf(one, cluster, at),
    }));
  }

  #statusOf({ askedAt, leavesAfter }: Installed, cluster: Cluster, at: number): LibraryStatus {
    if (leavesAfter !== undefined) return 'UNINSTALL_ON_RESTART';
    if (cluster.state !== 'RUNNING' && cluster.state !== 'RESIZING') return 'PENDING';
    const since = Math.max(askedAt, cluster.startedAt ?? askedAt);
    return at >= since + this.#pace.scaled(INSTALL_MS) ? 'INSTALLED' : 'INSTALLING';
  }

  /** Without those that left when the cluster last came up. */
  #held(cluster: Cluster): Map<string, Installed> {
    const held = this.#ofCluster.get(cluster.id) ?? new Map<string, Installed>();
    this.#ofCluster.set(cluster.id, held);
    for (const [key, { leavesAfter }] of held) {
      if (leavesAfter !== undefined && (cluster.startedAt ?? 0) > leavesAfter) held.delete(key);
    }
    return held;
  }
}
