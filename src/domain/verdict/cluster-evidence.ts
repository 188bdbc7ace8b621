/** What the workspace itself says of somebody's cluster, and why that is not more. */
export interface ClusterEvidence {
  readonly state?: string;
  readonly message?: string;
  /** The newest last. Epoch milliseconds. */
  readonly events: readonly { readonly at: number; readonly type: string; readonly said?: string }[];
  readonly initLog?: { readonly path: string; readonly lines: readonly string[] };
  readonly missing: readonly string[];
}
