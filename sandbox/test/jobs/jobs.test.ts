import { describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox.ts';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';
import { obedientMachines, settle } from '../machines.ts';

const LONG = 60 * MINUTE;
const SIMULATED = "Simulated: this node exists in the sandbox's books only; nothing was run.";
const FILE = '/Volumes/main/default/code/check.py';
const RUNS = '/api/2.1/jobs/runs';

/** A cluster of Ann's that runs, and a Python file that she may read. */
async function opened(options: SandboxOptions = {}) {
  const world = await openSandbox(options);
  const { admin, pass } = world;
  await admin('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'code',
    volume_type: 'MANAGED',
  });
  for (const [type, name, privilege] of [
    ['catalog', 'main', 'USE_CATALOG'],
    ['schema', 'main.default', 'USE_SCHEMA'],
    ['volume', 'main.default.code', 'READ_VOLUME'],
  ]) {
    await admin('PATCH', `/api/2.1/unity-catalog/permissions/${type}/${name}`, {
      changes: [{ principal: ANN, add: [privilege] }],
    });
  }
  await admin('PUT', `/api/2.0/fs/files${FILE}`, 'print("hello")');
  const id = await createCluster(admin);
  await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  pass(LONG);
  await getCluster(admin, id);
  return { ...world, id, ann: world.as(ANN), ben: world.as(BEN) };
}

const task = (clusterId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  task_key: 'check',
  existing_cluster_id: clusterId,
  spark_python_task: { python_file: FILE, parameters: ['--quick'] },
  ...more,
});

async function submit(client: Client, body: unknown): Promise<number> {
  const answer = await client('POST', `${RUNS}/submit`, body);
  if (answer.status !== 200) throw new Error(`submit: ${answer.status} ${answer.text}`);
  return answer.json.run_id as number;
}

const getRun = async (client: Client, id: number) => (await client('GET', `${RUNS}/get?run_id=${id}`)).json;
const getOutput = async (client: Client, id: number) => (await client('GET', `${RUNS}/get-output?run_id=${id}`)).json;

