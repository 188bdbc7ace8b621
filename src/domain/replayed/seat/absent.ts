/** A workflow that should be running and going on, and is not. */
export interface Absent {
  readonly workflowId: string;
  /**
   * `completed`: it came to its own end. `ended`: terminated, cancelled or failed. `stuck`: it runs, and its workflow
   * task fails again and again, because the code of no worker can go on with it.
   */
  readonly how: 'completed' | 'ended' | 'never there' | 'stuck';
}
