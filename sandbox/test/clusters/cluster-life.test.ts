import { describe, expect, test } from 'vitest';
import { ANN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';

const LONG = 60 * MINUTE;

describe('the life of a cluster', () => {
  test('create answers the id alone, and the cluster is PENDING until it has booted', async () => {
    const { admin, pass } = await openSandbox();
    const answer = await admin('POST', '/api/2.1/clusters/create', spec());
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['cluster_id']);
    expect(answer.json.cluster_id).toMatch(/^0316-090000-[a-z0-9]{8}$/);
    expect(answer.headers.get('x-databricks-org-id')).toMatch(/^\d{16}$/);
    expect((await getCluster(admin, answer.json.cluster_id)).state).toBe('PENDING');
    pass(LONG);
    const running = await getCluster(admin, answer.json.cluster_id);
    expect(running).toMatchObject({
      state: 'RUNNING',
      state_message: '',
      creator_user_name: 'workshop-admin@example.com',
      single_user_name: ANN,
      num_workers: 0,
    });
    expect(running.custom_tags).toEqual({ ResourceClass: 'SingleNode' });
    expect(running.spark_conf['spark.databricks.cluster.profile']).toBe('singleNode');
  });

  test('history holds the exact moments, not those of the looks', async () => {
    const { admin, sandbox, now, pass } = await openSandbox();
    const created = now();
    const id = await createCluster(admin, { autotermination_minutes: 30 });
    pass(5 * LONG);
    const [entry] = sandbox.books().clusters;
    expect(entry?.history.map((step) => step.state)).toEqual(['PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED']);
    const [pending, running, terminating, terminated] = entry?.history.map((step) => step.at) ?? [];
    expect(pending).toBe(created);
    expect(terminating).toBe((running ?? 0) + 30 * MINUTE);
    expect(terminated).toBeGreaterThan(terminating ?? 0);
    const cluster = await getCluster(admin, id);
    expect(cluster.termination_reason).toEqual({
      code: 'INACTIVITY',
      type: 'SUCCESS',
      parameters: { inactivity_duration_min: '30' },
    });
    expect(cluster).toMatchObject({ start_time: created, terminated_time: terminated, last_restarted_time: running });
  });

  test('delete terminates, start brings the same id back, permanent-delete removes it', async () => {
    const { admin, sandbox, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    expect((await getCluster(admin, id)).state).toBe('TERMINATING');
    pass(MINUTE);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: {
        code: 'USER_REQUEST',
        type: 'SUCCESS',
        parameters: { username: 'workshop-admin@example.com' },
      },
    });
    expect((await admin('POST', '/api/2.1/clusters/start', { cluster_id: id })).status).toBe(200);
    expect(await getCluster(admin, id)).toMatchObject({ cluster_id: id, state: 'PENDING' });
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect((await admin('GET', '/api/2.1/clusters/list')).json.clusters).toBeUndefined();
    const gone = await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`);
    expect(gone.status).toBe(400);
    expect(gone.json).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE', message: `Cluster ${id} does not exist` });
    pass(MINUTE);
    expect(sandbox.books().clusters[0]).toMatchObject({ alive: false, state: 'TERMINATED' });
  });

  test('a start in any other state than TERMINATED names the state, delete is repeatable', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    const early = await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    expect(early.status).toBe(400);
    expect(early.json).toMatchObject({
      error_code: 'INVALID_STATE',
      message: `Cluster ${id} is in unexpected state Pending.`,
    });
    pass(LONG);
    expect((await admin('POST', '/api/2.1/clusters/start', { cluster_id: id })).json.message).toContain('Running.');
    expect((await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id })).status).toBe(200);
    expect((await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id })).status).toBe(200);
  });

  test('an edit of a running cluster restarts it, one while pending is refused', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    expect((await admin('POST', '/api/2.1/clusters/edit', { ...spec(), cluster_id: id })).json.error_code).toBe(
      'INVALID_STATE',
    );
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/edit', { ...spec({ node_type_id: 'Standard_D4s_v5' }), cluster_id: id });
    expect(await getCluster(admin, id)).toMatchObject({ state: 'RESTARTING', node_type_id: 'Standard_D4s_v5' });
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(MINUTE);
    expect((await admin('POST', '/api/2.1/clusters/edit', { ...spec(), cluster_id: id })).status).toBe(200);
    expect(await getCluster(admin, id)).toMatchObject({ state: 'TERMINATED', node_type_id: 'Standard_D4ds_v5' });
  });

  test('boots take as long as seed and name say, whatever the order of arrival', async () => {
    const boots = async (names: readonly string[]) => {
      const { admin, sandbox, pass } = await openSandbox({ seed: 'same' });
      for (const name of names) await createCluster(admin, { cluster_name: name });
      pass(LONG);
      return Object.fromEntries(
        sandbox.books().clusters.map(({ name, history }) => [name, (history[1]?.at ?? 0) - (history[0]?.at ?? 0)]),
      );
    };
    expect(await boots(['a', 'b', 'c'])).toEqual(await boots(['c', 'a', 'b']));
  });

  test('cold boots have a median of about five minutes and one in twenty takes over twelve', async () => {
    const { admin, sandbox, pass } = await openSandbox({ launch: { burst: 1_000, perSecond: 1 } });
    await Promise.all(Array.from({ length: 400 }, (_, index) => createCluster(admin, { cluster_name: `c${index}` })));
    pass(LONG);
    const minutes = sandbox
      .books()
      .clusters.map(({ history }) => ((history[1]?.at ?? 0) - (history[0]?.at ?? 0)) / MINUTE)
      .sort((a, b) => a - b);
    expect(minutes[200]).toBeGreaterThan(4);
    expect(minutes[200]).toBeLessThan(6);
    expect(minutes[380]).toBeGreaterThan(9);
    expect(minutes[380]).toBeLessThan(15);
  });
});
