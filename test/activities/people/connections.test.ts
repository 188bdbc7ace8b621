import { onTestFinished, expect, test } from 'vitest';
import { readListings } from '../../../src/activities/people/connections.ts';
import { connectWorkspace } from '../../../src/databricks/workspace.ts';
import { whoIsConnected } from '../../../src/domain/tunnels/connected.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { createCluster, MINUTE } from '../../../sandbox/test/harness.ts';
import { opened, submit, task } from '../../../sandbox/test/jobs/run-requests.ts';

const HOUR = 60 * MINUTE;

test('one listing of runs and one of clusters say who is connected', async () => {
  const { sandbox, ann, admin, id, pass, now } = await opened();
  const asleep = await createCluster(admin);
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: asleep });
  const ready = await createCluster(admin);
  pass(HOUR);
  const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.adminToken, env: {}, requestsPerSecond: 200 });
  onTestFinished(() => workspace.close());
  await submit(ann, { run_name: 'workshop check', tasks: [task(ready)] });
  await submit(ann, { run_name: `ssh-server-bootstrap-${id}`, tasks: [task(id)] });
  pass(3_000);
  const seats = [id, asleep, ready, 'gone'].map((clusterId, n) => ({
    ...newSeat(`k${n}`, `a${n}@example.com`, 'attendee', 1),
    cluster: { id: clusterId, name: 'c', state: 'RUNNING', shared: true, verified: true, launchedAt: 1, option: 0 },
  })) as Parameters<typeof whoIsConnected>[0];
  const states = async () => {
    const listings = await readListings(workspace, undefined, now());
    return whoIsConnected(seats, listings, { dayOf: 0 }, now()).map(({ state, until }) => [state, until]);
  };
  const before = sandbox.books().requests.total;
  expect(await states()).toEqual([
    ['connected', undefined],
    ['asleep', undefined],
    ['ready', undefined],
    ['broken', undefined],
  ]);
  expect(sandbox.books().requests.total - before).toBe(2);
  pass(4_000);
  const [first] = await states();
  expect(first).toEqual(['ready', now()]);
});