describe('a one-time run on a simulated node', () => {
  test('waits, runs, ends in success, and says everywhere that nothing was run', async () => {
    const { ann, id, now, pass, sandbox } = await opened();
    const begun = now();
    const run = await submit(ann, { run_name: 'check', tasks: [task(id)] });
    expect(await getRun(ann, run)).toMatchObject({
      state: { life_cycle_state: 'PENDING' },
      status: { state: 'PENDING' },
      end_time: 0,
    });
    pass(3_000);
    expect(await getRun(ann, run)).toMatchObject({
      state: { life_cycle_state: 'RUNNING', state_message: 'In run' },
      status: { state: 'RUNNING' },
    });
    pass(MINUTE);
    const ended = await getRun(ann, run);
    expect(ended).toMatchObject({
      run_id: run,
      run_name: 'check',
      run_type: 'SUBMIT_RUN',
      creator_user_name: ANN,
      run_as: { user_name: ANN },
      start_time: begun,
      end_time: begun + 7_000,
      run_duration: 7_000,
      state: {
        life_cycle_state: 'TERMINATED',
        result_state: 'SUCCESS',
        state_message: SIMULATED,
        user_cancelled_or_timedout: false,
      },
      status: { state: 'TERMINATED', termination_details: { code: 'SUCCESS', type: 'SUCCESS', message: SIMULATED } },
      tasks: [
        {
          task_key: 'check',
          attempt_number: 0,
          cluster_instance: { cluster_id: id },
          setup_duration: 2_000,
          execution_duration: 5_000,
          cleanup_duration: 0,
          run_if: 'ALL_SUCCESS',
        },
      ],
    });
    expect(ended.run_page_url).toBe(`${sandbox.url}/?o=${sandbox.workspaceId}#job/${ended.job_id}/run/${run}`);
    expect(Number.isSafeInteger(run)).toBe(true);
    expect(await getOutput(ann, ended.tasks[0].run_id)).toMatchObject({
      info: SIMULATED,
      logs: `${SIMULATED}\n`,
      metadata: { job_run_id: run, task_key: 'check' },
    });
    expect(sandbox.books().runs).toMatchObject([
      {
        runId: run,
        creator: ANN,
        runAs: ANN,
        state: 'TERMINATED',
        result: 'SUCCESS',
        tasks: [{ key: 'check', clusterId: id, node: 'simulated' }],
      },
    ]);
  });

  test('the single-task form is a run of one task, under 2.0 and 2.2 too', async () => {
    const { ann, id, pass } = await opened();
    const { task_key: _, ...work } = task(id);
    for (const version of ['2.0', '2.2']) {
      const answer = await ann('POST', `/api/${version}/jobs/runs/submit`, work);
      expect(answer.status).toBe(200);
      pass(MINUTE);
      const run = (await ann('GET', `/api/${version}/jobs/runs/get?run_id=${answer.json.run_id}`)).json;
      expect(run).toMatchObject({
        run_name: 'Untitled',
        format: 'SINGLE_TASK',
        execution_duration: 5_000,
        cluster_instance: { cluster_id: id },
        task: { spark_python_task: { python_file: FILE } },
      });
      expect((await getOutput(ann, answer.json.run_id)).logs).toContain('Simulated');
    }
  });

  test('the tunnel of databricks ssh fails at once, and says how to get a real node', async () => {
    const { ann, id } = await opened();
    const notebook_path = `/Workspace/Users/${ANN}/.databricks/ssh-tunnel/1.8.0/${id}/ssh-server-bootstrap`;
    const run = await submit(ann, {
      run_name: `ssh-server-bootstrap-${id}`,
      tasks: [
        {
          task_key: 'start_ssh_server',
          existing_cluster_id: id,
          notebook_task: { notebook_path, base_parameters: { version: '1.8.0' } },
        },
      ],
    });
    const ended = await getRun(ann, run);
    expect(ended.tasks[0].status).toMatchObject({
      state: 'TERMINATED',
      termination_details: { code: 'RUN_EXECUTION_ERROR' },
    });
    expect((await getOutput(ann, ended.tasks[0].run_id)).error).toContain('--nodes real');
    expect(ended.state).toMatchObject({ life_cycle_state: 'INTERNAL_ERROR', result_state: 'FAILED' });
  });

  test('an idempotency token answers the run it began, until that is deleted', async () => {
    const { ann, admin, id, pass } = await opened();
    const body = { tasks: [task(id)], idempotency_token: 'once' };
    const run = await submit(ann, body);
    expect(await submit(ann, body)).toBe(run);
    expect(await submit(admin, { ...body, run_as: { user_name: ANN } })).not.toBe(run);
    pass(MINUTE);
    expect((await ann('POST', `${RUNS}/delete`, { run_id: run })).status).toBe(200);
    const gone = await ann('POST', `${RUNS}/submit`, body);
    expect(gone).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } });
    expect((await ann('POST', `${RUNS}/submit`, { ...body, idempotency_token: 'x'.repeat(65) })).status).toBe(400);
  });

  test('tasks wait for those they depend on, and are skipped when these fail', async () => {
    const { ann, id, pass } = await opened();
    const missing = { spark_python_task: { python_file: '/Volumes/main/default/code/none.py' } };
    const run = await submit(ann, {
      tasks: [
        task(id, { task_key: 'second', depends_on: [{ task_key: 'first' }] }),
        task(id, { task_key: 'first' }),
        task(id, { task_key: 'broken', ...missing }),
        task(id, { task_key: 'never', depends_on: [{ task_key: 'broken' }] }),
        task(id, { task_key: 'cleanup', depends_on: [{ task_key: 'never' }], run_if: 'ALL_DONE' }),
      ],
    });
    pass(3_000);
    const states = async () =>
      Object.fromEntries(
        (await getRun(ann, run)).tasks.map(
          (one: { task_key: string; state: { life_cycle_state: string; result_state?: string } }) => [
            one.task_key,
            one.state.result_state ?? one.state.life_cycle_state,
          ],
        ),
      );
    expect(await states()).toEqual({
      second: 'BLOCKED',
      first: 'RUNNING',
      broken: 'FAILED',
      never: 'UPSTREAM_FAILED',
      cleanup: 'RUNNING',
    });
    pass(MINUTE);
    expect(await states()).toEqual({
      second: 'SUCCESS',
      first: 'SUCCESS',
      broken: 'FAILED',
      never: 'UPSTREAM_FAILED',
      cleanup: 'SUCCESS',
    });
    const ended = await getRun(ann, run);
    expect(ended.state).toMatchObject({ life_cycle_state: 'TERMINATED', result_state: 'SUCCESS_WITH_FAILURES' });
    expect(ended.end_time - ended.start_time).toBe(14_000);
    expect((await ann('GET', `${RUNS}/get-output?run_id=${run}`)).json.message).toContain(
      'multiple tasks is not supported',
    );
  });
});

