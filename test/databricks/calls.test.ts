import { describe, expect, it } from 'vitest';
import { connect, failureOf, json, serve, TOKEN, type Respond } from './stub.ts';
import { smallQuestion } from './small-question.ts';

async function at(respond: Respond) {
  const stub = await serve(respond);
  const body = (index: number) => JSON.parse(String(stub.received[index]?.body || 'null')) as unknown;
  const lines = () => stub.received.map(({ method, url }) => `${method} ${url}`);
  return { stub, body, lines, workspace: connect({ host: stub.url }) };
}
const answering = (value: unknown) => at((_request, response) => json(response, value));

describe('the current user', () => {
  const me = { id: '1', userName: 'a@example.com', displayName: 'A', groups: [{ value: '9', display: 'admins' }] };

  it('comes with the id of the workspace', async () => {
    const { workspace, lines } = await at((_request, response) =>
      json(response, me, 200, { 'X-Databricks-Org-Id': '7368254619830155' }),
    );
    expect(await workspace.currentUser.me()).toEqual({
      id: '1',
      userName: 'a@example.com',
      displayName: 'A',
      groups: [{ id: '9', name: 'admins' }],
      entitlements: [],
      workspaceId: '7368254619830155',
    });
    expect(lines()).toEqual(['GET /api/2.0/preview/scim/v2/Me']);
  });

  it('of no known workspace is an error', async () => {
    const { workspace } = await answering(me);
    expect(await failureOf(workspace.currentUser.me())).toMatchObject({ errorCode: 'UNEXPECTED_ANSWER' });
  });
});

describe('clusters', () => {
  it('are sent every field they are given', async () => {
    const { workspace, body, lines } = await answering({ cluster_id: 'c1' });
    const spec = {
      cluster_name: 'n',
      idempotency_token: 't',
      kind: 'CLASSIC_PREVIEW',
      is_single_node: true,
      future: { field: [1] },
    };
    expect(await workspace.clusters.create(spec)).toEqual({ clusterId: 'c1' });
    await workspace.clusters.edit({ ...spec, cluster_id: 'c1' });
    await workspace.clusters.delete('c1');
    await workspace.clusters.permanentDelete('c1');
    expect(lines()).toEqual([
      'POST /api/2.1/clusters/create',
      'POST /api/2.1/clusters/edit',
      'POST /api/2.1/clusters/delete',
      'POST /api/2.1/clusters/permanent-delete',
    ]);
    expect([body(0), body(1), body(2)]).toEqual([spec, { ...spec, cluster_id: 'c1' }, { cluster_id: 'c1' }]);
  });

  it.each(['Pending', 'Running'])('in state %s count as started', async (state) => {
    const { workspace } = await at((_request, response) =>
      json(response, { error_code: 'INVALID_STATE', message: `Cluster c1 is in unexpected state ${state}.` }, 400),
    );
    await expect(workspace.clusters.start('c1')).resolves.toBeUndefined();
  });

  it('in state Terminating do not', async () => {
    const { workspace } = await at((_request, response) =>
      json(response, { error_code: 'INVALID_STATE', message: 'Cluster c1 is in unexpected state Terminating.' }, 400),
    );
    expect(await failureOf(workspace.clusters.start('c1'))).toMatchObject({ status: 400, errorCode: 'INVALID_STATE' });
  });

  it('say why they ended', async () => {
    const termination_reason = {
      code: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT',
      type: 'CLOUD_FAILURE',
      parameters: { azure_error_code: 'SkuNotAvailable' },
    };
    const { workspace } = await answering({ cluster_id: 'c1', state: 'TERMINATED', termination_reason });
    expect((await workspace.clusters.get('c1')).termination_reason).toEqual(termination_reason);
  });
});

