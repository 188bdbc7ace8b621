import { expect, onTestFinished, test } from 'vitest';
import { rehearsalPeople, rehearsalPlan } from '../../../src/cli/rehearsal/rehearsal-plan.ts';
import type { StartRequest } from '../../../src/client.ts';
import {
  cohortAddress,
  queuesOf,
  reaperAddress,
  workshopAddress,
} from '../../../src/domain/replayed/made/addresses.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import { DAY } from '../../../src/domain/replayed/time/units.ts';
import { eventually } from '../stage/eventually.ts';
import { RealStack } from '../stage/real-stack.ts';

const PEOPLE = 3;
const LONG = 240_000;

/** A workshop that is a month away: its people are enrolled, and nothing is in the workspace yet. */
async function inAMonth(stack: RealStack): Promise<StartRequest> {
  const { plan, timeline } = await rehearsalPlan({ attendees: PEOPLE, workspace: stack.sandbox.url, now: Date.now() });
  const later = Object.fromEntries(Object.entries(timeline).map(([name, at]) => [name, at + 30 * DAY]));
  return {
    plan: { ...plan, testers: [] },
    people: rehearsalPeople(PEOPLE),
    timeline: { ...timeline, ...later },
    pace: paceAt(60),
    workspaceId: stack.sandbox.workspaceId,
    estimate: 0,
  };
}

test('a lifecycle that is terminated before anything was made can be taken over, and ended', async () => {
  const stack = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => stack.stop());
  const { client, temporal } = stack;
  const request = await inAMonth(stack);
  const { id } = request.plan;
  const enrolled = () => eventually(async () => expect(await client.roster(id)).toHaveLength(PEOPLE), LONG);
  const terminate = () => temporal.workflow.getHandle(workshopAddress(id)).terminate('a hand slipped');
  const { runId } = await client.start(request);
  await enrolled();
  await terminate();
  // Even when nobody watches over it any more.
  await temporal.schedule.getHandle(reaperAddress(id)).delete();

  await expect(client.start(request)).rejects.toThrow(
    new RegExp(`people's workflows still run.*--adopt.*bin/workshop teardown ${id} --execute`),
  );
  expect(await client.runLeftBehind(id)).toBe(runId);
  expect(await client.start({ ...request, adopt: { runId } })).toMatchObject({ runId, kept: { people: 3 } });
  await enrolled();
  // They know the lifecycle that took over, and it them.
  await eventually(async () => expect((await client.progress(id)).attendees.attendees).toBe(PEOPLE), LONG);

  await terminate();
  const { sandbox } = stack;
  const report = await client.teardown({
    v: 1,
    run: { workshopId: id, runId, workspaceId: sandbox.workspaceId },
    pace: request.pace,
    queues: queuesOf(request.plan.workspace, sandbox.workspaceId),
    deletePool: true,
  });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  expect((await temporal.workflow.getHandle(cohortAddress(id, 0)).describe()).status.name).toBe('COMPLETED');
});