describe('whose run it is', () => {
  test('an admin may run as an attendee, nobody else may', async () => {
    const { admin, ann, ben, id, pass } = await opened();
    const run = await submit(admin, { tasks: [task(id)], run_as: { user_name: ANN } });
    pass(MINUTE);
    expect(await getRun(admin, run)).toMatchObject({
      run_as: { user_name: ANN },
      creator_user_name: 'workshop-admin@example.com',
      state: { result_state: 'SUCCESS' },
    });
    const refused = await ben('POST', `${RUNS}/submit`, { tasks: [task(id)], run_as: { user_name: ANN } });
    expect(refused).toMatchObject({ status: 403, json: { error_code: 'PERMISSION_DENIED' } });
    expect(await submit(ann, { tasks: [task(id)], run_as: { user_name: ANN } })).toBeGreaterThan(0);
    expect(
      (await admin('POST', `${RUNS}/submit`, { tasks: [task(id)], run_as: { user_name: 'nobody@example.com' } })).json
        .message,
    ).toContain('nobody@example.com');
  });

  test('on a dedicated cluster only its single user, not even an admin', async () => {
    const { admin, id } = await opened();
    const run = await submit(admin, { tasks: [task(id)] });
    expect((await getRun(admin, run)).tasks[0]).toMatchObject({
      state: {
        life_cycle_state: 'INTERNAL_ERROR',
        result_state: 'FAILED',
        state_message: `PERMISSION_DENIED: Single-user check failed: user 'workshop-admin@example.com' attempted to run a command on single-user cluster ${id}, but the single user of this cluster is '${ANN}'`,
      },
      status: { termination_details: { code: 'UNAUTHORIZED_ERROR' } },
    });
  });

  test('the run-as user needs to attach, and to read the source', async () => {
    const { admin, id, pass } = await opened();
    await admin('PUT', `/api/2.0/permissions/clusters/${id}`, { access_control_list: [] });
    const detached = await submit(admin, { tasks: [task(id)], run_as: { user_name: ANN } });
    expect((await getRun(admin, detached)).tasks[0].state.state_message).toContain(
      "lacks 'Attach' permissions on the underlying cluster",
    );
    const bens = await createCluster(admin, { cluster_name: 'ws-ben', single_user_name: BEN });
    await admin('PATCH', `/api/2.0/permissions/clusters/${bens}`, {
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_ATTACH_TO' }],
    });
    pass(LONG);
    const blind = await submit(admin, { tasks: [task(bens)], run_as: { user_name: BEN } });
    const message = `Unable to access the Python file "${FILE}". Either it does not exist, or the identity used to run this job, ${BEN}, lacks the required permissions.`;
    expect((await getRun(admin, blind)).tasks[0].state).toMatchObject({
      result_state: 'FAILED',
      state_message: message,
    });
  });

  test('others neither see, cancel nor list it unless they were given to', async () => {
    const { ann, ben, admin, id } = await opened();
    const hidden = await submit(ann, { tasks: [task(id)] });
    const shown = await submit(ann, {
      tasks: [task(id)],
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_VIEW' }],
    });
    const refused = await ben('GET', `${RUNS}/get?run_id=${hidden}`);
    expect(refused).toMatchObject({
      status: 403,
      json: {
        error_code: 'PERMISSION_DENIED',
        message: expect.stringContaining('does not have View or Admin or Manage Run or Owner permissions on job'),
      },
    });
    expect((await ben('GET', `${RUNS}/list`)).json.runs.map((run: { run_id: number }) => run.run_id)).toEqual([shown]);
    expect((await ben('POST', `${RUNS}/cancel`, { run_id: shown })).status).toBe(403);
    expect((await ben('GET', `${RUNS}/get?run_id=${shown}`)).status).toBe(200);
    expect((await admin('GET', `${RUNS}/list`)).json.runs).toHaveLength(2);
  });
});

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
      `Cluster '${id}' was terminated while the run was on it. Reason: USER_REQUEST(SUCCESS): username:workshop-admin@example.com`,
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

