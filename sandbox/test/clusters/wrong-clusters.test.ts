import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { ANN, BEN, createCluster, getCluster, openSandbox, spec } from '../harness.ts';

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

  test('without single_user_name it is dedicated to the caller; both names of the mode are taken', async () => {
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
