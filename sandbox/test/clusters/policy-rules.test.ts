import { describe, expect, test } from 'vitest';
import { MINUTE, openSandbox, spec } from '../harness.ts';

const LONG = 60 * MINUTE;

describe('rules', () => {
  const made = async (definition: unknown, more: Record<string, unknown>) => {
    const { admin, pass } = await openSandbox();
    const created = await admin('POST', '/api/2.0/policies/clusters/create', {
      name: 'p',
      definition: JSON.stringify(definition),
    });
    if (created.status !== 200) return created;
    pass(LONG);
    return admin('POST', '/api/2.1/clusters/create', spec({ policy_id: created.json.policy_id, ...more }));
  };

  test('what is said of one element counts before what is said of all', async () => {
    const only = {
      'init_scripts.0.volumes.destination': { type: 'fixed', value: '/Volumes/a/b/c/x.sh' },
      'init_scripts.*.volumes.destination': { type: 'forbidden' },
    };
    expect((await made(only, {})).status).toBe(200);
    const second = await made(only, {
      init_scripts: [
        { volumes: { destination: '/Volumes/a/b/c/x.sh' } },
        { volumes: { destination: '/Volumes/a/b/c/y.sh' } },
      ],
    });
    expect(second.json.message).toBe(
      'Cluster validation error: Validation failed for init_scripts.1.volumes.destination, the value ' +
        'must not be present (is "/Volumes/a/b/c/y.sh")',
    );
  });

  test('a star stands for every key of a map', async () => {
    const answer = await made(
      { 'custom_tags.*': { type: 'regex', pattern: '(?i)[a-z]+' } },
      { custom_tags: { Good: 'Abc', Bad: '1' } },
    );
    expect(answer.json.message).toBe(
      'Cluster validation error: Validation failed for custom_tags, Bad must match (?i)[a-z]+ (is "1")',
    );
  });

  test('a runtime may be asked for as the latest', async () => {
    expect((await made({ spark_version: { type: 'fixed', value: 'auto:latest-lts' } }, {})).status).toBe(200);
    expect((await made({ spark_version: { type: 'fixed', value: 'auto:prev-lts' } }, {})).json.message).toContain(
      'must be 16.4.x-scala2.13 (is "17.3.x-scala2.13")',
    );
    expect(
      (
        await made(
          { spark_version: { type: 'allowlist', values: ['auto:latest-lts', 'auto:latest-ml'] } },
          { spark_version: '17.3.x-cpu-ml-scala2.13' },
        )
      ).status,
    ).toBe(200);
  });

  test('a virtual price counts the node type that the policy itself supplies', async () => {
    const answer = await made(
      { node_type_id: { type: 'fixed', value: 'Standard_D16ds_v5' }, dbus_per_hour: { type: 'range', maxValue: 3 } },
      { node_type_id: undefined },
    );
    expect(answer.json.message).toContain('dbus_per_hour, the value must be between -infinity and 3 (is "4")');
  });

  test('and the one of the pool', async () => {
    const { admin } = await openSandbox();
    const pool = (
      await admin('POST', '/api/2.0/instance-pools/create', {
        instance_pool_name: 'p',
        node_type_id: 'Standard_D16ds_v5',
      })
    ).json.instance_pool_id;
    const definition = JSON.stringify({
      instance_pool_id: { type: 'fixed', value: pool },
      dbus_per_hour: { type: 'range', maxValue: 3 },
    });
    const { policy_id } = (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'p', definition })).json;
    const answer = await admin('POST', '/api/2.1/clusters/create', spec({ policy_id, node_type_id: undefined }));
    expect(answer.json.message).toContain('dbus_per_hour, the value must be between -infinity and 3 (is "4")');
  });

  test('a pattern that would take for ever is no match, and nobody waits for it', async () => {
    const answer = await made({ cluster_name: { type: 'regex', pattern: '(a+)+b' } }, { cluster_name: 'a'.repeat(40) });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('must match (a+)+b');
  });

  test.each([
    ['a range without bounds', { type: 'range' }],
    ['a range the wrong way round', { type: 'range', minValue: 2, maxValue: 1 }],
    ['a default that the rule forbids', { type: 'allowlist', values: ['a'], defaultValue: 'b' }],
    ['an allowlist of nothing', { type: 'allowlist', values: [] }],
    ['a fixed value that is missing', { type: 'fixed' }],
  ])('%s is refused when the policy is made', async (_, rule) => {
    const answer = await made({ cluster_name: rule }, {});
    expect([answer.status, answer.json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.json.message).toMatch(/^Invalid policy definition: cluster_name/);
  });
});

test('policies are sorted by name or by the time they were made', async () => {
  const { admin, pass } = await openSandbox();
  for (const name of ['b', 'c', 'a']) {
    await admin('POST', '/api/2.0/policies/clusters/create', {
      name,
      definition: '{}',
    });
    pass(1_000);
  }
  const names = async (query: string) =>
    (await admin('GET', `/api/2.0/policies/clusters/list?${query}`)).json.policies
      .filter((policy: { is_default: boolean }) => !policy.is_default)
      .map((policy: { name: string }) => policy.name);
  expect(await names('')).toEqual(['b', 'c', 'a']);
  expect(await names('sort_column=POLICY_CREATION_TIME&sort_order=DESC')).toEqual(['a', 'c', 'b']);
  expect(await names('sort_column=POLICY_NAME')).toEqual(['a', 'b', 'c']);
  expect((await admin('GET', '/api/2.0/policies/clusters/list?sort_column=AGE')).status).toBe(400);
  expect((await admin('GET', '/api/2.0/policies/clusters/list?sort_order=UP')).status).toBe(400);
});
