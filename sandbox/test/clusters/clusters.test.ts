import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';

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

describe('what may be asked', () => {
  test('the id of a GET may come in a body, as old examples for curl send it', async () => {
    const { admin, sandbox } = await openSandbox();
    const id = await createCluster(admin);
    const get = (body: string) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const asking = request(
          `${sandbox.url}/api/2.0/clusters/get`,
          { headers: { authorization: `Bearer ${sandbox.adminToken}`, 'content-length': String(body.length) } },
          (answer) => {
            text(answer).then((read) => resolve({ status: answer.statusCode, text: read }), reject);
          },
        );
        asking.on('error', reject).end(body);
      });
    expect(JSON.parse((await get(JSON.stringify({ cluster_id: id }))).text)).toMatchObject({ cluster_id: id });
    for (const body of ['{}', '[]', 'null', '{"cluster_id":1}']) expect((await get(body)).status).toBe(400);
  });

  test.each([
    ['a node type with is_single_node and num_workers', { num_workers: 1 }, 'is_single_node'],
    ['is_single_node without kind', { kind: undefined }, 'kind'],
    ['no size at all', { is_single_node: undefined, kind: undefined }, 'Missing required field: size'],
    ['an unknown node type', { node_type_id: 'Standard_Nope' }, 'Standard_Nope'],
    ['an unknown runtime', { spark_version: '9.9.x' }, 'Invalid spark version'],
    ['auto-termination of 5 minutes', { autotermination_minutes: 5 }, 'autotermination_minutes'],
    ['a single user who does not exist', { single_user_name: 'nobody@example.com' }, 'does not exist'],
    [
      'an init script outside its volume',
      { init_scripts: [{ volumes: { destination: '/Volumes/a/b/c/../../x' } }] },
      'Invalid path',
    ],
    ['an unknown pool', { node_type_id: undefined, instance_pool_id: 'nope' }, "Can't find an instance pool"],
    ['an unknown policy', { policy_id: 'nope' }, "Can't find a cluster policy"],
    [
      'more than 45 tags',
      { custom_tags: Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`t${index}`, ''])) },
      '45',
    ],
  ])('%s is refused', async (_, more, message) => {
    const { admin, sandbox } = await openSandbox();
    const answer = await admin('POST', '/api/2.1/clusters/create', spec(more));
    expect(answer.status).toBe(400);
    expect(answer.json.error_code).toBe('INVALID_PARAMETER_VALUE');
    expect(answer.json.message).toContain(message);
    expect(sandbox.books().clusters).toEqual([]);
  });

  test.each([
    [{ data_security_mode: undefined }, 'SINGLE_USER'],
    [
      {
        data_security_mode: undefined,
        kind: undefined,
        is_single_node: undefined,
        num_workers: 1,
        single_user_name: undefined,
      },
      undefined,
    ],
    [{ data_security_mode: 'DATA_SECURITY_MODE_STANDARD', single_user_name: undefined }, 'USER_ISOLATION'],
    [{ data_security_mode: 'DATA_SECURITY_MODE_AUTO' }, 'SINGLE_USER'],
    [
      {
        data_security_mode: 'DATA_SECURITY_MODE_AUTO',
        is_single_node: undefined,
        num_workers: 1,
        single_user_name: undefined,
      },
      'USER_ISOLATION',
    ],
    [{ data_security_mode: 'NONE', single_user_name: undefined }, 'NONE'],
  ])('the access mode of %j is answered as %s', async (more, mode) => {
    const { admin } = await openSandbox();
    expect((await getCluster(admin, await createCluster(admin, more))).data_security_mode).toBe(mode);
  });

  test('is_single_node may come with no workers, as asset bundles send it', async () => {
    const { admin } = await openSandbox();
    expect(await getCluster(admin, await createCluster(admin, { num_workers: 0 }))).toMatchObject({
      num_workers: 0,
      custom_tags: { ResourceClass: 'SingleNode' },
    });
  });

  test('without single_user_name the cluster is dedicated to the caller; both names of the mode are taken; names repeat', async () => {
    const { admin, sandbox } = await openSandbox();
    const id = await createCluster(admin, {
      single_user_name: undefined,
      data_security_mode: 'DATA_SECURITY_MODE_DEDICATED',
    });
    await createCluster(admin);
    expect(await getCluster(admin, id)).toMatchObject({
      single_user_name: sandbox.adminUserName,
      data_security_mode: 'SINGLE_USER',
    });
    expect(sandbox.books().clusters.map((cluster) => cluster.name)).toEqual(['ws-ann', 'ws-ann']);
  });

  test('a person without entitlement or policy may not create, and sees only what was shared', async () => {
    const { admin, as } = await openSandbox();
    const id = await createCluster(admin);
    const ann = as(ANN);
    const refused = await ann('POST', '/api/2.1/clusters/create', spec());
    expect(refused.status).toBe(403);
    expect(refused.json.error_code).toBe('PERMISSION_DENIED');
    expect((await ann('GET', '/api/2.1/clusters/list')).json.clusters).toBeUndefined();
    expect((await ann('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).status).toBe(403);
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
    });
    expect((await ann('GET', '/api/2.1/clusters/list')).json.clusters).toHaveLength(1);
    expect((await ann('POST', '/api/2.1/clusters/delete', { cluster_id: id })).status).toBe(200);
    expect((await ann('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id })).status).toBe(403);
    expect((await as(BEN)('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).status).toBe(403);
  });
});

describe('events', () => {
  test('newest first, in pages that new events do not shift', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const first = await admin('POST', '/api/2.1/clusters/events', { cluster_id: id, page_size: 2 });
    expect(first.json.events.map((event: { type: string }) => event.type)).toEqual(['DRIVER_HEALTHY', 'RUNNING']);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    const second = await admin('POST', '/api/2.1/clusters/events', {
      cluster_id: id,
      page_size: 2,
      page_token: first.json.next_page_token,
    });
    expect(second.json.events.map((event: { type: string }) => event.type)).toEqual(['CREATING']);
    expect(second.json.next_page_token).toBeUndefined();
    expect((await admin('POST', '/api/2.1/clusters/events', first.json.next_page)).json).toEqual(second.json);
    expect(second.json.next_page).toBeUndefined();
    const ascending = await admin('POST', '/api/2.1/clusters/events', {
      cluster_id: id,
      order: 'ASC',
      event_types: ['CREATING', 'TERMINATING'],
    });
    expect(ascending.json.events.map((event: { type: string }) => event.type)).toEqual(['CREATING', 'TERMINATING']);
    expect(ascending.json.events[1].details.reason).toMatchObject({ code: 'USER_REQUEST', type: 'SUCCESS' });
  });

  test('the deprecated offset wants end_time when descending, and answers the request to send next', async () => {
    const { admin, pass, now } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const events = (more: Record<string, unknown>) =>
      admin('POST', '/api/2.1/clusters/events', { cluster_id: id, ...more });
    expect((await events({ offset: 1 })).json.message).toContain('end_time');
    expect((await events({ limit: 1, page_size: 1 })).status).toBe(400);
    const first = (await events({ limit: 2, end_time: now() })).json;
    expect(first).toMatchObject({
      total_count: 3,
      next_page: { cluster_id: id, offset: 2, limit: 2, end_time: now() },
    });
    const second = (await events(first.next_page)).json;
    expect(second.events.map((event: { type: string }) => event.type)).toEqual(['CREATING']);
    expect(second.next_page).toBeUndefined();
  });

  test('pages lead back, sizes out of bounds are brought within, and what is unknown is refused', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const events = (more: Record<string, unknown>) =>
      admin('POST', '/api/2.1/clusters/events', { cluster_id: id, ...more });
    const first = (await events({ page_size: 1, order: 'ASC' })).json;
    const second = (await events({ page_size: 1, order: 'ASC', page_token: first.next_page_token })).json;
    expect(second.events[0].type).toBe('RUNNING');
    expect((await events({ page_size: 1, order: 'ASC', page_token: second.prev_page_token })).json.events).toEqual(
      first.events,
    );
    expect(first.prev_page_token).toBeUndefined();
    expect((await events({ page_size: 9_000 })).json.events).toHaveLength(3);
    expect((await events({ page_token: 'nonsense' })).status).toBe(400);
    expect((await events({ event_types: ['TERMINATED'] })).json.error_code).toBe('INVALID_PARAMETER_VALUE');
    expect((await events({ order: 'UP' })).json.error_code).toBe('INVALID_PARAMETER_VALUE');
  });
});
