import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

const LONG = 60 * MINUTE;
const WORKERS = { kind: undefined, is_single_node: undefined, num_workers: 2 };

const act = (client: Client, action: string, id: string, more: Record<string, unknown> = {}) =>
  client('POST', `/api/2.1/clusters/${action}`, { cluster_id: id, ...more });

describe('update', () => {
  test('changes what the mask names and nothing else; a running cluster restarts with it', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin, { custom_tags: { Team: 'blue' }, autotermination_minutes: 60 });
    pass(10 * MINUTE);
    const answer = await act(admin, 'update', id, {
      update_mask: 'cluster_name,spark_env_vars,autotermination_minutes',
      cluster: { cluster_name: 'renamed', spark_env_vars: { A: '1' }, custom_tags: { Team: 'red' } },
    });
    expect(answer.status).toBe(200);
    const cluster = await getCluster(admin, id);
    expect(cluster).toMatchObject({
      state: 'RESTARTING',
      cluster_name: 'renamed',
      spark_env_vars: { A: '1' },
      custom_tags: { Team: 'blue' },
      autotermination_minutes: 0,
      single_user_name: ANN,
    });
    expect((await admin('GET', '/api/2.1/clusters/list')).json.clusters[0].cluster_name).toBe('renamed');
  });

  test('a mask of * replaces everything, a dotted one a field of a field', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin, { custom_tags: { Team: 'blue' }, azure_attributes: { first_on_demand: 2 } });
    await act(admin, 'delete', id);
    pass(MINUTE);
    await act(admin, 'update', id, {
      update_mask: 'azure_attributes.availability',
      cluster: { azure_attributes: { availability: 'SPOT_AZURE', first_on_demand: 9 } },
    });
    expect((await getCluster(admin, id)).azure_attributes).toMatchObject({
      availability: 'SPOT_AZURE',
      first_on_demand: 2,
    });
    await act(admin, 'update', id, { update_mask: '*', cluster: spec({ cluster_name: 'new' }) });
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      cluster_name: 'new',
      custom_tags: { ResourceClass: 'SingleNode' },
    });
  });

  test.each([
    ['no mask', { cluster: {} }, 'update_mask'],
    ['an empty mask', { update_mask: '', cluster: {} }, 'update_mask'],
    ['a mask of an unknown field', { update_mask: 'cluster_nam', cluster: {} }, "'cluster_nam' is no field"],
    ['a mask of __proto__', { update_mask: '__proto__.x', cluster: {} }, 'is no field'],
    ['a mask of an element of a map', { update_mask: 'custom_tags.Team', cluster: {} }, 'custom_tags as a whole'],
    ['a value of the wrong type', { update_mask: 'num_workers', cluster: { num_workers: 'many' } }, 'num_workers'],
    ['a value that is not allowed', { update_mask: 'node_type_id', cluster: { node_type_id: 'nope' } }, 'nope'],
  ])('%s is refused', async (_, body, message) => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const answer = await act(admin, 'update', id, body);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(message);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
  });

  test('is refused while pending, and to who may not manage the cluster', async () => {
    const { admin, as } = await openSandbox();
    const id = await createCluster(admin);
    const body = { update_mask: 'cluster_name', cluster: { cluster_name: 'x' } };
    expect((await act(admin, 'update', id, body)).json).toMatchObject({
      error_code: 'INVALID_STATE',
      message: `Cluster ${id} is in unexpected state Pending.`,
    });
    expect((await act(as(ANN), 'update', id, body)).status).toBe(403);
  });
});