describe('instance pools and policies', () => {
  it('count what is left out as nothing, but not missing statistics', async () => {
    const { workspace } = await answering({ instance_pool_id: 'p', stats: { idle_count: 3 } });
    const pool = await workspace.instancePools.get('p');
    expect(pool).toMatchObject({
      min_idle_instances: 0,
      stats: { used_count: 0, idle_count: 3, pending_used_count: 0, pending_idle_count: 0 },
    });
    const bare = await answering({ instance_pool_id: 'p' });
    expect((await bare.workspace.instancePools.get('p')).stats).toBeUndefined();
  });

  it('are called by their own routes', async () => {
    const { workspace, lines, body } = await answering({
      instance_pool_id: 'p',
      policy_id: 'q',
      name: 'n',
      definition: '{}',
    });
    expect(await workspace.instancePools.create({ instance_pool_name: 'x' })).toEqual({ instancePoolId: 'p' });
    await workspace.instancePools.edit({ instance_pool_id: 'p', min_idle_instances: 2 });
    await workspace.instancePools.delete('p');
    expect(await workspace.clusterPolicies.create({ name: 'n', definition: '{}' })).toEqual({ policyId: 'q' });
    expect((await workspace.clusterPolicies.get('q')).definition).toBe('{}');
    expect(lines()).toEqual([
      'POST /api/2.0/instance-pools/create',
      'POST /api/2.0/instance-pools/edit',
      'POST /api/2.0/instance-pools/delete',
      'POST /api/2.0/policies/clusters/create',
      'GET /api/2.0/policies/clusters/get?policy_id=q',
    ]);
    expect(body(2)).toEqual({ instance_pool_id: 'p' });
  });
});

describe('permissions and grants', () => {
  it('are changed by PATCH, with a body', async () => {
    const { workspace, lines, body } = await answering({
      access_control_list: [
        { user_name: 'a@example.com', all_permissions: [{ permission_level: 'CAN_RESTART', inherited: false }] },
      ],
      privilege_assignments: [{ principal: 'a@example.com', privileges: ['READ_VOLUME'] }],
    });
    const acl = await workspace.permissions.update('clusters', '0101-1', [
      { user_name: 'a@example.com', permission_level: 'CAN_RESTART' },
    ]);
    expect(acl.access_control_list[0]?.all_permissions[0]?.permission_level).toBe('CAN_RESTART');
    const grants = await workspace.grants.update('volume', 'main.default.v', [
      { principal: 'a@example.com', add: ['READ_VOLUME'] },
    ]);
    expect(grants.privilege_assignments[0]?.privileges).toEqual(['READ_VOLUME']);
    await workspace.grants.get('schema', 'main.default');
    expect(lines()).toEqual([
      'PATCH /api/2.0/permissions/clusters/0101-1',
      'PATCH /api/2.1/unity-catalog/permissions/volume/main.default.v',
      'GET /api/2.1/unity-catalog/permissions/schema/main.default',
    ]);
    expect([body(0), body(1)]).toEqual([
      { access_control_list: [{ user_name: 'a@example.com', permission_level: 'CAN_RESTART' }] },
      { changes: [{ principal: 'a@example.com', add: ['READ_VOLUME'] }] },
    ]);
  });

  it('that hold are read for one principal, over all pages', async () => {
    const { workspace, lines } = await at((request, response) =>
      json(
        response,
        request.url.includes('page_token=b')
          ? {
              privilege_assignments: [
                { principal: 'x', privileges: [{ privilege: 'USE_CATALOG', inherited_from_name: 'main' }] },
              ],
            }
          : { next_page_token: 'b' },
      ),
    );
    const held = await workspace.grants.effective('catalog', 'main', 'a b@example.com');
    expect(held.privilege_assignments[0]?.privileges[0]).toEqual({
      privilege: 'USE_CATALOG',
      inherited_from_name: 'main',
    });
    expect(lines()[0]).toBe(
      'GET /api/2.1/unity-catalog/effective-permissions/catalog/main?principal=a+b%40example.com',
    );
  });

  it('cannot be asked of another object than the one named', async () => {
    const { workspace, stub } = await answering({});
    expect(() => workspace.permissions.get('clusters', '..')).toThrow(RangeError);
    await workspace.permissions.get('clusters', '../../2.1/clusters?x#y');
    expect(stub.received.map(({ url }) => url)).toEqual([
      '/api/2.0/permissions/clusters/..%2F..%2F2.1%2Fclusters%3Fx%23y',
    ]);
  });
});

