/** Two listings of the workspace, and how many of this run's clusters and pools each still showed. Instants are ISO 8601. */
export interface Proof {
  readonly first: string | null;
  readonly second: string | null;
  readonly clusters: number;
  readonly pools: number;
}

/** What teardown has done so far; the last one carries the proof. */
export interface TeardownReport {
  readonly seq: number;
  readonly stage: 'closing the door' | 'removing' | 'proving' | 'done';
  /** Ids of clusters seen with this run's tag and permanently deleted. */
  readonly clustersDeleted: number;
  readonly clustersSeen: number;
  readonly clustersLeft: number;
  readonly poolsDeleted: number;
  readonly poolKept: boolean;
  readonly upMs: number;
  readonly proof: Proof;
  /** What keeps it from going on, in words; absent when nothing does. */
  readonly trouble?: string;
}
