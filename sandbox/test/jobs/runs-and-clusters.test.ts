import { describe, expect, test } from 'vitest';
import { ANN, MINUTE, createCluster, getCluster } from '../harness.ts';
import { obedientMachines, settle } from '../machines.ts';
import { LONG, RUNS, opened, task, submit, getRun } from './run-requests.ts';

describe('the cluster under it', () => {
  test('a terminated one is started, by whoever may', async () => {
    const { admin, ann, id, pass } = await opened();
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    const run = await submit(ann, { tasks: [task(id)] });
    pass(2 * MINUTE);
    await getRun(ann, run);
    expect((await getCluster(admin, id)).state).toBe('PENDING');
    pass(LONG);
    expect((await getRun(ann, run)).state.result_state).toBe('SUCCESS');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(2 * MINUTE);
    await admin('PUT', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_ATTACH_TO' }],
    });
    const refused = await submit(ann, { tasks: [task(id)] });
    expect((await getRun(ann, refused)).tasks[0].state.state_message).toContain("lacks 'Restart' permissions");
  });

  test('one that ends ends the run', async () => {
    const { admin, ann, id, pass } = await opened();
    const run = await submit(ann, { tasks: [task(id)] });
    pass(3_000);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    const ended = await getRun(ann, run);
    expect(ended.state.life_cycle_state).toBe('INTERNAL_ERROR');
    expect(ended.tasks[0].state.state_message).toBe(
      `Cluster '${id}' was terminated while the run was on it. Reason: USER_REQUEST(SUCCESS): ` +
        'username:workshop-admin@example.com',
    );
  });

  test('one that does not come up fails the run', async () => {
    const { admin, ann, pass } = await opened();
    const id = await createCluster(admin, {
      init_scripts: [{ volumes: { destination: '/Volumes/main/default/code/absent.sh' } }],
    });
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_ATTACH_TO' }],
    });
    const run = await submit(ann, { tasks: [task(id)] });
    pass(LONG);
    expect((await getRun(ann, run)).tasks[0].status.termination_details).toMatchObject({
      code: 'CLUSTER_ERROR',
      message: expect.stringContaining('INIT_SCRIPT_FAILURE(CLIENT_ERROR)'),
    });
  });

  test('one that takes no jobs, or is not there, is refused at once', async () => {
    const { admin, ann } = await opened();
    const id = await createCluster(admin, { workload_type: { clients: { notebooks: true, jobs: false } } });
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [task(id)] })).json.message).toContain('does not accept jobs');
    expect(await ann('POST', `${RUNS}/submit`, { tasks: [task('0101-000000-absent00')] })).toMatchObject({
      status: 400,
      json: { message: 'Cluster 0101-000000-absent00 does not exist' },
    });
  });

  test('it is not idle while something runs on it', async () => {
    const machines = obedientMachines();
    const { admin, ann, pass } = await opened({ nodes: machines.nodes });
    const id = await createCluster(admin, { autotermination_minutes: 10 });
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_ATTACH_TO' }],
    });
    const run = await submit(ann, { tasks: [task(id)] });
    pass(LONG);
    await getRun(ann, run);
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    machines.work[0]?.end({ succeeded: true, output: '' });
    machines.work[0]?.begin();
    await settle();
    pass(9 * MINUTE);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    pass(2 * MINUTE);
    expect((await getCluster(admin, id)).termination_reason.code).toBe('INACTIVITY');
  });
});
