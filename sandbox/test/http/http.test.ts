import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox.ts';
import { ANN, clientOf, createCluster, openSandbox, spec } from '../harness.ts';

const CREATE = '/api/2.1/clusters/create';

describe('identity', () => {
  test.each([undefined, 'dapi-unknown'])('the token %s answers 401 in the shape of Databricks', async (token) => {
    const { sandbox } = await openSandbox();
    const answer = await clientOf(sandbox, token)('GET', '/api/2.1/clusters/list');
    expect(answer.status).toBe(401);
    expect(answer.json.error_code).toBe(401);
    expect(answer.json.message).toMatch(/Credential was not sent|Invalid access token/);
  });

  test('an inactive user is refused', async () => {
    const { sandbox, as } = await openSandbox();
    sandbox.addUser({ userName: 'gone@example.com', active: false });
    expect((await as('gone@example.com')('GET', '/api/2.1/clusters/list')).status).toBe(403);
  });

  test('a service principal signs in with client credentials', async () => {
    const { sandbox, pass } = await openSandbox();
    const anonymous = clientOf(sandbox, undefined);
    const { clientId, clientSecret } = sandbox.addServicePrincipal('provisioner', { groups: ['admins'] });
    const config = (await anonymous('GET', '/.well-known/databricks-config')).json;
    expect(config).toMatchObject({ oidc_endpoint: `${sandbox.url}/oidc`, workspace_id: sandbox.workspaceId });
    const { token_endpoint } = (await anonymous('GET', '/oidc/.well-known/oauth-authorization-server')).json;
    const form = 'grant_type=client_credentials&scope=all-apis';
    const path = new URL(token_endpoint as string).pathname;
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect((await anonymous('POST', path, form, basic('wrong'))).json.error).toBe('invalid_client');
    const signedIn = (await anonymous('POST', path, form, basic(clientSecret))).json;
    const client = clientOf(sandbox, signedIn.access_token);
    expect((await client('GET', '/api/2.0/preview/scim/v2/Me')).json).toMatchObject({
      userName: clientId,
      displayName: 'provisioner',
    });
    expect((await client('POST', CREATE, spec())).status).toBe(200);
    pass(signedIn.expires_in * 1_000);
    expect((await client('GET', '/api/2.1/clusters/list')).status).toBe(403);
  });
});

test('a field that is null is a field that is not there', async () => {
  const { admin } = await openSandbox();
  expect(
    (await admin('POST', CREATE, spec({ autotermination_minutes: null, custom_tags: { a: 'b', c: null } }))).status,
  ).toBe(200);
  const missing = await admin('POST', CREATE, spec({ spark_version: null }));
  expect(missing.json).toMatchObject({
    error_code: 'INVALID_PARAMETER_VALUE',
    message: 'Missing required field: spark_version',
  });
});

