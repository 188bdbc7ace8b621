import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox.ts';
import { ANN, MINUTE, createCluster, getCluster, openSandbox, scratchFolder } from '../harness.ts';
import type { Client } from '../harness.ts';
import { obedientMachines, settle } from '../machines.ts';

const FILE = '/Workspace/Shared/check.py';
const RUNS = '/api/2.1/jobs/runs';

/** A sandbox on a folder, with a cluster of Ann's, and how it is started on that folder again. */
async function opened(options: SandboxOptions = {}) {
  const above = scratchFolder();
  const state = join(above, 'state');
  const first = await openSandbox({ state, ...options });
  const id = await createCluster(first.admin);
  await first.admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_ATTACH_TO' }],
  });
  const again = async (machines: SandboxOptions) => {
    await first.sandbox.close();
    // Until the client's own pool of connections has noticed.
    await pause(5);
    const second = await openSandbox({ state, now: first.now, ...machines });
    return { ...second, ann: second.as(ANN) };
  };
  return { ...first, id, ann: first.as(ANN), again };
}

const save = (client: Client) =>
  client('POST', '/api/2.0/workspace/import', {
    path: FILE,
    format: 'AUTO',
    overwrite: true,
    content: Buffer.from('print(1)').toString('base64'),
  });

async function submit(client: Client, clusterId: string): Promise<number> {
  return (
    await client('POST', `${RUNS}/submit`, {
      tasks: [{ task_key: 'check', existing_cluster_id: clusterId, spark_python_task: { python_file: FILE } }],
    })
  ).json.run_id as number;
}

const getRun = async (client: Client, id: number) => (await client('GET', `${RUNS}/get?run_id=${id}`)).json;

test('a run that was on a real node has an end that says why nobody knows more', async () => {
  const { ann, admin, id, pass, again } = await opened({ nodes: obedientMachines().nodes });
  await save(ann);
  pass(60 * MINUTE);
  await getCluster(admin, id);
  const run = await submit(ann, id);
  const second = await again({ nodes: obedientMachines().nodes });
  expect((await getRun(second.ann, run)).tasks[0]).toMatchObject({
    state: {
      life_cycle_state: 'INTERNAL_ERROR',
      result_state: 'FAILED',
      state_message: expect.stringContaining('sandbox was restarted'),
    },
  });
});

test('a run that waited for its cluster goes on', async () => {
  const { ann, id, pass, again } = await opened({ nodes: obedientMachines().nodes });
  await save(ann);
  const run = await submit(ann, id);
  const machines = obedientMachines();
  const second = await again({ nodes: machines.nodes });
  expect((await getRun(second.ann, run)).status.state).toBe('PENDING');
  pass(60 * MINUTE);
  await getRun(second.ann, run);
  expect(machines.work).toMatchObject([{ runAs: ANN, task: { source: 'print(1)' } }]);
});

test('what came of a run stays what it was', async () => {
  const machines = obedientMachines();
  const { ann, admin, id, pass, again } = await opened({ nodes: machines.nodes });
  pass(60 * MINUTE);
  await getCluster(admin, id);
  const blind = await submit(ann, id);
  await save(ann);
  const good = await submit(ann, id);
  machines.work[0]?.begin();
  machines.work[0]?.end({ succeeded: true, output: '1\n' });
  await settle();
  const before = [await getRun(ann, blind), await getRun(ann, good)];
  expect(before.map((run) => run.state.result_state)).toEqual(['FAILED', 'SUCCESS']);
  const second = await again({ nodes: obedientMachines().nodes });
  expect(
    [await getRun(second.ann, blind), await getRun(second.ann, good)].map(({ state, tasks }) => ({
      state,
      task: tasks[0].run_id,
    })),
  ).toEqual(before.map(({ state, tasks }) => ({ state, task: tasks[0].run_id })));
  expect((await second.ann('GET', `${RUNS}/get-output?run_id=${good}`)).json.logs).toBe('1\n');
});
