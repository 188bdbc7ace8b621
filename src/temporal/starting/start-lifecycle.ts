import { runIdFor } from '../../domain/replayed/outbox/places.ts';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Kept } from '../../domain/replayed/checklist/adopted-state.ts';
import { checklistFor } from '../../domain/replayed/checklist/item.ts';
import { newLifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import {
  cohortAddress,
  eventAddress,
  fairShare,
  queuesOf,
  reaperAddress,
  teardownAddress,
  workshopAddress,
} from '../../domain/replayed/made/addresses.ts';
import { WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { searchAttributes } from '../../workflows/shared/search-attributes.ts';
import type { WorkshopInput } from '../../workflows/workshop/lifecycle.ts';
import type { About } from '../about.ts';
import { Refused } from '../client-errors.ts';
import { startedBy } from '../executions.ts';
import { stateAfter } from '../histories/lifecycle-before.ts';
import { createReaper, reaperInput, removeReaper, runIdOfReaper } from '../reaper-schedule.ts';
import type { TemporalServer } from '../server.ts';

export interface StartRequest {
  readonly plan: Plan;
  readonly people: readonly string[];
  /** Address → what the roster says of them beside it. */
  readonly details?: Readonly<Record<string, Details>>;
  readonly timeline: Timeline;
  readonly pace: Pace;
  /** X-Databricks-Org-Id of the workspace that the plan names. */
  readonly workspaceId: string;
  /** Expected cost in the plan's currency. */
  readonly estimate: number;
  /** Takes over a run whose lifecycle is gone: its run id, from the workspace's tags or the reaper. */
  readonly adopt?: { readonly runId: string };
  /** The event of several workspaces that it is one workshop of. */
  readonly event?: string | undefined;
  /** Takes the workshop although another Temporal server's run of it seems alive. */
  readonly force?: boolean;
}

/**
 * Starts a lifecycle: its reaper first, then the workflow, so that nothing runs unwatched. Idempotent: a start that
 * was cut off between the two is completed by the next, under the same run id.
 * @param before what was recorded of the run that is taken over
 * @throws {Refused} while a workshop of this id is running, or parts of one are.
 */
export async function startLifecycle(
  server: TemporalServer,
  request: StartRequest,
  before: About | undefined,
): Promise<{ runId: string; kept?: Kept }> {
  const { client, reads } = server;
  const standing = async (of: string) => (await reads.describe(workshopAddress(of))).state;
  const { plan, timeline, pace, workspaceId, event } = request;
  const { id } = plan;
  if ((await standing(id)) === 'running') {
    throw new Refused(
      `A workshop "${id}" is running already. See it with: bin/workshop status ${id}. ` +
        'Or choose another id in the plan.',
    );
  }
  if ((await reads.describe(eventAddress(id))).state === 'running')
    throw new Refused(`"${id}" is an event of several workspaces that runs: choose another id in the plan.`);
  if ((await reads.describe(teardownAddress(id))).state === 'running')
    throw new Refused(
      `A removal of an earlier "${id}" is under way, and would take away what is made now. Let it end, which ` +
        `"bin/workshop teardown ${id} --execute" shows, and start then, without --adopt.`,
    );
  if (!request.adopt && (await reads.describe(cohortAddress(id, 0))).state === 'running')
    throw new Refused(
      `An earlier "${id}" has lost its lifecycle, and its people's workflows still run. Take it over with --adopt, ` +
        `or end it with "bin/workshop teardown ${id} --execute".`,
    );
  const queues = queuesOf(plan.workspace, workspaceId);
  const searchable = await server.letsSearch();
  const unfinished = await reads.answers(() => runIdOfReaper(client, reaperAddress(id)));
  const runId =
    request.adopt?.runId ??
    ((await standing(id)) === 'none' ? unfinished : undefined) ??
    runIdFor(crypto.randomUUID(), request.people.length);
  const run = { workshopId: id, runId, workspaceId };

  const fresh = newLifecycleState(checklistFor(plan), request.people, plan.testers, request.details);
  const adopted =
    before?.runId === runId
      ? await stateAfter(reads, id, fresh, {
          runId,
          plan,
          timeline,
          startBefore: before.timeline.start,
        })
      : undefined;
  const inForce = adopted?.state.timeline ?? timeline;
  const reaper = reaperInput({ run, pace, queues, plan, timeline: inForce });
  // Made anew: the end of the workshop may have changed since.
  if (unfinished !== undefined) await removeReaper(client, reaperAddress(id));
  await createReaper(client, reaperAddress(id), reaper);

  const input: WorkshopInput = {
    v: 1,
    run,
    plan,
    timeline,
    pace,
    queues,
    estimate: request.estimate,
    searchable,
    ...(event === undefined ? {} : { partOf: event }),
    state: {
      ...(adopted?.state ?? fresh),
      ...(request.adopt ? { adopted: true } : {}),
      ...(request.force ? { claimForced: true } : {}),
    },
  };
  const started = await startedBy(() =>
    client.workflow.start(WORKFLOWS.workshop, {
      workflowId: workshopAddress(id),
      ...fairShare(id),
      taskQueue: queues.workflows,
      args: [input],
      staticSummary: plan.title,
      staticDetails: `${request.people.length} people, ${plan.workspace}`,
      memo: {
        about: {
          runId,
          workspace: plan.workspace,
          workspaceId,
          timeZone: plan.timeZone,
          timeline: inForce,
          speed: pace.speed,
          prices: plan.prices,
          ...(event === undefined ? {} : { event }),
        } satisfies About,
      },
      ...(searchable
        ? { typedSearchAttributes: new TypedSearchAttributes(searchAttributes(id, 'first', inForce.end)) }
        : {}),
    }),
  );
  if (!started) throw new Refused(`A workshop "${id}" is running already.`);
  return { runId, ...(adopted ? { kept: adopted.kept } : {}) };
}
