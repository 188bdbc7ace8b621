import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

async function createPolicy(
  client: Client,
  definition: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await client('POST', '/api/2.0/policies/clusters/create', {
    name: 'workshop',
    definition: JSON.stringify(definition),
    ...more,
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json.policy_id as string;
}

describe('what a policy does to a request', () => {
  test('fixed values are supplied always, defaults when asked for, which is echoed under spec alone', async () => {
    const { admin } = await openSandbox();
    const policy_id = await createPolicy(admin, {
      autotermination_minutes: { type: 'fixed', value: 60 },
      'custom_tags.CostCenter': { type: 'fixed', value: 'training' },
      'spark_conf.spark.sql.shuffle.partitions': { type: 'fixed', value: '8' },
      'workload_type.clients.jobs': { type: 'fixed', value: true },
      'spark_env_vars.TEAM': { type: 'unlimited', defaultValue: 'blue', isOptional: true },
    });
    const plain = await getCluster(admin, await createCluster(admin, { policy_id }));
    expect(plain).toMatchObject({
      autotermination_minutes: 60,
      custom_tags: { CostCenter: 'training' },
      spark_conf: { 'spark.sql.shuffle.partitions': '8', 'spark.master': 'local[*, 4]' },
      workload_type: { clients: { jobs: true } },
    });
    expect(plain.spark_env_vars).toBeUndefined();
    const filled = await getCluster(
      admin,
      await createCluster(admin, { policy_id, apply_policy_default_values: true }),
    );
    expect(filled.spark_env_vars).toEqual({ TEAM: 'blue' });
    expect(filled.apply_policy_default_values).toBeUndefined();
    expect(filled.spec.apply_policy_default_values).toBe(true);
  });

  test('a fixed value that contradicts is refused in both wordings, joined', async () => {
    const { admin } = await openSandbox();
    const policy_id = await createPolicy(admin, {
      'custom_tags.CostCenter': { type: 'fixed', value: 'from-fixed' },
      node_type_id: { type: 'fixed', value: 'Standard_DS3_v2' },
    });
    const answer = await admin(
      'POST',
      '/api/2.1/clusters/create',
      spec({ policy_id, custom_tags: { CostCenter: 'mine' } }),
    );
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
      message:
        'Cluster validation error: Validation failed for custom_tags, CostCenter must be from-fixed ' +
        '(is "mine"); Validation failed for node_type_id, the value must be Standard_DS3_v2 (is ' +
        '"Standard_D4ds_v5")',
    });
  });

  test.each([
    ['forbidden', { 'spark_env_vars.X': { type: 'forbidden' } }, { spark_env_vars: { X: '1' } }, {}],
    [
      'allowlist',
      { node_type_id: { type: 'allowlist', values: ['Standard_D4ds_v5'] } },
      { node_type_id: 'Standard_DS3_v2' },
      {},
    ],
    [
      'blocklist',
      { node_type_id: { type: 'blocklist', values: ['Standard_DS3_v2'] } },
      { node_type_id: 'Standard_DS3_v2' },
      {},
    ],
    ['regex', { spark_version: { type: 'regex', pattern: '17\\..*' } }, { spark_version: '16.4.x-scala2.12' }, {}],
    [
      'range',
      { autotermination_minutes: { type: 'range', minValue: 15, maxValue: 120, isOptional: true } },
      { autotermination_minutes: 150 },
      { autotermination_minutes: 30 },
    ],
    [
      'unlimited, which must be there',
      { 'custom_tags.Team': { type: 'unlimited' } },
      {},
      { custom_tags: { Team: 'any' } },
    ],
    [
      'a wildcard',
      { 'init_scripts.*.volumes.destination': { type: 'regex', pattern: '/Volumes/main/.*' } },
      { init_scripts: [{ volumes: { destination: '/Volumes/x/y/z/a.sh' } }] },
      {},
    ],
    ['cluster_type', { cluster_type: { type: 'allowlist', values: ['job'] } }, {}, undefined],
    ['dbus_per_hour', { dbus_per_hour: { type: 'range', maxValue: 1 } }, { node_type_id: 'Standard_D8ds_v5' }, {}],
  ])('%s', async (_, definition, refused, accepted) => {
    const { admin } = await openSandbox();
    const policy_id = await createPolicy(admin, definition);
    const answer = await admin('POST', '/api/2.1/clusters/create', spec({ policy_id, ...refused }));
    expect(answer.status).toBe(400);
    expect(answer.json.message).toMatch(/^Cluster validation error: Validation failed for /);
    if (accepted)
      expect((await admin('POST', '/api/2.1/clusters/create', spec({ policy_id, ...accepted }))).status).toBe(200);
  });

  test('a policy can fix the pool', async () => {
    const { admin } = await openSandbox();
    const pool = (
      await admin('POST', '/api/2.0/instance-pools/create', {
        instance_pool_name: 'p',
        node_type_id: 'Standard_D4ds_v5',
      })
    ).json.instance_pool_id;
    const policy_id = await createPolicy(admin, { instance_pool_id: { type: 'fixed', value: pool } });
    expect(await getCluster(admin, await createCluster(admin, { policy_id, node_type_id: undefined }))).toMatchObject({
      instance_pool_id: pool,
      node_type_id: 'Standard_D4ds_v5',
    });
  });

  test('max_clusters_per_user counts the creator, whomever the clusters are for', async () => {
    const { admin, pass } = await openSandbox();
    const policy_id = await createPolicy(admin, {}, { max_clusters_per_user: 1 });
    const first = await createCluster(admin, { policy_id });
    const second = await admin('POST', '/api/2.1/clusters/create', spec({ policy_id, single_user_name: BEN }));
    expect(second.status).toBe(400);
    expect(second.json.error_code).toBe('QUOTA_EXCEEDED');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: first });
    pass(MINUTE);
    await createCluster(admin, { policy_id, single_user_name: BEN });
    expect((await admin('POST', '/api/2.1/clusters/start', { cluster_id: first })).json.error_code).toBe(
      'QUOTA_EXCEEDED',
    );
  });
});

