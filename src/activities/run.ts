/**
 * Which workshop an activity works for, and in which workspace: the first argument of every activity that calls one.
 */
export interface Run {
  readonly workshopId: string;
  readonly runId: string;
  /** X-Databricks-Org-Id, recorded at the start: a worker that talks to another workspace refuses the work. */
  readonly workspaceId: string;
}
