import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Authentication } from '../../../src/databricks/sign-in/authentication.ts';
import { DEFAULT_TIMEOUTS, openConnections } from '../../../src/databricks/transport/network.ts';
import { settle } from '../../../src/databricks/sign-in/settings.ts';
import { signInWith } from '../../../src/databricks/sign-in/sign-in.ts';
import { connectWorkspace, type ConnectOptions } from '../../../src/databricks/workspace.ts';
import { connect, failureOf, json, serve, type Received, type Stub } from '../stub.ts';

const CLUSTER = { cluster_id: '1', state: 'RUNNING' };
const SECRET = 'client-secret-nobody-must-see';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'home-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function connectWith(options: ConnectOptions) {
  const workspace = connectWorkspace({ requestsPerSecond: 1_000, ...options });
  onTestFinished(() => workspace.close());
  return workspace;
}

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

describe('with a host and a token', () => {
  it('nothing ambient is consulted', async () => {
    const trap = await serve((_request, response) => json(response, CLUSTER));
    const stub = await serve((_request, response) => json(response, CLUSTER));
    const home = folder();
    writeFileSync(
      join(home, '.databrickscfg'),
      `[DEFAULT]\nhost = ${trap.url}\ntoken = ambient-profile\n` +
        'auth_type = azure-cli\nclient_id = x\nclient_secret = y\n',
    );
    const ambient = {
      HOME: home,
      DATABRICKS_HOST: trap.url,
      DATABRICKS_TOKEN: 'ambient-token',
      DATABRICKS_CLIENT_ID: 'ambient-id',
      DATABRICKS_CLIENT_SECRET: 'ambient-secret',
      DATABRICKS_CONFIG_PROFILE: 'DEFAULT',
      DATABRICKS_AUTH_TYPE: 'oauth-m2m',
      DATABRICKS_AZURE_RESOURCE_ID: '/subscriptions/x',
      ARM_CLIENT_ID: 'a',
      ARM_CLIENT_SECRET: 'b',
      ARM_TENANT_ID: 'c',
    };
    for (const [name, value] of Object.entries(ambient)) vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    for (const env of [{}, ambient]) {
      await connect({ host: stub.url, token: 'given', env }).clusters.get('1');
    }
    expect(stub.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer given', 'Bearer given']);
    for (const { headers } of stub.received)
      expect(Object.keys(headers).filter((name) => name.startsWith('x-databricks'))).toEqual([]);
    expect(trap.received).toEqual([]);
  });

  it('a 401 is final: the same token would be refused again', async () => {
    const stub = await serve((_request, response) =>
      json(response, { error_code: 'UNAUTHENTICATED', message: 'expired' }, 401),
    );
    const error = await failureOf(connect({ host: stub.url }).clusters.get('1'));
    expect(error).toMatchObject({ status: 401, errorCode: 'UNAUTHENTICATED' });
    expect(error.message).toContain('renew the token');
    expect(stub.received).toHaveLength(1);
  });
});

describe('with a profile', () => {
  it('its host and token are used, and a token renewed in the file is found after a 401', async () => {
    const home = folder();
    const write = (token: string) =>
      writeFileSync(join(home, '.databrickscfg'), `[event]\nhost = ${stub.url}\ntoken = ${token}\n`);
    const stub = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer new') return json(response, CLUSTER);
      write('new');
      return json(response, {}, 401);
    });
    write('old');
    expect(
      (await connectWith({ profile: 'event', env: { HOME: home, DATABRICKS_TOKEN: 'ambient' } }).clusters.get('1'))
        .cluster_id,
    ).toBe('1');
    expect(stub.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });
});

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

describe('signing in that never ends', () => {
  it('or fails while nobody waits any more hurts nobody', async () => {
    let fail = (_error: Error) => {};
    const broken = new Authentication(() => ({
      authType: 'x',
      secrets: () => [],
      authenticate: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    }));
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    onTestFinished(() => {
      process.off('unhandledRejection', hear);
    });
    const stop = new AbortController();
    const gone = failureOf(broken.prove('GET /x', stop.signal));
    stop.abort(new Error('enough'));
    expect((await gone).message).toBe('enough');
    expect((await failureOf(broken.prove('GET /x', stop.signal))).message).toBe('enough');
    fail(new Error('too late'));
    await new Promise((next) => setTimeout(next, 20));
    expect(unheard).toEqual([]);
  });

  it('is given up', async () => {
    const silent = new Authentication(
      () => ({ authType: 'azure-cli', secrets: () => [], authenticate: () => new Promise(() => {}) }),
      30,
    );
    expect(await failureOf(silent.prove('GET /x'))).toMatchObject({
      name: 'UnreachableError',
      code: 'TOKEN_TIMEOUT',
      sent: false,
      call: 'GET /x',
    });
  });
});

describe.skipIf(process.platform === 'win32')('with the Azure CLI', () => {
  /** An `az` that answers with `script` and writes its arguments down. */
  function fakeAz(script: string) {
    const bin = folder();
    writeFileSync(join(bin, 'az'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'az'), 0o755);
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
  }
  const env = (resourceId: string, more = {}) => ({
    DATABRICKS_AUTH_TYPE: 'azure-cli',
    DATABRICKS_AZURE_RESOURCE_ID: resourceId,
    HOME: folder(),
    ...more,
  });
  const GOOD =
    '/subscriptions/12345678-1234-1234-1234-123456789abc/resourceGroups/rg' +
    '/providers/Microsoft.Databricks/workspaces/ws';

  it.each([
    ['resource id', (file: string) => env(`/subscriptions/x;touch ${file};/resourceGroups/a`)],
    ['login application id', (file: string) => env(GOOD, { DATABRICKS_AZURE_LOGIN_APP_ID: `x;touch ${file}` })],
  ])('no command is run out of the %s', async (_name, make) => {
    fakeAz('exit 1');
    const stub = await serve((_request, response) => json(response, CLUSTER));
    const file = join(folder(), 'touched');
    const error = await failureOf(connectWith({ host: stub.url, env: make(file) }).clusters.get('1'));
    expect(error.name).toBe('ConnectError');
    expect(existsSync(file)).toBe(false);
    expect(stub.received).toHaveLength(0);
  });

  it('its tokens go to the workspace', async () => {
    fakeAz('echo \'{"accessToken":"from-az","expiresOn":"2099-01-01 00:00:00.000000"}\'');
    const connections = openConnections({}, DEFAULT_TIMEOUTS);
    onTestFinished(() => connections.destroy());
    const { config } = settle({
      host: 'https://adb-1.2.azuredatabricks.net',
      env: { DATABRICKS_AUTH_TYPE: 'azure-cli', HOME: folder() },
    });
    const signIn = signInWith(config, connections);
    expect(new Headers(await signIn.authenticate()).get('authorization')).toBe('Bearer from-az');
    expect(signIn.authType).toBe('azure-cli');
  });

  it('what az prints instead of a token is not shown', async () => {
    fakeAz('echo \'{"accessToken":"half-a-token","oops":true}\'');
    const stub = await serve((_request, response) => json(response, CLUSTER));
    const error = await failureOf(connectWith({ host: stub.url, env: env(GOOD) }).clusters.get('1'));
    expect(error).toMatchObject({ name: 'DatabricksError', status: 401, errorCode: 'UNAUTHENTICATED' });
    expect(error.message).toContain('azure-cli');
    expect(error.message).not.toContain('half-a-token');
  });
});