describe('policies themselves', () => {
  test('create, get, list, edit in full, delete', async () => {
    const { admin, sandbox } = await openSandbox();
    const policy_id = await createPolicy(
      admin,
      { autotermination_minutes: { type: 'fixed', value: 60 } },
      { description: 'first' },
    );
    expect((await admin('GET', `/api/2.0/policies/clusters/get?policy_id=${policy_id}`)).json).toMatchObject({
      policy_id,
      name: 'workshop',
      description: 'first',
      creator_user_name: sandbox.adminUserName,
    });
    await admin('POST', '/api/2.0/policies/clusters/edit', { policy_id, name: 'renamed', definition: '{}' });
    const edited = (await admin('GET', '/api/2.0/policies/clusters/list')).json.policies.at(-1);
    expect(edited).toMatchObject({ name: 'renamed', definition: '{}' });
    expect(edited.description).toBeUndefined();
    await admin('POST', '/api/2.0/policies/clusters/delete', { policy_id });
    const gone = await admin('GET', `/api/2.0/policies/clusters/get?policy_id=${policy_id}`);
    expect(gone.status).toBe(404);
    expect(gone.json.error_code).toBe('RESOURCE_DOES_NOT_EXIST');
  });

  test.each([
    ['a definition that is an object', { name: 'a', definition: {} }, 'MALFORMED_REQUEST'],
    ['a definition that is no JSON', { name: 'a', definition: '{' }, 'INVALID_PARAMETER_VALUE'],
    ['an unknown element type', { name: 'a', definition: '{"x":{"type":"wish"}}' }, 'INVALID_PARAMETER_VALUE'],
    ['a broken regex', { name: 'a', definition: '{"x":{"type":"regex","pattern":"("}}' }, 'INVALID_PARAMETER_VALUE'],
    ['a policy family', { name: 'a', policy_family_id: 'personal-vm' }, 'INVALID_PARAMETER_VALUE'],
    ['no name', { definition: '{}' }, 'INVALID_PARAMETER_VALUE'],
    ['a name in use', { name: 'workshop', definition: '{}' }, 'INVALID_PARAMETER_VALUE'],
  ])('%s is refused', async (_, body, code) => {
    const { admin } = await openSandbox();
    await createPolicy(admin, {});
    const answer = await admin('POST', '/api/2.0/policies/clusters/create', body);
    expect(answer.status).toBe(400);
    expect(answer.json.error_code).toBe(code);
  });

  test('a person needs CAN_USE to see and use one, and may not make one', async () => {
    const { admin, as } = await openSandbox();
    const ann = as(ANN);
    const policy_id = await createPolicy(admin, {});
    expect((await ann('POST', '/api/2.0/policies/clusters/create', { name: 'x', definition: '{}' })).status).toBe(403);
    const names = async () =>
      (await ann('GET', '/api/2.0/policies/clusters/list')).json.policies.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['Personal Compute']);
    expect((await ann('POST', '/api/2.1/clusters/create', spec({ policy_id }))).status).toBe(403);
    await admin('PUT', `/api/2.0/permissions/cluster-policies/${policy_id}`, {
      access_control_list: [{ group_name: 'users', permission_level: 'CAN_USE' }],
    });
    expect(await names()).toEqual(['Personal Compute', 'workshop']);
    expect((await ann('POST', '/api/2.1/clusters/create', spec({ policy_id }))).status).toBe(200);
    expect((await ann('POST', '/api/2.1/clusters/create', spec({ policy_id, single_user_name: BEN }))).status).toBe(
      403,
    );
  });
});