describe('requests that are wrong', () => {
  test('an unknown route answers 501 and is written down', async () => {
    const { admin, sandbox } = await openSandbox();
    const answer = await admin('GET', '/api/2.2/jobs/runs/export?limit=1');
    expect(answer.status).toBe(501);
    expect(answer.json.error_code).toBe('NOT_IMPLEMENTED');
    expect(answer.json.message).toContain("'GET /api/2.2/jobs/runs/export'");
    expect(sandbox.books().unknownRoutes).toEqual(['GET /api/2.2/jobs/runs/export']);
  });

  test.each([
    ['no JSON', '{"cluster_name":', 'MALFORMED_REQUEST'],
    ['a list', '[]', 'MALFORMED_REQUEST'],
    ['a bare string', '"x"', 'MALFORMED_REQUEST'],
    ['null', 'null', 'MALFORMED_REQUEST'],
    ['deep nesting', '['.repeat(200_000), 'MALFORMED_REQUEST'],
    ['deep nesting in a field', `{"cluster_name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'MALFORMED_REQUEST'],
    ['a number for a name', '{"cluster_name":7}', 'MALFORMED_REQUEST'],
    ['text for a number', JSON.stringify(spec({ autotermination_minutes: 'soon' })), 'MALFORMED_REQUEST'],
    ['NUL in a name', JSON.stringify(spec({ cluster_name: 'a\0b' })), 'INVALID_PARAMETER_VALUE'],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'MALFORMED_REQUEST'],
    ['nothing', undefined, 'INVALID_PARAMETER_VALUE'],
  ])('%s is refused with 400 and no word about the inside', async (_, body, code) => {
    const { admin, sandbox } = await openSandbox();
    const answer = await admin('POST', CREATE, body);
    expect(answer.status).toBe(400);
    expect(answer.json.error_code).toBe(code);
    expect(answer.text).not.toMatch(/\bat \w+.*:\d+|\.ts|node:/);
    expect(answer.json.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.RequestInfo',
        request_id: answer.headers.get('x-request-id'),
        serving_data: '',
      },
    ]);
    expect(sandbox.books().clusters).toEqual([]);
  });

  test('a body over the limit answers 413', async () => {
    const { admin } = await openSandbox();
    const answer = await admin('POST', CREATE, JSON.stringify({ cluster_name: 'x'.repeat(11 * 1_048_576) }));
    expect(answer.status).toBe(413);
    expect(answer.json.error_code).toBe('REQUEST_TOO_LARGE');
  });

  test('the wrong method answers ENDPOINT_NOT_FOUND', async () => {
    const { admin, sandbox } = await openSandbox();
    const answer = await admin('GET', CREATE);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({
      error_code: 'ENDPOINT_NOT_FOUND',
      message: `No API found for 'GET ${CREATE}'`,
    });
    expect(sandbox.books().unknownRoutes).toEqual([]);
  });

  test.each([
    ['POST', '/api/2.0/serving-endpoints'],
    ['POST', '/api/2.0/sql/warehouses'],
    ['POST', '/api/2.0/dbfs/put'],
    ['POST', '/api/2.1/clusters/resize'],
    ['POST', '/api/2.2/jobs/create'],
    ['PATCH', '/api/2.1/unity-catalog/metastores/abc'],
  ])(
    '%s %s, which a real workspace has and this one leaves out, answers 501 and is written down',
    async (method, path) => {
      const { admin, sandbox } = await openSandbox();
      const answer = await admin(method, `${path}?x=1`, {});
      expect(answer.status).toBe(501);
      expect(answer.json).toMatchObject({
        error_code: 'NOT_IMPLEMENTED',
        message: expect.stringContaining(`'${method} ${path}'`),
      });
      expect(sandbox.books().unknownRoutes).toEqual([`${method} ${path}`]);
    },
  );

  test.each([
    '/api/2.1/unity-catalog/volumes/a%2Fb',
    '/api/2.1/unity-catalog/volumes/%2E%2E%2F',
    '/api/2.1/unity-catalog/volumes/%00',
    '/api/2.0/permissions/clusters/%zz',
    '/api/2.1/clusters/get?cluster_id=%00',
  ])('%s is refused', async (path) => {
    const { admin } = await openSandbox();
    expect((await admin('GET', path)).status).toBe(400);
  });

  test('names from Object.prototype are no resources', async () => {
    const { admin } = await openSandbox();
    expect((await admin('GET', '/api/2.1/clusters/get?cluster_id=__proto__')).json.message).toBe(
      'Cluster __proto__ does not exist',
    );
    expect((await admin('GET', '/api/2.0/permissions/constructor/x')).status).toBe(400);
    const polluting = `{"cluster_name":"c","__proto__":{"polluted":true},"custom_tags":{"__proto__":"x"}}`;
    await admin('POST', CREATE, polluting);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the control route', () => {
  test('answers the books with provisioning, and is not counted', async () => {
    const { admin, sandbox, pass } = await openSandbox();
    const id = await createCluster(admin, { custom_tags: { Run: 'r1' } });
    pass(3_600_000);
    const books = await clientOf(sandbox, undefined)('GET', '/__sandbox/books?tag=Run=r1');
    expect(books.status).toBe(200);
    expect(books.json.clusters[0]).toMatchObject({ id, state: 'RUNNING', alive: true });
    expect(books.json.provisioning).toMatchObject({ clusters: 1 });
    expect(books.json.requests.total).toBe(1);
    expect((await clientOf(sandbox, undefined)('GET', '/__sandbox/books?tag=Run=r2')).json.provisioning.clusters).toBe(
      0,
    );
    expect((await clientOf(sandbox, undefined)('POST', '/__sandbox/other')).status).toBe(404);
  });

  test('counts by route, client, status and watching', async () => {
    const { admin, sandbox } = await openSandbox();
    await admin('GET', '/api/2.1/clusters/list', undefined, { 'user-agent': 'tester/1.0 more' });
    await admin('GET', '/api/2.0/clusters/list', undefined, { 'user-agent': 'tester/1.0 more' });
    await admin('GET', '/api/2.0/instance-pools/get?instance_pool_id=x', undefined, { 'user-agent': 'other' });
    await admin('GET', '/api/2.1/clusters/spark-versions', undefined, { 'user-agent': 'other' });
    await admin('GET', '/api/2.2/jobs/runs/list', undefined, { 'user-agent': 'other' });
    await admin('GET', '/api/2.0/fs/directories/Volumes/a/b/c', undefined, { 'user-agent': 'other' });
    expect(sandbox.books().requests).toMatchObject({
      total: 6,
      watching: 5,
      byRoute: { 'GET /api/2.1/clusters/list': 1, 'GET /api/2.0/instance-pools/get': 1 },
      byClient: { 'tester/1.0': 2, other: 4 },
      byStatus: { 200: 4, 404: 2 },
    });
  });
});

describe('start and close', () => {
  test('the id of the workspace belongs to its address, tokens to one sandbox', async () => {
    const first = await openSandbox();
    const second = await openSandbox();
    expect(first.sandbox.workspaceId).not.toBe(second.sandbox.workspaceId);
    expect((await clientOf(second.sandbox, first.sandbox.adminToken)('GET', '/api/2.1/clusters/list')).status).toBe(
      401,
    );
    const { url, workspaceId } = first.sandbox;
    await first.sandbox.close();
    await first.sandbox.close();
    const again = await startSandbox({ port: Number(new URL(url).port), people: [ANN] });
    try {
      expect(again.workspaceId).toBe(workspaceId);
    } finally {
      await again.close();
    }
  });

  test('a port in use and a speed of nothing are errors', async () => {
    const { sandbox } = await openSandbox();
    await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow(/EADDRINUSE/);
    await expect(startSandbox({ speed: 0 })).rejects.toThrow(RangeError);
  });
});