describe('a run on a real node', () => {
  test('runs when its process runs, and answers what it printed', async () => {
    const machines = obedientMachines();
    const { ann, id, pass } = await opened({ nodes: machines.nodes });
    const run = await submit(ann, { tasks: [task(id)] });
    expect(machines.work).toMatchObject([
      {
        clusterId: id,
        runAs: ANN,
        task: { kind: 'python', name: FILE, source: 'print("hello")', arguments: ['--quick'] },
      },
    ]);
    expect((await getRun(ann, run)).status.state).toBe('PENDING');
    machines.work[0]?.begin();
    await settle();
    expect((await getRun(ann, run)).tasks[0].status.state).toBe('RUNNING');
    pass(3_000);
    machines.work[0]?.end({ succeeded: true, output: 'hello\n' });
    await settle();
    const ended = await getRun(ann, run);
    expect(ended).toMatchObject({
      state: { life_cycle_state: 'TERMINATED', result_state: 'SUCCESS', state_message: '' },
      tasks: [{ execution_duration: 3_000 }],
    });
    expect(await getOutput(ann, ended.tasks[0].run_id)).toMatchObject({
      logs: 'hello\n',
      logs_truncated: false,
      info: expect.stringContaining('real'),
    });
  });

  test('a failure answers error and trace', async () => {
    const machines = obedientMachines();
    const { ann, id } = await opened({ nodes: machines.nodes });
    const run = await submit(ann, { tasks: [task(id)] });
    machines.work[0]?.begin();
    machines.work[0]?.end({
      succeeded: false,
      output: 'x'.repeat(6_000_000),
      error: 'ValueError: no',
      trace: 'Traceback: no',
    });
    await settle();
    const ended = await getRun(ann, run);
    expect(ended.state).toMatchObject({
      life_cycle_state: 'INTERNAL_ERROR',
      result_state: 'FAILED',
      state_message: 'Task check failed with message: Workload failed, see run output for details.',
    });
    const output = await getOutput(ann, ended.tasks[0].run_id);
    expect(output).toMatchObject({ error: 'ValueError: no', error_trace: 'Traceback: no', logs_truncated: true });
    expect(output.logs).toHaveLength(5 * 1_048_576);
  });

  test('the tunnel of databricks ssh runs with the parameters of its notebook', async () => {
    const machines = obedientMachines();
    const { ann, id } = await opened({ nodes: machines.nodes });
    const base_parameters = { version: '1.8.0', maxClients: '10' };
    const folder = `/Workspace/Users/${ANN}/x`;
    await ann('POST', '/api/2.0/workspace/mkdirs', { path: folder });
    await ann('POST', '/api/2.0/workspace/import', {
      path: `${folder}/ssh-server-bootstrap`,
      format: 'SOURCE',
      language: 'PYTHON',
      content: Buffer.from('print(1)').toString('base64'),
    });
    const run = await submit(ann, {
      tasks: [
        {
          task_key: 'start_ssh_server',
          existing_cluster_id: id,
          notebook_task: { notebook_path: `${folder}/ssh-server-bootstrap`, base_parameters },
        },
      ],
    });
    expect(machines.work).toMatchObject([{ task: { kind: 'ssh-server', parameters: base_parameters } }]);
    machines.work[0]?.begin();
    await settle();
    expect((await getRun(ann, run)).tasks[0].status.state).toBe('RUNNING');
  });

  test('a notebook runs for whoever may run it, and answers what it exited with', async () => {
    const machines = obedientMachines();
    const { admin, ann, id } = await opened({ nodes: machines.nodes });
    const home = `/Users/${ANN}`;
    await ann('POST', '/api/2.0/workspace/import', {
      path: `${home}/nb`,
      format: 'SOURCE',
      language: 'PYTHON',
      content: Buffer.from('# Databricks notebook source\nprint(1)').toString('base64'),
    });
    await ann('POST', '/api/2.0/workspace/import', {
      path: `${home}/query`,
      format: 'SOURCE',
      language: 'SQL',
      content: Buffer.from('select 1').toString('base64'),
    });
    await admin('POST', '/api/2.0/workspace/mkdirs', { path: `/Users/${BEN}/own` });
    await admin('POST', '/api/2.0/workspace/import', {
      path: `/Users/${BEN}/own/nb`,
      format: 'SOURCE',
      language: 'PYTHON',
      content: '',
    });
    const notebook = (path: string) => ({
      task_key: 'check',
      existing_cluster_id: id,
      notebook_task: { notebook_path: path, base_parameters: { who: 'ann' } },
    });
    const run = await submit(admin, { tasks: [notebook(`/Workspace${home}/nb`)], run_as: { user_name: ANN } });
    expect(machines.work).toMatchObject([
      {
        task: {
          kind: 'python',
          name: `/Workspace${home}/nb`,
          source: '# Databricks notebook source\nprint(1)',
          widgets: { who: 'ann' },
        },
      },
    ]);
    machines.work[0]?.begin();
    machines.work[0]?.end({ succeeded: true, output: 'printed', exitValue: 'bye' });
    await settle();
    const output = await getOutput(admin, run);
    expect(output.notebook_output).toEqual({ result: 'bye', truncated: false });
    expect(output.logs).toBeUndefined();
    const messageOf = async (body: unknown) =>
      (await getRun(admin, await submit(admin, body))).tasks[0].state.state_message;
    expect(await messageOf({ tasks: [notebook(`/Users/${BEN}/own/nb`)], run_as: { user_name: ANN } })).toBe(
      `Unable to access the notebook "/Users/${BEN}/own/nb". Either it does not exist, or the identity used to run this job, ${ANN}, lacks the required permissions.`,
    );
    expect(await messageOf({ tasks: [notebook(`${home}/query`)], run_as: { user_name: ANN } })).toContain('is in SQL');
    expect(await messageOf({ tasks: [notebook('/../../etc/passwd')], run_as: { user_name: ANN } })).toContain(
      'Unable to access the notebook',
    );
  });

  test('cancelling tells the node, and the run ends when the node says so', async () => {
    const machines = obedientMachines();
    const { ann, id } = await opened({ nodes: machines.nodes });
    const run = await submit(ann, { tasks: [task(id)], timeout_seconds: 100 });
    machines.work[0]?.begin();
    await settle();
    await ann('POST', `${RUNS}/cancel`, { run_id: run });
    await settle();
    expect(machines.work[0]?.isCancelled).toBe(true);
    expect(await getRun(ann, run)).toMatchObject({
      state: { life_cycle_state: 'TERMINATED', result_state: 'CANCELED', user_cancelled_or_timedout: true },
      status: { termination_details: { code: 'USER_CANCELED' } },
    });
  });

  test('it is ended when its time is over, and with its cluster', async () => {
    const machines = obedientMachines();
    const { admin, ann, id, pass } = await opened({ nodes: machines.nodes });
    const late = await submit(ann, { tasks: [task(id)], timeout_seconds: 100 });
    pass(101_000);
    await getRun(ann, late);
    await settle();
    expect((await getRun(ann, late)).state.result_state).toBe('TIMEDOUT');
    const cut = await submit(ann, { tasks: [task(id)] });
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    expect((await getRun(ann, cut)).tasks[0].state.life_cycle_state).toBe('INTERNAL_ERROR');
    expect(machines.work.map((one) => one.isCancelled)).toEqual([true, true]);
  });
});

