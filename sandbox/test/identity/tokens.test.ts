import { expect, test } from 'vitest';
import { ANN, BEN, MINUTE, clientOf, openSandbox } from '../harness.ts';

const ME = '/api/2.0/preview/scim/v2/Me';
const HOUR = 60 * MINUTE;

test('a token is made, lets its owner in, is listed without its value and is revoked', async () => {
  const { admin, as, sandbox, now } = await openSandbox();
  const ann = as(ANN);
  const made = await ann('POST', '/api/2.0/token/create', { comment: 'laptop', lifetime_seconds: 3_600 });
  expect(made.json.token_info).toEqual({
    token_id: expect.any(String),
    creation_time: now(),
    expiry_time: now() + HOUR,
    comment: 'laptop',
  });
  const other = clientOf(sandbox, made.json.token_value);
  expect((await other('GET', ME)).json.userName).toBe(ANN);
  const listed = (await ann('GET', '/api/2.0/token/list')).json.token_infos;
  expect(listed).toContainEqual(made.json.token_info);
  expect(JSON.stringify(listed)).not.toContain(made.json.token_value);
  expect((await as(BEN)('POST', '/api/2.0/token/delete', { token_id: made.json.token_info.token_id })).status).toBe(
    404,
  );
  expect((await admin('POST', '/api/2.0/token/delete', { token_id: made.json.token_info.token_id })).status).toBe(404);
  expect((await ann('POST', '/api/2.0/token/delete', { token_id: made.json.token_info.token_id })).status).toBe(200);
  expect((await other('GET', ME)).json).toMatchObject({ status: '401', detail: 'Invalid access token.' });
});

test('a token that never expires says -1, one that did is refused with 403', async () => {
  const { admin, sandbox, pass } = await openSandbox();
  const forever = (await admin('POST', '/api/2.0/token/create', {})).json;
  expect(forever.token_info).toMatchObject({ expiry_time: -1, comment: '' });
  const brief = clientOf(
    sandbox,
    (await admin('POST', '/api/2.0/token/create', { lifetime_seconds: 60 })).json.token_value,
  );
  pass(MINUTE - 1);
  expect((await brief('GET', ME)).status).toBe(200);
  pass(1);
  const answer = await brief('GET', ME);
  expect(answer.status).toBe(403);
  expect(answer.json.detail).toBe('Invalid Token');
  const elsewhere = await brief('POST', '/serving-endpoints/anthropic/v1/messages', {});
  expect([elsewhere.status, elsewhere.json.error_code, elsewhere.json.message]).toEqual([403, 403, 'Invalid Token']);
  pass(1_000_000 * HOUR);
  expect((await clientOf(sandbox, forever.token_value)('GET', ME)).status).toBe(200);
});

test('OAuth tokens last an hour and are not listed', async () => {
  const { sandbox, pass } = await openSandbox();
  const { clientId, clientSecret } = sandbox.addServicePrincipal('robot', { groups: ['admins'] });
  const answer = await fetch(`${sandbox.url}/oidc/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const robot = clientOf(sandbox, ((await answer.json()) as { access_token: string }).access_token);
  expect((await robot('GET', '/api/2.0/token/list')).json).toEqual({});
  pass(HOUR);
  expect((await robot('GET', ME)).json).toMatchObject({ status: '403', detail: 'Invalid Token' });
});

test.each([400, 401] as const)('an expired token can be refused with %i', async (expiredTokenStatus) => {
  const { admin, sandbox, pass } = await openSandbox({ expiredTokenStatus });
  const brief = (await admin('POST', '/api/2.0/token/create', { lifetime_seconds: 60 })).json.token_value;
  pass(MINUTE);
  const answer = await clientOf(sandbox, brief)('GET', '/api/2.1/clusters/list');
  expect([answer.status, answer.json.message]).toEqual([expiredTokenStatus, 'Invalid Token']);
});

test('a token may come as the password of the user token', async () => {
  const { sandbox } = await openSandbox();
  const basic = (user: string, password: string) =>
    clientOf(sandbox, undefined)('GET', ME, undefined, {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
  expect((await basic('token', sandbox.tokenFor(ANN))).json.userName).toBe(ANN);
  expect((await basic(ANN, sandbox.tokenFor(ANN))).json.detail).toContain('Credential was not sent');
  expect((await basic('token', 'dapi0')).json.detail).toBe('Invalid access token.');
});

test.each([
  [undefined],
  [{ lifetime_seconds: 0 }],
  [{ lifetime_seconds: -1 }],
  [{ lifetime_seconds: '60' }],
  [{ lifetime_seconds: 1.5 }],
  [{ comment: 'a\0' }],
  [[]],
])('no token is made of %j', async (body) => {
  const { admin } = await openSandbox();
  expect((await admin('POST', '/api/2.0/token/create', body)).status).toBe(400);
});

test('who may use tokens is a matter of permissions', async () => {
  const { admin, as } = await openSandbox();
  const create = (body: unknown) => as(ANN)('POST', '/api/2.0/token/create', body);
  expect((await admin('GET', '/api/2.0/permissions/authorization/tokens')).json).toMatchObject({
    object_id: '/authorization/tokens',
    object_type: 'tokens',
    access_control_list: [{ group_name: 'users' }, { group_name: 'admins' }],
  });
  await admin('PUT', '/api/2.0/permissions/authorization/tokens', { access_control_list: [] });
  expect((await create({})).json).toMatchObject({ error_code: 'PERMISSION_DENIED' });
  await admin('PATCH', '/api/2.0/permissions/authorization/tokens', {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_USE' }],
  });
  expect((await create({})).status).toBe(200);
});
