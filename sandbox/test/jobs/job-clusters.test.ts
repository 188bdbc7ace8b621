import { describe, expect, test } from 'vitest';
import { ANN, BEN, getCluster } from '../harness.ts';
import { FILE, LONG, RUNS, SIMULATED, getOutput, getRun, opened, submit } from './run-requests.ts';

const NEW_CLUSTER = {
  spark_version: '17.3.x-scala2.13',
  node_type_id: 'Standard_D4ds_v5',
  kind: 'CLASSIC_PREVIEW',
  is_single_node: true,
  data_security_mode: 'SINGLE_USER',
};
const ON_ITS_OWN = { task_key: 'check', new_cluster: NEW_CLUSTER, spark_python_task: { python_file: FILE } };

describe('a run that brings its cluster along', () => {
  test('waits for it, runs on it as its run_as, and takes it away', async () => {
    const { admin, pass, sandbox } = await opened();
    const run = await submit(admin, { run_as: { user_name: ANN }, tasks: [ON_ITS_OWN] });
    const begun = await getRun(admin, run);
    const id = begun.tasks[0].cluster_instance.cluster_id as string;
    expect(begun).toMatchObject({
      state: { life_cycle_state: 'PENDING', state_message: 'Waiting for cluster' },
      tasks: [{ new_cluster: NEW_CLUSTER }],
    });
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'PENDING',
      cluster_source: 'JOB',
      cluster_name: `job-${begun.job_id}-run-${run}-check`,
      creator_user_name: ANN,
      single_user_name: ANN,
    });
    const jobs = `/api/2.1/clusters/list?filter_by.cluster_sources=JOB`;
    expect((await admin('GET', jobs)).json.clusters).toMatchObject([{ cluster_id: id }]);
    pass(LONG);
    const ended = await getRun(admin, run);
    expect(ended.state).toMatchObject({ life_cycle_state: 'TERMINATED', result_state: 'SUCCESS' });
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code: 'JOB_FINISHED', type: 'SUCCESS' },
    });
    expect(sandbox.books().runs).toMatchObject([{ tasks: [{ key: 'check', clusterId: id, result: 'SUCCESS' }] }]);
  });

  test('takes it away when it is cancelled before it is up', async () => {
    const { admin, pass } = await opened();
    const run = await submit(admin, { run_as: { user_name: ANN }, tasks: [ON_ITS_OWN] });
    const id = (await getRun(admin, run)).tasks[0].cluster_instance.cluster_id as string;
    await admin('POST', `${RUNS}/cancel`, { run_id: run });
    expect((await getRun(admin, run)).state).toMatchObject({ result_state: 'CANCELED' });
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('TERMINATED');
  });

  test('fails with its cluster', async () => {
    const { admin, pass } = await opened({
      faults: [{ cluster: { name: 'job-*' }, effect: { launchFails: { code: 'DRIVER_UNREACHABLE', after: '90s' } } }],
    });
    const run = await submit(admin, { run_as: { user_name: ANN }, tasks: [ON_ITS_OWN] });
    pass(LONG);
    expect((await getRun(admin, run)).status).toMatchObject({
      state: 'TERMINATED',
      termination_details: { code: 'CLUSTER_ERROR' },
    });
  });

  test('needs the right to create one, or a policy that lets jobs have one', async () => {
    const { admin, ann } = await opened();
    const half = { ...ON_ITS_OWN, new_cluster: { spark_version: '17.3.x-scala2.13' } };
    expect((await admin('POST', `${RUNS}/submit`, { tasks: [half] })).json.message).toBe(
      'Missing required field: size',
    );
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [ON_ITS_OWN] })).json).toMatchObject({
      error_code: 'PERMISSION_DENIED',
    });
    const definition = JSON.stringify({ cluster_type: { type: 'fixed', value: 'job' } });
    const { policy_id } = (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'jobs', definition })).json;
    await admin('PATCH', `/api/2.0/permissions/cluster-policies/${policy_id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_USE' }],
    });
    const new_cluster = { ...NEW_CLUSTER, policy_id };
    expect((await ann('POST', '/api/2.1/clusters/create', new_cluster)).json.message).toContain('cluster_type');
    const run = await submit(ann, { tasks: [{ ...ON_ITS_OWN, new_cluster }] });
    expect((await getRun(ann, run)).tasks[0].cluster_instance.cluster_id).toEqual(expect.any(String));
  });
});

describe('a run without a cluster', () => {
  test('of a Python file in an environment, and of a notebook, runs to its end', async () => {
    const { admin, ann, pass, sandbox } = await opened();
    await admin('POST', '/api/2.0/workspace/import', {
      path: `/Users/${ANN}/note`,
      format: 'SOURCE',
      language: 'PYTHON',
      content: Buffer.from('print(1)').toString('base64'),
    });
    const run = await submit(ann, {
      environments: [{ environment_key: 'default', spec: { environment_version: '4', dependencies: ['pandas'] } }],
      tasks: [
        { task_key: 'file', environment_key: 'default', spark_python_task: { python_file: FILE } },
        {
          task_key: 'note',
          notebook_task: { notebook_path: `/Users/${ANN}/note` },
          depends_on: [{ task_key: 'file' }],
        },
      ],
    });
    pass(LONG);
    const ended = await getRun(ann, run);
    expect(ended.state).toMatchObject({ life_cycle_state: 'TERMINATED', result_state: 'SUCCESS' });
    expect(ended.tasks.map((task: { cluster_instance?: unknown }) => task.cluster_instance)).toEqual([
      undefined,
      undefined,
    ]);
    expect(await getOutput(ann, ended.tasks[0].run_id)).toMatchObject({ info: SIMULATED });
    expect(sandbox.books().runs).toMatchObject([{ tasks: [{ node: 'simulated' }, { node: 'simulated' }] }]);
  });

  test('reads its source with the rights of whom it runs as', async () => {
    const { ben, pass } = await opened();
    const run = await submit(ben, {
      environments: [{ environment_key: 'e' }],
      tasks: [{ task_key: 'file', environment_key: 'e', spark_python_task: { python_file: FILE } }],
    });
    pass(LONG);
    expect((await getRun(ben, run)).tasks[0].status.termination_details.message).toContain(BEN);
  });
});