describe('files', () => {
  it('are raw bytes both ways', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const { workspace, stub, lines } = await at((request, response) => {
      if (request.method === 'GET') return response.end(bytes);
      return response
        .writeHead(request.method === 'HEAD' ? 200 : 204, request.method === 'HEAD' ? { 'content-length': 5 } : {})
        .end();
    });
    const path = '/Volumes/main/default/v/a b.bin';
    await workspace.files.upload(path, bytes, { overwrite: true });
    expect(stub.received[0]?.body.equals(bytes)).toBe(true);
    expect(stub.received[0]?.headers['content-type']).toBe('application/octet-stream');
    expect((await workspace.files.download(path))?.equals(bytes)).toBe(true);
    expect(await workspace.files.head(path)).toEqual({ size: 5 });
    await workspace.files.createDirectory('/Volumes/main/default/v/d');
    expect(lines()).toEqual([
      'PUT /api/2.0/fs/files/Volumes/main/default/v/a%20b.bin?overwrite=true',
      'GET /api/2.0/fs/files/Volumes/main/default/v/a%20b.bin',
      'HEAD /api/2.0/fs/files/Volumes/main/default/v/a%20b.bin',
      'PUT /api/2.0/fs/directories/Volumes/main/default/v/d',
    ]);
  });

  it('that are missing are undefined; other refusals are errors', async () => {
    let status = 404;
    const { workspace } = await at((_request, response) =>
      json(response, { error_code: 'NOT_FOUND', message: 'no' }, status),
    );
    const path = '/Volumes/main/default/v/x';
    expect([await workspace.files.head(path), await workspace.files.download(path)]).toEqual([undefined, undefined]);
    status = 403;
    for (const work of [workspace.files.head(path), workspace.files.download(path)])
      expect(await failureOf(work)).toMatchObject({ status: 403 });
  });

  it('may be empty', async () => {
    const { workspace, stub } = await at((_request, response) => response.writeHead(204).end());
    await workspace.files.upload('/Volumes/main/default/v/x', Buffer.alloc(0), { overwrite: false });
    expect(stub.received[0]).toMatchObject({
      url: '/api/2.0/fs/files/Volumes/main/default/v/x?overwrite=false',
      headers: { 'content-length': '0' },
    });
  });
});

describe('the messages of a serving endpoint', () => {
  it('are asked for as Claude Code does', async () => {
    const { workspace, lines, body } = await answering({ type: 'message', content: [{ type: 'text', text: 'hi' }] });
    const answer = await workspace.servingEndpoints.claude(smallQuestion('databricks-claude-sonnet-4-6', 'hello'));
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('hi') as string });
    expect(answer.ms).toBeGreaterThanOrEqual(0);
    expect(lines()).toEqual(['POST /serving-endpoints/anthropic/v1/messages']);
    expect(body(0)).toEqual({
      model: 'databricks-claude-sonnet-4-6',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'hello' }],
    });
  });

  it.each([302, 400, 401, 403, 404, 429, 500])('answer %i without an error', async (status) => {
    const { workspace } = await at((request, response) =>
      json(
        response,
        { message: `you sent ${request.headers.authorization}` },
        status,
        status === 429 ? { 'retry-after': '2' } : {},
      ),
    );
    const answer = await workspace.servingEndpoints.claude(smallQuestion('m', 'x'));
    expect(answer.status).toBe(status);
    expect(answer.retryAfterMs).toBe(status === 429 ? 2_000 : undefined);
    expect(answer.body).not.toContain(TOKEN);
  });

  it('that never come are an error', async () => {
    const stub = await serve(() => {});
    const workspace = connect({ host: stub.url, timeouts: { headersMs: 100 } });
    expect(await failureOf(workspace.servingEndpoints.claude(smallQuestion('m', 'x')))).toMatchObject({
      name: 'UnreachableError',
    });
  });
});
