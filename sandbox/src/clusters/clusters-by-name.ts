import type { Cluster } from './cluster-model.ts';

/** A place among the clusters: their name, and the order of their creation where names repeat. */
export interface Place {
  readonly name: string;
  readonly order: number;
}

/** Clusters kept in the order of their names, so that a page of a listing is read off and nothing is sorted for it. */
export class ClustersByName {
  readonly #sorted: Cluster[] = [];

  add(cluster: Cluster): void {
    this.#sorted.splice(this.#indexAfter(placeOf(cluster)), 0, cluster);
  }

  /** Before its name changes: it is found by it. */
  remove(cluster: Cluster): void {
    const index = this.#indexAfter(placeOf(cluster)) - 1;
    if (this.#sorted[index] === cluster) this.#sorted.splice(index, 1);
  }

  /** From A to Z, after a place if one is given. */
  *upwards(after?: Place): Iterable<Cluster> {
    for (let index = after ? this.#indexAfter(after) : 0; index < this.#sorted.length; index += 1)
      yield this.#sorted[index] as Cluster;
  }

  /** From Z to A, before a place if one is given. */
  *downwards(before?: Place): Iterable<Cluster> {
    let index = this.#sorted.length - 1;
    if (before) {
      index = this.#indexAfter(before) - 1;
      const at = this.#sorted[index];
      if (at && compare(placeOf(at), before) === 0) index -= 1;
    }
    for (; index >= 0; index -= 1) yield this.#sorted[index] as Cluster;
  }

  #indexAfter(place: Place): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(placeOf(this.#sorted[middle] as Cluster), place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const placeOf = (cluster: Cluster): Place => ({ name: cluster.spec.cluster_name, order: cluster.order });

function compare(a: Place, b: Place): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.order - b.order;
}
