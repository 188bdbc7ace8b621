import { describe, expect, test } from 'vitest';
import { ANN, BEN } from '../harness.ts';
import { obedientMachines, settle } from '../machines.ts';
import { FILE, RUNS, opened, task, submit, getRun, getOutput } from './run-requests.ts';

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
      `Unable to access the notebook "/Users/${BEN}/own/nb". Either it does not exist, or the ` +
        `identity used to run this job, ${ANN}, lacks the required permissions.`,
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
