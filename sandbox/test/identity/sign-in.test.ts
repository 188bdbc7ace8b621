import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ANN, MINUTE, clientOf, openSandbox } from '../harness.ts';

const ME = '/api/2.0/preview/scim/v2/Me';
const VERIFIER = 'a-verifier-that-only-the-client-knows-0123456789';
const REQUEST = {
  client_id: 'databricks-cli',
  redirect_uri: 'http://localhost:8020',
  response_type: 'code',
  state: 's"<1>',
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

async function open() {
  const opened = await openSandbox();
  const { url } = opened.sandbox;
  const post = (path: string, form: Record<string, string>) =>
    fetch(url + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
  const signIn = async (token: string) =>
    new URL((await post('/oidc/v1/authorize', { ...REQUEST, token })).headers.get('location') ?? '');
  const redeem = (code: string, more: Record<string, string> = {}) =>
    post('/oidc/v1/token', {
      grant_type: 'authorization_code',
      code,
      client_id: 'databricks-cli',
      redirect_uri: REQUEST.redirect_uri,
      code_verifier: VERIFIER,
      ...more,
    });
  return { ...opened, url, post, signIn, redeem };
}

test('somebody signs in with a token, the client gets one of its own and renews it until they leave', async () => {
  const { sandbox, admin, url, post, signIn, redeem, pass } = await open();
  const page = await fetch(`${url}/oidc/v1/authorize?${new URLSearchParams(REQUEST).toString()}`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('value="s&quot;&lt;1&gt;"');
  const back = await signIn(sandbox.tokenFor(ANN));
  expect(back.origin).toBe('http://localhost:8020');
  expect(back.searchParams.get('state')).toBe(REQUEST.state);
  const first = (await (await redeem(back.searchParams.get('code') ?? '')).json()) as {
    access_token: string;
    refresh_token: string;
    expires_in: number;
  };
  const { id } = (await clientOf(sandbox, first.access_token)('GET', ME)).json;
  pass(first.expires_in * 1_000);
  expect((await clientOf(sandbox, first.access_token)('GET', ME)).status).toBe(403);
  const renew = () =>
    post('/oidc/v1/token', {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
      client_id: 'databricks-cli',
    });
  const second = (await (await renew()).json()) as { access_token: string };
  expect((await clientOf(sandbox, second.access_token)('GET', ME)).json.userName).toBe(ANN);
  await admin('DELETE', `/api/2.0/preview/scim/v2/Users/${id}`);
  expect(await (await renew()).json()).toMatchObject({ error: 'invalid_grant' });
});

test('a code is good once, for ten minutes, and for the client that asked', async () => {
  const { sandbox, signIn, redeem, pass } = await open();
  const code = async () => (await signIn(sandbox.tokenFor(ANN))).searchParams.get('code') ?? '';
  const once = await code();
  expect((await redeem(once)).status).toBe(200);
  expect((await redeem(once)).status).toBe(400);
  expect((await redeem(await code(), { code_verifier: 'other' })).status).toBe(400);
  expect((await redeem(await code(), { client_id: 'other' })).status).toBe(400);
  const old = await code();
  pass(10 * MINUTE);
  expect((await redeem(old)).status).toBe(400);
});

test('a wrong token shows the page again', async () => {
  const { post } = await open();
  const answer = await post('/oidc/v1/authorize', { ...REQUEST, token: 'dapi0' });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('Invalid access token.');
});

test.each([
  { redirect_uri: 'https://example.com/' },
  { redirect_uri: 'http://localhost.example.com/' },
  { redirect_uri: 'javascript:alert(1)' },
  { redirect_uri: '' },
  { response_type: 'token' },
  { code_challenge_method: 'plain' },
  { code_challenge: '' },
])('nobody is sent anywhere for %j', async (wrong) => {
  const { sandbox, url, post } = await open();
  expect((await post('/oidc/v1/authorize', { ...REQUEST, ...wrong, token: sandbox.tokenFor(ANN) })).status).toBe(400);
  expect(
    (await fetch(`${url}/oidc/v1/authorize?${new URLSearchParams({ ...REQUEST, ...wrong }).toString()}`)).status,
  ).toBe(400);
});
