import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CLUSTER, connectWith, failureOf, folder, json, serve, type Received, type Stub } from '../stub.ts';

const SECRET = 'client-secret-nobody-must-see';

/** A workspace that signs service principals in; `answerToken` and `answerCall` may be swapped. */
async function signingIn(
  swap: {
    token?: (response: ServerResponse, nth: number) => void;
    call?: (request: Received, response: ServerResponse) => void;
  } = {},
) {
  let tokens = 0;
  const stub: Stub = await serve((request, response) => {
    if (request.url === '/oidc/.well-known/oauth-authorization-server') {
      return json(response, {
        authorization_endpoint: `${stub.url}/oidc/v1/authorize`,
        token_endpoint: `${stub.url}/oidc/v1/token`,
      });
    }
    if (request.url === '/oidc/v1/token') {
      tokens += 1;
      return swap.token
        ? swap.token(response, tokens)
        : json(response, { access_token: `issued-token-${tokens}`, expires_in: 3_600 });
    }
    return swap.call ? swap.call(request, response) : json(response, CLUSTER);
  });
  const count = (url: string) => stub.received.filter((request) => request.url === url).length;
  return {
    stub,
    discoveries: () => count('/oidc/.well-known/oauth-authorization-server'),
    tokens: () => count('/oidc/v1/token'),
    calls: () => stub.received.filter((request) => request.url.startsWith('/api/')),
    workspace: connectWith({
      env: {
        DATABRICKS_HOST: stub.url,
        DATABRICKS_CLIENT_ID: 'client',
        DATABRICKS_CLIENT_SECRET: SECRET,
        HOME: folder(),
      },
    }),
  };
}

describe('with a service principal', () => {
  it('50 calls at once fetch one token', async () => {
    const { workspace, discoveries, tokens, calls } = await signingIn();
    await Promise.all(Array.from({ length: 50 }, (_, i) => workspace.clusters.get(String(i))));
    expect([discoveries(), tokens(), calls().length]).toEqual([1, 1, 50]);
    expect(new Set(calls().map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer issued-token-1']));
    expect(calls()[0]?.headers['user-agent']).toMatch(/auth\/oauth-m2m$/);
  });

  it('a refused token is renewed once for everyone, and each call repeated once', async () => {
    const { workspace, tokens, calls } = await signingIn({
      call: (request, response) =>
        request.headers.authorization === 'Bearer issued-token-1' ? json(response, {}, 401) : json(response, CLUSTER),
    });
    await Promise.all(Array.from({ length: 20 }, () => workspace.clusters.get('1')));
    expect([tokens(), calls().length]).toEqual([2, 40]);
  });

  it.each([
    [400, 'Invalid Token'],
    [403, 'Invalid Token'],
    [403, 'Invalid access token.'],
  ])('%i %s is a refused token too, and no missing right', async (status, message) => {
    const refused = { error_code: status, message };
    let isRenewed = true;
    const { workspace, tokens, calls } = await signingIn({
      call: (request, response) =>
        isRenewed && request.headers.authorization !== 'Bearer issued-token-1'
          ? json(response, CLUSTER)
          : json(response, refused, status),
    });
    expect((await workspace.clusters.get('1')).cluster_id).toBe('1');
    expect([tokens(), calls().length]).toEqual([2, 2]);
    isRenewed = false;
    const error = await failureOf(workspace.clusters.get('1'));
    expect(error).toMatchObject({ status: 401, errorCode: 'UNAUTHENTICATED' });
    expect(error.message).toContain(`it came as HTTP ${status}`);
    expect(error.message).toContain('renew the token');
  });

  it('a 403 about a right is asked once', async () => {
    const missing = { error_code: 'PERMISSION_DENIED', message: 'ann does not have Attach permissions' };
    const { workspace, tokens } = await signingIn({ call: (_request, response) => json(response, missing, 403) });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({ status: 403, errorCode: 'PERMISSION_DENIED' });
    expect(tokens()).toBe(1);
  });

  it('a 401 that stays is reported after one repetition', async () => {
    const { workspace, tokens, calls } = await signingIn({ call: (_request, response) => json(response, {}, 401) });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({ status: 401 });
    expect([tokens(), calls().length]).toEqual([2, 2]);
  });

  it("the sign-in's own refusal is reported as it is", async () => {
    const { workspace, calls } = await signingIn({
      token: (response) => json(response, { error: 'invalid_client', error_description: `no ${SECRET}` }, 401),
    });
    const error = await failureOf(workspace.clusters.get('1'));
    expect(error).toMatchObject({
      name: 'DatabricksError',
      status: 401,
      errorCode: 'invalid_client',
      call: 'POST /oidc/v1/token',
    });
    expect(error.message).not.toContain(SECRET);
    expect(calls()).toHaveLength(0);
  });

  it('its 429 carries the delay', async () => {
    const { workspace } = await signingIn({ token: (response) => json(response, {}, 429, { 'retry-after': '3' }) });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({ status: 429, retryAfterMs: 3_000 });
  });

  it('an answer that is no token is reported without what it holds', async () => {
    const { workspace } = await signingIn({
      token: (response) => json(response, { access_token: 'half-a-token', id_token: 'other-token' }),
    });
    const error = await failureOf(workspace.clusters.get('1'));
    expect(error).toMatchObject({ status: 401, errorCode: 'UNAUTHENTICATED' });
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toMatch(/half-a-token|other-token/);
  });

  it('silence of the sign-in ends, and the next call tries anew', async () => {
    const { workspace, stub, tokens } = await signingIn({
      token: (response, nth) => nth > 1 && json(response, { access_token: 'later', expires_in: 60 }),
    });
    const impatient = connectWith({
      env: {
        DATABRICKS_HOST: stub.url,
        DATABRICKS_CLIENT_ID: 'client',
        DATABRICKS_CLIENT_SECRET: SECRET,
        HOME: folder(),
      },
      timeouts: { headersMs: 100 },
    });
    expect(await failureOf(impatient.clusters.get('1'))).toMatchObject({
      name: 'UnreachableError',
      call: 'POST /oidc/v1/token',
    });
    expect((await workspace.clusters.get('1')).cluster_id).toBe('1');
    expect(tokens()).toBe(2);
  });

  it('a token that expires soon is fetched anew', async () => {
    const { workspace, tokens } = await signingIn({
      token: (response, nth) => json(response, { access_token: `t${nth}`, expires_in: nth === 1 ? 1 : 3_600 }),
    });
    for (let i = 0; i < 4; i += 1) await workspace.clusters.get('1');
    expect(tokens()).toBe(2);
  });

  it('one caller giving up does not stop the token for the others', async () => {
    let answer = () => {};
    const { workspace, stub, tokens } = await signingIn({
      token: (response) => {
        answer = () => json(response, { access_token: 't', expires_in: 60 });
      },
    });
    const stop = new AbortController();
    const gone = failureOf(workspace.clusters.get('1', { signal: stop.signal }));
    const stays = workspace.clusters.get('1');
    while (tokens() === 0) await new Promise((next) => setTimeout(next, 5));
    stop.abort(new Error('enough'));
    expect((await gone).message).toBe('enough');
    answer();
    expect((await stays).cluster_id).toBe('1');
    expect(stub.received.filter(({ url }) => url.startsWith('/api/'))).toHaveLength(1);
  });
});
