import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster } from '../harness.ts';
import { LONG, FILE, RUNS, opened, task, submit, getRun } from './run-requests.ts';

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
        state_message:
          "PERMISSION_DENIED: Single-user check failed: user 'workshop-admin@example.com' attempted to " +
          `run a command on single-user cluster ${id}, but the single user of this cluster is '${ANN}'`,
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
    const message =
      `Unable to access the Python file "${FILE}". Either it does not exist, or the identity used to ` +
      `run this job, ${BEN}, lacks the required permissions.`;
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