describe('the policies that every workspace has', () => {
  const list = async (client: Client) => (await client('GET', '/api/2.0/policies/clusters/list')).json.policies;

  test('are four, of families, by nobody, and stay', async () => {
    const { admin, sandbox } = await openSandbox();
    const policies = await list(admin);
    expect(policies).toMatchObject([
      { name: 'Personal Compute', policy_family_id: 'personal-vm', is_default: true },
      { name: 'Power User Compute', policy_family_id: 'power-user', is_default: true },
      { name: 'Shared Compute', policy_family_id: 'shared-compute', is_default: true },
      { name: 'Job Compute', policy_family_id: 'job-cluster', is_default: true },
    ]);
    const [{ policy_id, creator_user_name }] = policies;
    expect(creator_user_name).toBeUndefined();
    for (const act of ['delete', 'edit'])
      expect(
        (await admin('POST', `/api/2.0/policies/clusters/${act}`, { policy_id, name: 'x', definition: '{}' })).json
          .message,
      ).toContain('is a default policy');
    expect(
      (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'Job Compute', definition: '{}' })).status,
    ).toBe(400);
    expect(sandbox.books().policies).toEqual([]);
  });

  test('let everybody make a machine of their own, for themselves, and nothing else', async () => {
    const { admin, as } = await openSandbox();
    const [personal, power] = (await list(admin)).map(({ policy_id }: { policy_id: string }) => policy_id);
    const own = { policy_id: personal, node_type_id: 'Standard_DS3_v2', single_user_name: undefined };
    const id = await createCluster(as(BEN), own);
    expect(await getCluster(admin, id)).toMatchObject({
      creator_user_name: BEN,
      single_user_name: BEN,
      num_workers: 0,
    });
    const plain = { ...own, kind: undefined, is_single_node: undefined, data_security_mode: undefined };
    const filled = { ...plain, spark_version: undefined, node_type_id: undefined, apply_policy_default_values: true };
    expect(await getCluster(admin, await createCluster(as(BEN), filled))).toMatchObject({
      autotermination_minutes: 4320,
      data_security_mode: 'SINGLE_USER',
    });
    const create = (more: Record<string, unknown>) =>
      as(BEN)('POST', '/api/2.1/clusters/create', spec({ ...own, ...more }));
    expect((await create({ node_type_id: 'Standard_D16ds_v5' })).json.message).toContain('node_type_id');
    expect((await create({ kind: undefined, is_single_node: undefined, num_workers: 2 })).json.message).toContain(
      'num_workers',
    );
    expect((await create({ single_user_name: ANN })).status).toBe(403);
    expect((await create({ policy_id: power })).status).toBe(403);
  });

  test('unless that is switched off', async () => {
    const { admin, as } = await openSandbox({ personalCompute: false });
    const [{ policy_id }] = await list(admin);
    expect(await list(as(BEN))).toEqual([]);
    const own = spec({ policy_id, node_type_id: 'Standard_DS3_v2', single_user_name: undefined });
    expect((await as(BEN)('POST', '/api/2.1/clusters/create', own)).status).toBe(403);
    expect((await admin('POST', '/api/2.1/clusters/create', own)).status).toBe(200);
  });
});
