import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { fairShare, teardownAddress } from '../../domain/replayed/made/addresses.ts';
import { WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import type { Absent } from '../../domain/replayed/seat/absent.ts';
import { isStuck, workflowStatus } from '../workflow-status.ts';
import type { ActivityDeps } from '../deps.ts';
import { cohortBefore, keysOf } from './cohort-before.ts';

/** So many workflows are asked about at once. */
const AT_ONCE = 10;

/** Looks after people: whose workflow should be running and going on, and is not. */
export const rollCallActivities = ({ temporal }: Pick<ActivityDeps, 'temporal'>) => {
  const standing = async (workflowId: string): Promise<Absent['how'] | 'running'> => {
    const found = await workflowStatus(temporal, workflowId);
    if (found === undefined) return 'never there';
    return isStuck(found) ? 'stuck' : found.status;
  };

  return {
    /** Those of them that do not run or do not go on; by `describe`, as visibility may lag. Changes nothing. */
    async rollCall({ workflowIds }: { readonly workflowIds: readonly string[] }): Promise<Absent[]> {
      const absent: Absent[] = [];
      for (let at = 0; at < workflowIds.length; at += AT_ONCE) {
        const some = workflowIds.slice(at, at + AT_ONCE);
        const found = await Promise.all(some.map(standing));
        found.forEach((how, n) => {
          if (how !== 'running') absent.push({ workflowId: some[n] ?? '', how });
        });
      }
      return absent;
    },

    /**
     * Starts a cohort again that was ended from outside, with the seats as it knew them last: a closed workflow still
     * answers queries. Their addresses stay out of the lifecycle's history that way. Idempotent: one that runs is left
     * alone. Returns how many people it looks after, and the keys of those of `expected` whom the earlier run does not
     * know: it was ended before it had heard of them.
     * @param input of the cohort, but for its seats
     * @throws SEATS_UNKNOWN when the earlier run cannot tell any more; REMOVAL when everything is being removed.
     */
    async startCohortAgain({
      workflowId,
      workshopId,
      runId,
      taskQueue,
      summary,
      expected,
      input,
    }: {
      readonly workflowId: string;
      readonly workshopId: string;
      readonly runId: string;
      readonly taskQueue: string;
      readonly summary: string;
      readonly expected: readonly string[];
      readonly input: object;
    }): Promise<{ people: number; missing: readonly string[] }> {
      if ((await workflowStatus(temporal, teardownAddress(workshopId)))?.status === 'running')
        throw ApplicationFailure.create({
          message: 'A removal is under way: nobody is started again meanwhile.',
          type: 'REMOVAL',
          details: [{ toDo: `Wait for it to end; what it removes is said by: bin/workshop teardown ${workshopId}` }],
        });
      const before = await cohortBefore(temporal, workflowId);
      try {
        await temporal.workflow.start(WORKFLOWS.cohort, {
          workflowId,
          ...fairShare(workshopId),
          taskQueue,
          args: [{ ...input, ...before }],
          staticSummary: summary,
          memo: { runId },
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const known = keysOf(before);
      return { people: known.size, missing: expected.filter((key) => !known.has(key)) };
    },
  };
};
