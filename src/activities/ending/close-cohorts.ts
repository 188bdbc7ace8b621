import { WorkflowNotFoundError } from '@temporalio/client';
import { attendeeAddress, cohortAddress } from '../../domain/replayed/made/addresses.ts';
import type { ActivityDeps } from '../deps.ts';
import { pollUntil } from '../clusters/waiting.ts';
import { runningBelow, workflowStatus } from '../workflow-status.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';

/** How a workflow of this workshop stands, by `describe`: visibility may lag. */
export type Standing = 'running' | 'stuck' | 'closed' | 'none';

/** A workflow task that failed this often in a row will not mend itself: then the workflow may be terminated. */
const HOPELESS_ATTEMPT = 10;

/** Looks after the workshop's own workflows, so that nobody creates anything once teardown has begun. */
export const cohortClosingActivities = ({ temporal, closing }: ActivityDeps) => {
  const standing = async (workflowId: string): Promise<Standing> => {
    const found = await workflowStatus(temporal, workflowId);
    if (found === undefined) return 'none';
    if (found.status !== 'running') return 'closed';
    return found.taskAttempt >= HOPELESS_ATTEMPT ? 'stuck' : 'running';
  };

  const release = async (workflowId: string) => {
    await temporal.workflow.getHandle(workflowId).signal(MESSAGES.release).catch(ignoreNotFound);
  };

  return {
    /**
     * Tells every cohort and attendee to release and waits until each is closed; terminates what is not after
     * `limitMs`. Cohorts first, so that nobody enrols anybody behind its back. Idempotent; heartbeats. Returns how many
     * had to be terminated.
     */
    async closeCohorts({
      workshopId,
      limitMs,
      pollMs,
    }: {
      workshopId: string;
      limitMs: number;
      pollMs: number;
    }): Promise<{ terminated: number }> {
      const deadline = Date.now() + limitMs;
      let terminated = 0;
      const closed = async (ids: readonly string[]) => {
        for (const id of ids) {
          if (!isOpen(await standing(id))) continue;
          if (Date.now() < deadline) return false;
          await temporal.workflow.getHandle(id).terminate('the workshop is being torn down').catch(ignoreNotFound);
          terminated += 1;
        }
        return true;
      };
      const cohorts: string[] = [];
      for (let n = 0; (await standing(cohortAddress(workshopId, n))) !== 'none'; n += 1)
        cohorts.push(cohortAddress(workshopId, n));
      for (const id of cohorts) await release(id);
      await pollUntil(closing, pollMs, async () => ((await closed(cohorts)) ? true : undefined));
      const stragglers = await runningBelow(temporal, attendeeAddress(workshopId, ''));
      for (const id of stragglers) await release(id);
      await pollUntil(closing, pollMs, async () => ((await closed(stragglers)) ? true : undefined));
      return { terminated };
    },

    /** By `describe`, never by visibility. */
    async standingOf({ workflowId }: { workflowId: string }): Promise<Standing> {
      return standing(workflowId);
    },
  };
};

const isOpen = (found: Standing) => found === 'running' || found === 'stuck';

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