describe('lists and ends of runs', () => {
  test('come newest first in pages, and are filtered', async () => {
    const { ann, id, now, pass } = await opened();
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.unshift(await submit(ann, { run_name: `run ${count}`, tasks: [task(id)] }));
      pass(4_000);
    }
    const page = async (query: string) => (await ann('GET', `${RUNS}/list?${query}`)).json;
    const idsOf = (answer: { runs?: { run_id: number }[] }) => answer.runs?.map((run) => run.run_id);
    const first = await page('limit=2');
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ has_more: true });
    expect(first.runs[0].tasks).toBeUndefined();
    const second = await page(`limit=2&page_token=${first.next_page_token}&expand_tasks=true`);
    expect(idsOf(second)).toEqual(ids.slice(2, 4));
    expect(second.runs[0].tasks).toHaveLength(1);
    expect(idsOf(await page(`limit=2&page_token=${second.prev_page_token}`))).toEqual(ids.slice(0, 2));
    const last = await page(`limit=2&page_token=${second.next_page_token}`);
    expect(idsOf(last)).toEqual(ids.slice(4));
    expect(last.has_more).toBe(false);
    expect(last.next_page_token).toBeUndefined();
    expect(idsOf(await page('active_only=true'))).toEqual(ids.slice(0, 1));
    expect(idsOf(await page('completed_only=true'))).toEqual(ids.slice(1));
    expect(idsOf(await page(`start_time_from=${now() - 8_000}`))).toEqual(ids.slice(0, 2));
    expect(await page('run_type=JOB_RUN')).toEqual({ has_more: false });
    expect((await ann('GET', `${RUNS}/list?active_only=true&completed_only=true`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/list?page_token=bad`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/list?limit=1000`)).status).toBe(400);
  });

  test('an active run cannot be deleted, and one that is gone is named', async () => {
    const { ann, id } = await opened();
    const run = await submit(ann, { tasks: [task(id)] });
    expect((await ann('POST', `${RUNS}/delete`, { run_id: run })).json.message).toContain('is active');
    await ann('POST', `${RUNS}/cancel`, { run_id: run });
    expect((await getRun(ann, run)).state.result_state).toBe('CANCELED');
    expect((await ann('POST', `${RUNS}/delete`, { run_id: String(run) })).status).toBe(200);
    for (const [method, action] of [
      ['GET', `get?run_id=${run}`],
      ['GET', `get-output?run_id=${run}`],
    ] as const) {
      expect(await ann(method, `${RUNS}/${action}`)).toMatchObject({
        status: 400,
        json: { error_code: 'INVALID_PARAMETER_VALUE', message: `Run ${run} does not exist.` },
      });
    }
    expect((await ann('POST', `${RUNS}/cancel`, { run_id: run })).json.message).toBe(`Run ${run} does not exist.`);
    expect((await ann('GET', `${RUNS}/get?run_id=abc`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/get?run_id=9223372036854775807`)).json.message).toBe(
      'Run 9223372036854775807 does not exist.',
    );
    expect((await ann('POST', `${RUNS}/cancel`, {})).json.message).toBe('Missing required field: run_id');
    expect((await ann('POST', `${RUNS}/cancel`, { run_id: 'x' })).json.error_code).toBe('MALFORMED_REQUEST');
    expect((await ann('GET', `${RUNS}/get`)).json.message).toBe('Missing required field: run_id');
  });
});

describe('what is refused when it is submitted', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['new_cluster', { new_cluster: {}, existing_cluster_id: undefined }, 'asks for new_cluster'],
    ['serverless', { environment_key: 'default', existing_cluster_id: undefined }, 'asks for environment_key'],
    ['another kind', { sql_task: {}, spark_python_task: undefined }, 'is a sql_task'],
    ['two kinds', { notebook_task: { notebook_path: '/a' } }, 'exactly one kind of work'],
    ['no work', { spark_python_task: undefined }, 'has no work'],
    ['no compute', { existing_cluster_id: undefined }, 'existing_cluster_id must be specified'],
    ['Git', { spark_python_task: { python_file: 'a.py', source: 'GIT' } }, 'from Git'],
    ['an unknown dependency', { depends_on: [{ task_key: 'absent' }] }, 'depends on task absent'],
    ['a circle', { depends_on: [{ task_key: 'check' }] }, 'in a circle'],
    ['a wrong type', { spark_python_task: { python_file: 7 } }, 'Could not parse request object'],
    ['a wrong key', { task_key: 'no spaces' }, 'task_key'],
  ];
  test.each(cases)('%s', async (_, more, words) => {
    const { ann, id } = await opened();
    const answer = await ann('POST', `${RUNS}/submit`, { tasks: [task(id, more)] });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(words);
  });

  test('no tasks, or two of one key', async () => {
    const { ann, id } = await opened();
    expect((await ann('POST', `${RUNS}/submit`, {})).json.message).toBe('Missing required field: tasks');
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [] })).json.message).toBe('Missing required field: tasks');
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [task(id), task(id)] })).json.message).toContain(
      "Duplicate task key 'check'",
    );
  });
});
