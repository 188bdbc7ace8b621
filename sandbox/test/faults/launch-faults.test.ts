import { describe, expect, test } from 'vitest';
import type { FaultInput } from '../../src/sandbox.ts';
import { Faults } from '../../src/faults/faults.ts';
import { readFaults } from '../../src/faults/fault.ts';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, scratchFolder } from '../harness.ts';
import { LONG, open, create } from './fault-requests.ts';

describe('launches', () => {
  test.each([
    ['CLOUD_PROVIDER_RESOURCE_STOCKOUT', 'CLOUD_FAILURE', 'azure_error_code'],
    ['AZURE_QUOTA_EXCEEDED_EXCEPTION', 'CLIENT_ERROR', 'azure_error_message'],
    ['SUBNET_EXHAUSTED_FAILURE', 'CLIENT_ERROR', 'azure_error_message'],
    ['DRIVER_UNREACHABLE', 'SERVICE_FAULT', 'databricks_error_message'],
    ['SOMETHING_NEW', 'SERVICE_FAULT', 'databricks_error_message'],
  ])('%s: 200, then PENDING, TERMINATING, TERMINATED with the reason', async (code, type, parameter) => {
    const { admin, pass, sandbox } = await open({
      cluster: { person: ANN },
      effect: { launchFails: { code, after: '90s' } },
    });
    const anns = await createCluster(admin);
    const bens = await createCluster(admin, { single_user_name: BEN });
    pass(89_000);
    expect((await getCluster(admin, anns)).state).toBe('PENDING');
    pass(LONG);
    const failed = await getCluster(admin, anns);
    expect(failed).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code, type, parameters: { [parameter]: expect.stringMatching(/\w/) } },
    });
    expect(failed.state_message).toBe(failed.termination_reason.parameters.databricks_error_message);
    expect((await getCluster(admin, bens)).state).toBe('RUNNING');
    expect(sandbox.books().clusters[0]?.history.map(({ state }) => state)).toEqual([
      'PENDING',
      'TERMINATING',
      'TERMINATED',
    ]);
  });

  test('words and parameters of one’s own', async () => {
    const { admin, pass } = await open({
      effect: {
        launchFails: { code: 'X_Y', type: 'CLOUD_FAILURE', message: 'No more.', parameters: { instance_id: 'vm-1' } },
      },
    });
    const id = await createCluster(admin);
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason).toEqual({
      code: 'X_Y',
      type: 'CLOUD_FAILURE',
      parameters: { databricks_error_message: 'No more.', instance_id: 'vm-1' },
    });
  });

  test('a pool at its capacity names the pool, and gives no instance', async () => {
    const { admin, pass } = await open({
      pool: { name: 'warm' },
      effect: { launchFails: { code: 'INSTANCE_POOL_MAX_CAPACITY_REACHED' } },
    });
    const { instance_pool_id } = (
      await admin('POST', '/api/2.0/instance-pools/create', {
        instance_pool_name: 'warm',
        node_type_id: 'Standard_D4ds_v5',
      })
    ).json;
    const id = await createCluster(admin, { node_type_id: undefined, instance_pool_id });
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason).toMatchObject({
      code: 'INSTANCE_POOL_MAX_CAPACITY_REACHED',
      parameters: { instance_pool_id },
    });
    expect(
      (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${instance_pool_id}`)).json.stats.used_count,
    ).toBe(0);
  });

  test('an init script that fails is in the events, node and all', async () => {
    const { admin, pass } = await open({
      cluster: { person: [ANN] },
      effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE', message: 'exit code 7' } },
    });
    const volume = '/Volumes/main/default/scripts';
    expect(
      (
        await admin('POST', '/api/2.1/unity-catalog/volumes', {
          catalog_name: 'main',
          schema_name: 'default',
          name: 'scripts',
          volume_type: 'MANAGED',
        })
      ).status,
    ).toBe(200);
    expect((await admin('PUT', `/api/2.0/fs/files${volume}/setup.sh`, 'true')).status).toBe(204);
    const grants = [
      ['catalog', 'main', 'USE_CATALOG'],
      ['schema', 'main.default', 'USE_SCHEMA'],
      ['volume', 'main.default.scripts', 'READ_VOLUME'],
    ];
    for (const [type, name, privilege] of grants)
      expect(
        (
          await admin('PATCH', `/api/2.1/unity-catalog/permissions/${type}/${name}`, {
            changes: [{ principal: ANN, add: [privilege] }],
          })
        ).status,
      ).toBe(200);
    const id = await createCluster(admin, {
      init_scripts: [
        { volumes: { destination: `${volume}/setup.sh` } },
        { volumes: { destination: `${volume}/setup.sh` } },
      ],
    });
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: {
        code: 'INIT_SCRIPT_FAILURE',
        parameters: { databricks_error_message: 'Cluster scoped init script failed: exit code 7' },
      },
    });
    const { events } = (
      await admin('POST', '/api/2.1/clusters/events', { cluster_id: id, event_types: ['INIT_SCRIPTS_FINISHED'] })
    ).json;
    expect(events[0].details.init_scripts.cluster).toMatchObject([
      { status: 'FAILED_EXECUTION', error_message: 'exit code 7' },
      { status: 'NOT_EXECUTED' },
    ]);
  });

  test('a cluster without init scripts fails of one all the same', async () => {
    const { admin, pass } = await open({ effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE' } } });
    const id = await createCluster(admin);
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason.code).toBe('INIT_SCRIPT_FAILURE');
  });

  test('one that hangs is PENDING until somebody ends it, and the next launch may be spared', async () => {
    const { admin, pass } = await open({ count: 1, effect: { hangs: true } });
    const id = await createCluster(admin);
    pass(24 * LONG);
    expect((await getCluster(admin, id)).state).toBe('PENDING');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(MINUTE);
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
  });

  test('one that dies in the middle of the event dies that long after it ran', async () => {
    const { admin, pass, sandbox } = await openSandbox({
      speed: 10,
      faults: [{ effect: { dies: { code: 'DRIVER_UNREACHABLE', after: '40m' } } }],
    });
    const id = await createCluster(admin);
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code: 'DRIVER_UNREACHABLE' },
    });
    const at = Object.fromEntries(sandbox.books().clusters[0]?.history.map((step) => [step.state, step.at]) ?? []);
    expect((at['TERMINATING'] ?? 0) - (at['RUNNING'] ?? 0)).toBe(4 * MINUTE);
  });

  test('a launch bucket refuses with 429 and a Retry-After that holds', async () => {
    const { admin, pass, sandbox } = await open({
      name: 'slow',
      effect: { launchBucket: { burst: 2, perSecond: 0.1 } },
    });
    await createCluster(admin);
    await createCluster(admin);
    const refused = await create(admin);
    expect([refused.status, refused.json.error_code, refused.headers.get('retry-after')]).toEqual([
      429,
      'REQUEST_LIMIT_EXCEEDED',
      '10',
    ]);
    pass(10_000);
    await createCluster(admin);
    expect(sandbox.books().faults).toEqual([{ name: 'slow', fired: 1 }]);
  });

  test('the cloud gives a pool no machine until it does: the pool says why, and clusters wait', async () => {
    const { admin, pass } = await open({
      name: 'quota',
      pool: { name: 'warm' },
      until: '2h',
      effect: { noInstances: { message: 'QuotaExceeded: no cores left' } },
    });
    const made = async (instance_pool_name: string) =>
      (
        await admin('POST', '/api/2.0/instance-pools/create', {
          instance_pool_name,
          node_type_id: 'Standard_D4ds_v5',
          min_idle_instances: 2,
        })
      ).json.instance_pool_id as string;
    const get = async (id: string) => (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${id}`)).json;
    const [warm, other] = [await made('warm'), await made('other')];
    const cluster = await createCluster(admin, { node_type_id: undefined, instance_pool_id: warm });
    pass(LONG);
    const { stats, status } = await get(warm);
    expect(stats).toMatchObject({ idle_count: 0, used_count: 0 });
    expect(status.pending_instance_errors[0]).toEqual({
      instance_id: expect.stringMatching(/./),
      message: 'QuotaExceeded: no cores left',
    });
    expect(status.pending_instance_errors.length).toBeLessThanOrEqual(20);
    expect((await getCluster(admin, cluster)).state).toBe('PENDING');
    expect(await get(other)).toMatchObject({ stats: { idle_count: 2 }, status: {} });
    pass(3 * LONG);
    expect(await get(warm)).toMatchObject({ stats: { idle_count: 2, used_count: 1 }, status: {} });
    expect((await getCluster(admin, cluster)).state).toBe('RUNNING');
  });

  test('what was counted is plain data and can be taken up again', () => {
    const faults: FaultInput[] = [{ name: 'once', count: 1, effect: { hangs: true } }];
    const read = readFaults(faults);
    if (!read.ok) throw new Error('unreadable');
    const before = new Faults(read.faults, 1, 0);
    expect(before.onLaunch({ cluster_name: 'x' }, undefined, 0)).toEqual({ kind: 'hangs' });
    const after = new Faults(read.faults, 1, 0);
    after.restore(structuredClone(before.state()));
    expect(after.list()).toMatchObject([{ fired: 1 }]);
    expect(after.onLaunch({ cluster_name: 'x' }, undefined, 1)).toBeUndefined();
  });
});

test('a state that is kept goes on with its faults', async () => {
  const state = scratchFolder();
  const faults: FaultInput[] = [
    { cluster: { person: ANN }, count: 1, effect: { launchFails: { code: 'DRIVER_UNREACHABLE' } } },
  ];
  const before = await openSandbox({ state, faults });
  const id = await createCluster(before.admin);
  before.pass(LONG);
  await before.admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
  await before.sandbox.close();
  await expect(openSandbox({ state, faults: [] })).rejects.toThrow(/faults is .* there, and \[\] was asked for/);
  const after = await openSandbox({ state, faults });
  expect(after.sandbox.books()).toMatchObject({ faults: [{ fired: 1 }], clusters: [{ state: 'PENDING' }] });
  after.pass(3 * LONG);
  expect(after.sandbox.books().clusters[0]?.history.map((step) => step.state)).toEqual([
    'PENDING',
    'TERMINATING',
    'TERMINATED',
    'PENDING',
    'RUNNING',
  ]);
});
