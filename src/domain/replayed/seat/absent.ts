/** A workflow that should be running, and is not. */
export interface Absent {
  readonly workflowId: string;
  /** `completed`: it came to its own end. `ended`: terminated, cancelled or failed. */
  readonly how: 'completed' | 'ended' | 'never there';
}
