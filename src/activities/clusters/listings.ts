import type { Cluster, Workspace } from '../../databricks/workspace.ts';
import { SharedRead } from './shared-read.ts';

/** Cluster listings, shared by everybody in this worker who asks at the same time. */
export class ClusterListings {
  readonly #workspace: Workspace;
  readonly #gapMs: number;
  readonly #byPolicy = new Map<string, SharedRead<Cluster[]>>();
  /** By cluster id, as listings showed it. */
  readonly #policyOf = new Map<string, string>();

  constructor(workspace: Workspace, gapMs: number) {
    this.#workspace = workspace;
    this.#gapMs = gapMs;
  }

  /**
   * Clusters under one policy: the only server-side filter that narrows to workshops
   * (docs/facts/databricks.md section 2).
   */
  ofPolicy(policyId: string): Promise<Cluster[]> {
    const shared = this.#byPolicy.get(policyId) ?? new SharedRead(() => this.#read(policyId), this.#gapMs);
    this.#byPolicy.set(policyId, shared);
    return shared.read();
  }

  /**
   * The cluster as the next listing of its policy shows it. undefined: it is not in it, or no listing of this worker
   * has shown it yet, so that its policy is not known.
   */
  async known(clusterId: string): Promise<Cluster | undefined> {
    const policyId = this.#policyOf.get(clusterId);
    if (policyId === undefined) return undefined;
    return (await this.ofPolicy(policyId)).find(({ cluster_id }) => cluster_id === clusterId);
  }

  /** Every cluster of the workspace, for a proof: a filter could hide one. */
  all(): Promise<Cluster[]> {
    return this.#read(undefined);
  }

  async #read(policyId: string | undefined): Promise<Cluster[]> {
    const clusters: Cluster[] = [];
    for await (const cluster of this.#workspace.clusters.list(policyId ? { policyId } : {})) {
      clusters.push(cluster);
      if (policyId) this.#policyOf.set(cluster.cluster_id, policyId);
    }
    return clusters;
  }
}
