import { describe, expect, test } from 'vitest';
import { ANN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

const LONG = 60 * MINUTE;
const RUNTIME = '17.3.x-scala2.13';
const poolSpec = (more: Readonly<Record<string, unknown>> = {}) => ({
  instance_pool_name: 'workshop',
  node_type_id: 'Standard_D4ds_v5',
  min_idle_instances: 0,
  max_capacity: 10,
  idle_instance_autotermination_minutes: 20,
  preloaded_spark_versions: [RUNTIME],
  ...more,
});
const createPool = async (client: Client, more = {}): Promise<string> =>
  (await client('POST', '/api/2.0/instance-pools/create', poolSpec(more))).json.instance_pool_id;
const stats = async (client: Client, id: string) =>
  (await client('GET', `/api/2.0/instance-pools/get?instance_pool_id=${id}`)).json.stats;
const inPool = (id: string, more = {}) => ({ node_type_id: undefined, instance_pool_id: id, ...more });

describe('the instances of a pool', () => {
  test('the minimum is acquired over time, taken by clusters, topped up, and given back', async () => {
    const { admin, pass } = await openSandbox();
    const pool = await createPool(admin, { min_idle_instances: 3 });
    expect(pool).toMatch(/^0316-090000-[a-z]+\d+-pool-[a-z0-9]{8}$/);
    expect(await stats(admin, pool)).toEqual({
      used_count: 0,
      idle_count: 0,
      pending_used_count: 0,
      pending_idle_count: 3,
    });
    pass(LONG);
    expect((await stats(admin, pool)).idle_count).toBe(3);
    const id = await createCluster(admin, inPool(pool));
    expect(await stats(admin, pool)).toEqual({
      used_count: 1,
      idle_count: 2,
      pending_used_count: 0,
      pending_idle_count: 1,
    });
    pass(90_000);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'RUNNING',
      node_type_id: 'Standard_D4ds_v5',
      driver_instance_pool_id: pool,
    });
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    pass(LONG);
    expect(await stats(admin, pool)).toEqual({
      used_count: 0,
      idle_count: 3,
      pending_used_count: 0,
      pending_idle_count: 0,
    });
  });

  test('a minimum of 150 really comes, and lowering it lets go of what is idle for long enough', async () => {
    const { admin, pass, sandbox } = await openSandbox();
    const pool = await createPool(admin, { min_idle_instances: 150, max_capacity: 155 });
    pass(LONG);
    expect((await stats(admin, pool)).idle_count).toBe(150);
    const edited = await admin('POST', '/api/2.0/instance-pools/edit', {
      ...poolSpec({ min_idle_instances: 0, max_capacity: 155 }),
      instance_pool_id: pool,
    });
    expect(edited.status).toBe(200);
    pass(20 * MINUTE);
    expect((await stats(admin, pool)).idle_count).toBe(0);
    expect(sandbox.books().pools[0]?.meter.peakIdle).toBe(150);
  });

  test('a cluster of an empty pool waits for its instance, a warm one is much quicker', async () => {
    const { admin, pass, sandbox } = await openSandbox();
    const pool = await createPool(admin);
    const cold = await createCluster(admin, inPool(pool, { cluster_name: 'cold' }));
    expect(await stats(admin, pool)).toMatchObject({ pending_used_count: 1, idle_count: 0 });
    pass(90_000);
    expect((await getCluster(admin, cold)).state).toBe('PENDING');
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: cold });
    pass(MINUTE);
    await createCluster(admin, inPool(pool, { cluster_name: 'warm' }));
    pass(LONG);
    const bootOf = (name: string) => {
      const history = sandbox.books().clusters.find((cluster) => cluster.name === name)?.history ?? [];
      return (history[1]?.at ?? 0) - (history[0]?.at ?? 0);
    };
    expect(bootOf('warm')).toBeGreaterThanOrEqual(60_000);
    expect(bootOf('warm')).toBeLessThanOrEqual(90_000);
    expect(bootOf('cold')).toBeGreaterThan(bootOf('warm'));
  });

  test('a runtime that was not preloaded takes longer', async () => {
    const { admin, pass } = await openSandbox();
    const pool = await createPool(admin, { min_idle_instances: 1, preloaded_spark_versions: [] });
    pass(LONG);
    const id = await createCluster(admin, inPool(pool));
    pass(90_000);
    expect((await getCluster(admin, id)).state).toBe('PENDING');
    pass(61_000);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
  });

  test('without room the create succeeds and the cluster ends with INSTANCE_POOL_MAX_CAPACITY_REACHED', async () => {
    const { admin, pass } = await openSandbox();
    const pool = await createPool(admin, { max_capacity: 1 });
    await createCluster(admin, inPool(pool));
    const id = await createCluster(admin, inPool(pool));
    expect((await getCluster(admin, id)).state).toBe('PENDING');
    pass(MINUTE);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: {
        code: 'INSTANCE_POOL_MAX_CAPACITY_REACHED',
        type: 'CLIENT_ERROR',
        parameters: { instance_pool_id: pool },
      },
    });
    expect((await stats(admin, pool)).used_count + (await stats(admin, pool)).pending_used_count).toBe(1);
  });

  test('a deleted pool is gone, and a start from it ends with INSTANCE_POOL_NOT_FOUND', async () => {
    const { admin, pass, sandbox } = await openSandbox();
    const pool = await createPool(admin);
    const id = await createCluster(admin, inPool(pool));
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await admin('POST', '/api/2.0/instance-pools/delete', { instance_pool_id: pool });
    pass(MINUTE);
    const gone = await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${pool}`);
    expect(gone.status).toBe(404);
    expect(gone.json.error_code).toBe('RESOURCE_DOES_NOT_EXIST');
    expect((await admin('GET', '/api/2.0/instance-pools/list')).json).toEqual({});
    expect(sandbox.books().pools[0]).toMatchObject({ alive: false, stats: { used_count: 0, idle_count: 0 } });
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(MINUTE);
    expect((await getCluster(admin, id)).termination_reason.code).toBe('INSTANCE_POOL_NOT_FOUND');
  });
});

describe('what may be asked of a pool', () => {
  test.each(['node_type_id', 'driver_node_type_id'])('a cluster may not send %s along with a pool', async (field) => {
    const { admin } = await openSandbox();
    const pool = await createPool(admin);
    const answer = await admin('POST', '/api/2.1/clusters/create', spec(inPool(pool, { [field]: 'Standard_D4ds_v5' })));
    expect(answer.status).toBe(400);
    expect(answer.json.message).toBe(`The field '${field}' cannot be supplied when an instance pool ID is provided.`);
  });

  test('the same tag on pool and cluster is refused', async () => {
    const { admin } = await openSandbox();
    const pool = await createPool(admin, { custom_tags: { Workshop: 'x' } });
    const answer = await admin(
      'POST',
      '/api/2.1/clusters/create',
      spec(inPool(pool, { custom_tags: { Workshop: 'x' } })),
    );
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain("'Workshop'");
  });

  test('names are unique, the node type is for ever, one runtime is preloaded', async () => {
    const { admin } = await openSandbox();
    const pool = await createPool(admin);
    expect((await admin('POST', '/api/2.0/instance-pools/create', poolSpec())).status).toBe(400);
    expect(
      (
        await admin('POST', '/api/2.0/instance-pools/edit', {
          ...poolSpec({ node_type_id: 'Standard_DS3_v2' }),
          instance_pool_id: pool,
        })
      ).status,
    ).toBe(400);
    expect(
      (
        await admin(
          'POST',
          '/api/2.0/instance-pools/create',
          poolSpec({ instance_pool_name: 'other', preloaded_spark_versions: [RUNTIME, '18.0.x-scala2.13'] }),
        )
      ).status,
    ).toBe(400);
    expect(
      (
        await admin(
          'POST',
          '/api/2.0/instance-pools/create',
          poolSpec({ instance_pool_name: 'small', min_idle_instances: 11 }),
        )
      ).status,
    ).toBe(400);
  });

  test.each([
    [
      'an attribute of clusters',
      { azure_attributes: { availability: 'ON_DEMAND_AZURE', first_on_demand: 1 } },
      'first_on_demand',
    ],
    [
      'an availability that pools have not',
      { azure_attributes: { availability: 'SPOT_WITH_FALLBACK_AZURE' } },
      'availability',
    ],
    [
      'more than 43 tags',
      { custom_tags: Object.fromEntries(Array.from({ length: 44 }, (_, index) => [`t${index}`, ''])) },
      '43',
    ],
    ['a runtime that does not exist', { preloaded_spark_versions: ['9.x'] }, '9.x'],
    [
      'an alternate node type that does not exist',
      { node_type_flexibility: { alternate_node_type_ids: ['nope'] } },
      'nope',
    ],
    [
      'an idle time that is too long',
      { idle_instance_autotermination_minutes: 10_001 },
      'idle_instance_autotermination_minutes',
    ],
    ['no name', { instance_pool_name: undefined }, 'instance_pool_name'],
  ])('%s is refused', async (_, more, message) => {
    const { admin } = await openSandbox();
    const answer = await admin('POST', '/api/2.0/instance-pools/create', poolSpec(more));
    expect([answer.status, answer.json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.json.message).toContain(message);
  });

  test('every field is answered as it was given, and an edit changes only what may change', async () => {
    const { admin } = await openSandbox();
    const given = {
      azure_attributes: {
        availability: 'SPOT_AZURE',
        spot_bid_max_price: -1,
        capacity_reservation_group: '/subscriptions/a',
      },
      disk_spec: { disk_type: { azure_disk_volume_type: 'PREMIUM_LRS' }, disk_count: 1, disk_size: 50 },
      custom_tags: { Team: 'a' },
      enable_elastic_disk: false,
    };
    const pool = await createPool(admin, given);
    const get = async () => (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${pool}`)).json;
    expect(await get()).toMatchObject({ ...poolSpec(given), instance_pool_id: pool, state: 'ACTIVE', status: {} });
    await admin('POST', '/api/2.0/instance-pools/edit', {
      instance_pool_id: pool,
      instance_pool_name: 'renamed',
      node_type_id: 'Standard_D4ds_v5',
      enable_elastic_disk: true,
      preloaded_spark_versions: [],
    });
    const edited = await get();
    expect(edited).toMatchObject({
      ...given,
      instance_pool_name: 'renamed',
      custom_tags: {},
      preloaded_spark_versions: [RUNTIME],
    });
    expect(edited.max_capacity).toBeUndefined();
  });

  test('a person may neither create one nor start from one without CAN_ATTACH_TO', async () => {
    const { admin, as, pass } = await openSandbox();
    const ann = as(ANN);
    expect((await ann('POST', '/api/2.0/instance-pools/create', poolSpec())).status).toBe(403);
    const pool = await createPool(admin);
    const id = await createCluster(admin, inPool(pool));
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
    });
    pass(LONG);
    await ann('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(MINUTE);
    expect((await ann('POST', '/api/2.1/clusters/start', { cluster_id: id })).status).toBe(403);
    await admin('PATCH', `/api/2.0/permissions/instance-pools/${pool}`, {
      access_control_list: [{ group_name: 'users', permission_level: 'CAN_ATTACH_TO' }],
    });
    expect((await ann('POST', '/api/2.1/clusters/start', { cluster_id: id })).status).toBe(200);
  });
});