describe('resize', () => {
  test('more workers take their time in RESIZING, fewer leave soon', async () => {
    const { admin, pass, sandbox } = await openSandbox();
    const id = await createCluster(admin, WORKERS);
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({ num_workers: 2, cluster_cores: 12 });
    expect((await getCluster(admin, id)).executors).toHaveLength(2);
    expect((await act(admin, 'resize', id, { num_workers: 4 })).status).toBe(200);
    expect((await getCluster(admin, id)).state).toBe('RESIZING');
    expect((await act(admin, 'resize', id, { num_workers: 5 })).json.error_code).toBe('INVALID_STATE');
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({ state: 'RUNNING', num_workers: 4 });
    await act(admin, 'resize', id, { autoscale: { min_workers: 1, max_workers: 3 } });
    pass(MINUTE);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'RUNNING',
      num_workers: 1,
      autoscale: { min_workers: 1, max_workers: 3 },
    });
    expect(sandbox.books().clusters[0]?.history.map(({ state }) => state)).toEqual([
      'PENDING',
      'RUNNING',
      'RESIZING',
      'RUNNING',
      'RESIZING',
      'RUNNING',
    ]);
    const events = (await act(admin, 'events', id, { event_types: ['RESIZING', 'UPSIZE_COMPLETED'] })).json.events;
    expect(events.at(-1)).toMatchObject({
      type: 'RESIZING',
      details: { cluster_size: { num_workers: 4 }, previous_cluster_size: { num_workers: 2 }, cause: 'USER_REQUEST' },
    });
  });

  test('instances come from the pool and go back to it; a pool without room leaves the cluster as it was', async () => {
    const { admin, pass } = await openSandbox();
    const pool = (
      await admin('POST', '/api/2.0/instance-pools/create', {
        instance_pool_name: 'p',
        node_type_id: 'Standard_D4ds_v5',
        max_capacity: 4,
      })
    ).json.instance_pool_id;
    const used = async () =>
      (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${pool}`)).json.stats.used_count;
    const id = await createCluster(admin, {
      ...WORKERS,
      num_workers: 1,
      node_type_id: undefined,
      instance_pool_id: pool,
    });
    pass(LONG);
    await act(admin, 'resize', id, { num_workers: 3 });
    pass(LONG);
    expect(await used()).toBe(4);
    await act(admin, 'resize', id, { num_workers: 4 });
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({ state: 'RUNNING', num_workers: 3 });
    expect((await act(admin, 'events', id, { event_types: ['ADD_NODES_FAILED'] })).json.total_count).toBe(1);
    await act(admin, 'resize', id, { num_workers: 0 });
    pass(MINUTE);
    expect(await used()).toBe(1);
    await act(admin, 'delete', id);
    pass(MINUTE);
    expect(await used()).toBe(0);
  });

  test.each([
    ['neither size', {}, 'Exactly one'],
    ['both sizes', { num_workers: 1, autoscale: { min_workers: 1, max_workers: 2 } }, 'Exactly one'],
    ['bounds the wrong way round', { autoscale: { min_workers: 3, max_workers: 2 } }, 'must not be greater'],
    ['a negative number', { num_workers: -1 }, 'num_workers'],
  ])('%s is refused', async (_, size, message) => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin, WORKERS);
    pass(LONG);
    const answer = await act(admin, 'resize', id, size);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(message);
  });

  test('a cluster that does not run, or has one node, is not resized', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    expect((await act(admin, 'resize', id, { num_workers: 1 })).json).toMatchObject({
      error_code: 'INVALID_STATE',
      message: 'Cluster is not running',
    });
    pass(LONG);
    expect((await act(admin, 'resize', id, { num_workers: 1 })).json.message).toContain('single-node');
  });
});

describe('owner and pins', () => {
  test('an admin gives a terminated cluster to somebody else', async () => {
    const { admin, as, pass } = await openSandbox();
    const id = await createCluster(admin);
    expect((await act(admin, 'change-owner', id, { owner_username: BEN })).json.error_code).toBe('INVALID_STATE');
    await act(admin, 'delete', id);
    pass(MINUTE);
    expect((await act(as(BEN), 'change-owner', id, { owner_username: BEN })).status).toBe(403);
    expect((await act(admin, 'change-owner', id, { owner_username: 'nobody@example.com' })).status).toBe(400);
    expect((await act(admin, 'change-owner', id, { owner_username: BEN })).status).toBe(200);
    expect(await getCluster(as(BEN), id)).toMatchObject({ creator_user_name: BEN, default_tags: { Creator: BEN } });
  });

  test('a pinned cluster is not deleted for good; only admins pin; a second pin says nothing', async () => {
    const { admin, as, sandbox } = await openSandbox();
    const id = await createCluster(admin);
    expect((await act(as(ANN), 'pin', id)).status).toBe(403);
    await act(admin, 'pin', id);
    await act(admin, 'pin', id);
    expect((await getCluster(admin, id)).pinned_by_user_name).toBe(sandbox.adminUserName);
    expect((await act(admin, 'events', id, { event_types: ['PINNED'] })).json.total_count).toBe(1);
    const refused = await act(admin, 'permanent-delete', id);
    expect(refused.status).toBe(400);
    expect(refused.json.message).toContain('unpin the cluster first');
    await act(admin, 'unpin', id);
    expect((await act(admin, 'permanent-delete', id)).status).toBe(200);
  });

  test('at most a hundred clusters are pinned', async () => {
    const { admin } = await openSandbox();
    const ids = await Promise.all(Array.from({ length: 101 }, () => createCluster(admin)));
    for (const id of ids.slice(0, 100)) expect((await act(admin, 'pin', id)).status).toBe(200);
    expect((await act(admin, 'pin', ids[100] ?? '')).status).toBe(400);
  });
});

describe('API 2.0 and 2.1', () => {
  test('an idempotency token answers the same cluster until that has terminated, in 2.0 only', async () => {
    const { admin, as, pass } = await openSandbox();
    const make = async (version: string, client: Client = admin) =>
      (await client('POST', `/api/${version}/clusters/create`, spec({ idempotency_token: 'once' }))).json.cluster_id;
    const first = await make('2.0');
    expect(await make('2.0')).toBe(first);
    pass(LONG);
    expect(await make('2.0')).toBe(first);
    expect(await make('2.1')).not.toBe(first);
    expect((await as(ANN)('POST', '/api/2.0/clusters/create', spec({ idempotency_token: 'once' }))).status).toBe(403);
    await act(admin, 'delete', first);
    pass(MINUTE);
    const second = await make('2.0');
    expect(second).not.toBe(first);
    await act(admin, 'start', first);
    expect(await make('2.0')).toBe(second);
    expect(
      (await admin('POST', '/api/2.0/clusters/create', spec({ idempotency_token: 'x'.repeat(65) }))).json.message,
    ).toContain('64');
  });

  test('both have every action', async () => {
    const { admin } = await openSandbox();
    for (const version of ['2.0', '2.1']) {
      for (const action of ['list-node-types', 'spark-versions', 'list-zones', 'list']) {
        expect((await admin('GET', `/api/${version}/clusters/${action}`)).status).toBe(200);
      }
      for (const action of [
        'edit',
        'update',
        'resize',
        'start',
        'restart',
        'delete',
        'permanent-delete',
        'pin',
        'unpin',
        'change-owner',
        'events',
      ]) {
        const answer = await admin('POST', `/api/${version}/clusters/${action}`, {
          cluster_id: 'none',
          update_mask: '*',
          owner_username: ANN,
          num_workers: 1,
        });
        expect([answer.status, answer.json.error_code, answer.json.message]).toEqual([
          400,
          'INVALID_PARAMETER_VALUE',
          'Cluster none does not exist',
        ]);
      }
    }
  });
});
