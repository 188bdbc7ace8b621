/** Workflow ids of one workshop: everything it owns in Temporal stands under `workshop/<id>`. */
export const workshopAddress = (id: string) => `workshop/${id}`;
export const cohortAddress = (id: string, n: number) => `workshop/${id}/cohort/${n}`;
export const attendeeAddress = (id: string, key: string) => `workshop/${id}/attendee/${key}`;
export const teardownAddress = (id: string) => `workshop/${id}/teardown`;
export const outboxAddress = (id: string, n: number) => `workshop/${id}/outbox/${n}`;
export const roomAddress = (id: string) => `workshop/${id}/room`;
/** What binds the workshops of several workspaces. */
export const eventAddress = (id: string) => `event/${id}`;
export const reaperAddress = (id: string) => `workshop/${id}/reaper`;

/**
 * What each of a workshop's workflows is started with by whoever is no workflow: where several workshops wait in one
 * queue, each gets its turns. Children, what they continue as and activities inherit it
 * (docs/facts/temporal.md section 8).
 */
export const fairShare = (workshopId: string) => ({ priority: { fairnessKey: workshopId } });

/**
 * Task queues of one workspace. A worker serves one workspace, so a rehearsal's work can never reach a production
 * worker.
 */
export interface Queues {
  readonly workflows: string;
  /** Short calls, at the rate the workspace bears. */
  readonly calls: string;
  /** Create and start, at the rate nodes may be launched. */
  readonly launch: string;
  /** Jobs on people's clusters, so many at a time and a second. */
  readonly jobs: string;
  /** Long waiting, which must never keep a call from running. */
  readonly watch: string;
  /** Letters, which nobody's cluster waits for. */
  readonly messages: string;
}

/** @param host the workspace's origin; @param workspaceId its X-Databricks-Org-Id. */
export function queuesOf(host: string, workspaceId: string): Queues {
  const prefix = `workshop:${new URL(host).host}:${workspaceId}`;
  return {
    workflows: `${prefix}:workflows`,
    calls: `${prefix}:calls`,
    launch: `${prefix}:launch`,
    jobs: `${prefix}:jobs`,
    watch: `${prefix}:watch`,
    messages: `${prefix}:messages`,
  };
}
