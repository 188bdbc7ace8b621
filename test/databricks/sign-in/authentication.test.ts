import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Authentication } from '../../../src/databricks/sign-in/authentication.ts';
import { DEFAULT_TIMEOUTS, openConnections } from '../../../src/databricks/transport/network.ts';
import { settle } from '../../../src/databricks/sign-in/settings.ts';
import { signInWith } from '../../../src/databricks/sign-in/sign-in.ts';
import { CLUSTER, connect, connectWith, failureOf, folder, json, serve } from '../stub.ts';

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
