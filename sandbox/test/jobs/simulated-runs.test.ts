import { describe, expect, test } from 'vitest';
import { ANN, MINUTE } from '../harness.ts';
import { SIMULATED, FILE, RUNS, opened, task, submit, getRun, getOutput } from './run-requests.ts';

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
