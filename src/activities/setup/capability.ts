/** One thing the lifecycle will want to do, and whether the worker's identity may. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly because: string;
  /** What an admin runs to make it so; for `no`. */
  readonly commands: readonly string[];
}
