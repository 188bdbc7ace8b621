import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { createActivities } from '../../../src/activities/index.ts';
import { connectWorkspace } from '../../../src/databricks/workspace.ts';
import { cohortAddress, queuesOf, roomAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { LOGS, STAND_IN, standInBundle, workshopSandbox } from '../../init-scripts/workshop-node.ts';
import { eventually } from '../stage/eventually.ts';
import { ON_ITS_DAY, openSmallServer, type SmallServer } from './small-server.ts';

describeOnRealNodes('help-me, from the cluster to the room', () => {
  const opened = workshopSandbox(standInBundle);
  let server: SmallServer;
  beforeAll(async () => {
    server = await openSmallServer();
  });
  afterAll(() => server?.close());

  test('who types it has a hand up, which keeps its place when it is typed again; the files are gone', async () => {
    const { sandbox, launch, admin } = opened();
    const node = await launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    const { workspaceId, url: workspace } = sandbox;
    const [id, runId] = ['spring', 'run'];
    const queues = queuesOf(workspace, workspaceId);
    const { temporal, client } = server;
    const gateway = connectWorkspace({ host: workspace, token: sandbox.adminToken, env: {}, requestsPerSecond: 200 });
    onTestFinished(() => gateway.close());
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const activities = createActivities({ workspace: gateway, temporal, env: {}, closing: stop.signal } as never);
    await server.work({ taskQueue: queues.workflows, workflowsPath: ON_ITS_DAY });
    await server.work({ taskQueue: queues.watch, activities });
    const plan = { ...examplePlan(), id, workspace };
    const seat = newSeat('key-of-ann', 'ann@example.com', 'attendee', 1);
    const cluster = {
      id: node.id,
      name: 'c',
      state: 'RUNNING',
      shared: true,
      verified: true,
      launchedAt: 1,
      option: 0,
    };
    const lifecycle = await temporal.workflow.start('workshop', {
      workflowId: workshopAddress(id),
      taskQueue: queues.workflows,
      args: [{ planInForce: { plan, runId, cohorts: 1 }, progress: { heading: 'during' } }],
      memo: { about: { runId, workspace, workspaceId, timeline: { dayOf: 1 } } },
    });
    await temporal.workflow.start('cohort', {
      workflowId: cohortAddress(id, 0),
      taskQueue: queues.workflows,
      args: [{ roster: [{ ...seat, cluster }] }],
    });
    // As the lifecycle does on the day: nobody has opened a page.
    const run = { workshopId: id, runId, workspaceId };
    await activities.openRoom(run, { queues, pace: paceAt(60) });
    await eventually(async () => expect(await client.room(id)).toMatchObject({ hands: [] }));

    expect(await node.session('help-me no answer since ten')).toMatchObject({ code: 0, stderr: '' });
    await eventually(async () => expect((await client.room(id)).hands).toHaveLength(1));
    await client.raiseHand(id, { key: 'another', from: 'page' });
    await node.session('help-me still none');
    await eventually(async () =>
      expect((await client.room(id)).hands).toMatchObject([
        { key: 'key-of-ann', from: 'terminal', words: 'no answer since ten\nstill none' },
        { key: 'another' },
      ]),
    );
    const [hand] = (await client.room(id)).hands;
    expect(hand?.checks?.find((check) => check.id === 'token')).toMatchObject({ state: 'ok' });
    await eventually(async () => {
      const { json } = await admin('GET', `/api/2.0/fs/directories${LOGS}/help`);
      expect(json.contents ?? []).toEqual([]);
    });

    // It ends with its workshop, and still tells what it knew.
    await lifecycle.terminate('over');
    await eventually(async () =>
      expect((await temporal.workflow.getHandle(roomAddress(id)).describe()).status.name).toBe('COMPLETED'),
    );
    expect((await client.room(id)).hands).toHaveLength(2);
  });
});
