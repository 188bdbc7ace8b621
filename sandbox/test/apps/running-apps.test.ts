import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ANN, BEN, clientOf } from '../harness.ts';
import { describeOnRealNodes } from '../nodes/on-real-nodes.ts';
import { openNodes } from '../../src/nodes/open-nodes.ts';
import { APPS, createApp, getApp } from './app-requests.ts';
import { ECHO, SLOW, deploy, openWithApps, processesWith, signedIn, visit } from './running-apps.ts';

describeOnRealNodes('apps whose code runs', () => {
  test('one answers at its address, knows itself and its visitor; who has not signed in is sent there', async () => {
    const { sandbox, deployed, ann, admin } = await openWithApps();
    const yaml = 'command: [python, app.py, "$DATABRICKS_APP_PORT", "$HOME"]\nenv: [{name: GREETING, value: hi}]\n';
    const { app, deployment } = await deployed('ann-dash', { 'app.py': ECHO, 'app.yaml': yaml });
    expect(deployment.status).toEqual({ state: 'SUCCEEDED', message: 'App started successfully' });
    expect(app).toMatchObject({ app_status: { state: 'RUNNING' }, compute_status: { state: 'ACTIVE' } });
    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const token = await signedIn(sandbox, ANN);
    const forged = { 'x-forwarded-email': 'mallory@example.com', 'x-forwarded-access-token': 'x' };
    const answer = await visit(`${app.url}/a%2Fb?c=d`, token, forged);
    expect(answer.status).toBe(200);
    const { headers, env, path, argv } = (await answer.json()) as {
      headers: Record<string, string>;
      env: Record<string, string>;
      path: string;
      argv: string[];
    };
    expect([path, argv]).toEqual(['/a%2Fb?c=d', ['8000', '$HOME']]);
    expect(headers).toMatchObject({
      'x-forwarded-host': new URL(app.url).host,
      'x-forwarded-email': ANN,
      'x-forwarded-preferred-username': ANN,
      'x-forwarded-user': expect.stringMatching(/^\d+$/) as string,
      'x-real-ip': '127.0.0.1',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('x-forwarded-access-token');
    expect(env).toMatchObject({
      GREETING: 'hi',
      DATABRICKS_APP_NAME: 'ann-dash',
      DATABRICKS_APP_PORT: '8000',
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_WORKSPACE_ID: sandbox.workspaceId,
      DATABRICKS_CLIENT_ID: app.service_principal_client_id,
      STREAMLIT_SERVER_PORT: '8000',
    });
    // It is the app with that, and nobody else.
    const secret = env['DATABRICKS_CLIENT_SECRET'] ?? '';
    const asApp = await fetch(`${sandbox.url}/oidc/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: env['DATABRICKS_CLIENT_ID'] ?? '',
        client_secret: secret,
      }),
    });
    expect(asApp.status).toBe(200);
    const seen = [(await ann('GET', APPS)).text, JSON.stringify(sandbox.books())];
    expect(seen.join()).not.toContain(secret);

    for (const unknown of [undefined, 'nonsense', sandbox.tokenFor(ANN)]) {
      const sent = await visit(app.url, unknown);
      expect(sent.status).toBe(302);
      expect(sent.headers.get('location')).toMatch(new RegExp(`^${sandbox.url}/oidc/v1/authorize\\?client_id=`));
    }
    expect((await visit(app.url, await signedIn(sandbox, BEN))).status).toBe(403);
    await admin('PATCH', `/api/2.0/permissions/apps/ann-dash`, {
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_USE' }],
    });
    expect((await visit(app.url, await signedIn(sandbox, BEN))).status).toBe(200);
  });

  test('an app with scopes gets a token of its visitor, which opens what they say and nothing else', async () => {
    const { sandbox, deployed, ann } = await openWithApps();
    const { app } = await deployed('ann-dash', { 'app.py': ECHO });
    const token = await signedIn(sandbox, ANN);
    const forwarded = async () => {
      const { headers } = (await (await visit(app.url, token)).json()) as { headers: Record<string, string> };
      return headers['x-forwarded-access-token'];
    };
    expect(await forwarded()).toBeUndefined();
    const change = async (fields: object) => expect((await ann('PATCH', `${APPS}/ann-dash`, fields)).status).toBe(200);
    await change({ user_api_scopes: ['serving.serving-endpoints', 'files.files'] });
    const given = (await forwarded()) ?? '';
    expect(given).not.toBe(token);
    expect(await forwarded()).toBe(given);
    const asVisitor = clientOf(sandbox, given);
    expect((await asVisitor('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(ANN);
    expect((await asVisitor('GET', '/api/2.0/serving-endpoints')).status).toBe(200);
    for (const path of ['/api/2.1/clusters/list', '/api/2.0/secrets/scopes/list', APPS]) {
      const { status, json } = await asVisitor('GET', path);
      expect([path, status, json.error_code]).toEqual([path, 403, 'PERMISSION_DENIED']);
      expect(json.message).toContain('lacks the scope');
    }
    // It lets nobody into an app.
    expect((await visit(app.url, given)).status).toBe(302);
    await change({ forward_user_access_token: false });
    expect(await forwarded()).toBeUndefined();
  });

  test('a browser signs in and comes back to where it wanted to go', async () => {
    const { sandbox, deployed } = await openWithApps();
    const { app } = await deployed('ann-dash', { 'app.py': ECHO });
    const sent = new URL((await visit(`${app.url}/page?x=1`)).headers.get('location') ?? '');
    const back = await fetch(sent.origin + sent.pathname, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams([...sent.searchParams, ['token', sandbox.tokenFor(ANN)]]),
    });
    const arrived = await visit(back.headers.get('location') ?? '');
    expect([arrived.status, arrived.headers.get('location')]).toEqual([302, '/page?x=1']);
    const cookie = (arrived.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const seen = await visit(`${app.url}/page?x=1`, undefined, { cookie: `${cookie}; mine=1` });
    expect(await seen.json()).toMatchObject({ path: '/page?x=1', headers: { cookie: 'mine=1' } });
    // The code is good once.
    expect((await visit(back.headers.get('location') ?? '')).status).toBe(403);
  });

  test('new code takes the place of the old, broken code does not, and an end by itself is a crash', async () => {
    const { sandbox, deployed, ann } = await openWithApps();
    const first = await deployed('ann-dash', { 'app.py': ECHO });
    const token = await signedIn(sandbox, ANN);
    const next = await deploy(ann, 'ann-dash', { 'app.py': ECHO.replace('"path"', '"second": True, "path"') });
    expect(next.app.url).toBe(first.app.url);
    expect(await (await visit(next.app.url, token)).json()).toMatchObject({ second: true });

    const broken = await deploy(ann, 'ann-dash', { 'app.py': 'print("no server")\n' });
    expect(broken.deployment.status).toEqual({
      state: 'FAILED',
      message: 'The app ended with exit code 0. Nothing listened on port 8000. See its log.',
    });
    expect(broken.app).toMatchObject({ app_status: { state: 'RUNNING' }, url: first.app.url });
    expect((await visit(first.app.url, token)).status).toBe(200);

    await visit(`${first.app.url}/end`, token);
    const state = async () => (await getApp(ann, 'ann-dash')).app_status.state as string;
    await expect.poll(state, SLOW).toBe('CRASHED');
    expect((await visit(first.app.url, token)).status).toBe(503);
    const log = await (await visit(`${first.app.url}/logz`, token)).text();
    expect(log).toContain('[APP] out of cheese\n');
    expect(log).toContain('[SYSTEM] The app ended with exit code 3. Nobody asked it to.\n');
    const mended = await deploy(ann, 'ann-dash', { 'app.py': ECHO });
    expect(mended.app.app_status.state).toBe('RUNNING');
  });

  test('until something is deployed the platform answers; a stop ends a deployment that is under way', async () => {
    const { sandbox, ann } = await openWithApps();
    const { url } = await createApp(ann, 'ann-dash');
    const token = await signedIn(sandbox, ANN);
    await expect.poll(async () => (await visit(url, token)).status, SLOW).toBe(200);
    expect(await (await visit(url, token)).text()).toContain('nothing was deployed to it yet');

    const marker = `never-listens-${process.pid}`;
    const folder = `/Workspace/Users/${ANN}/dash`;
    await ann('POST', '/api/2.0/workspace/mkdirs', { path: folder });
    await ann('POST', `/api/2.0/workspace-files/import-file${folder}/app.py`, 'import time\ntime.sleep(600)\n');
    const body = { source_code_path: folder, command: ['python', 'app.py', marker] };
    const { deployment_id } = (await ann('POST', `${APPS}/ann-dash/deployments`, body)).json;
    await expect.poll(() => processesWith(`app.py\0${marker}`), SLOW).toBeGreaterThan(0);
    expect((await ann('POST', `${APPS}/ann-dash/deployments`, body)).json.message).toContain('active deployment');
    expect((await getApp(ann, 'ann-dash')).app_status.state).toBe('DEPLOYING');
    await ann('POST', `${APPS}/ann-dash/stop`, {});
    const { status } = (await ann('GET', `${APPS}/ann-dash/deployments/${deployment_id}`)).json;
    expect(status.state).toBe('CANCELLED');
    await expect.poll(() => processesWith(`app.py\0${marker}`), SLOW).toBe(0);
  });

  test('what cannot be installed fails, in the words of whoever installs it', async () => {
    const { deployed, ann } = await openWithApps();
    const pip = await deployed('ann-dash', { 'app.py': ECHO, 'requirements.txt': 'no-such-package==1.0\n' });
    expect(pip.deployment.status).toMatchObject({
      state: 'FAILED',
      message: expect.stringMatching(
        /^pip install -r requirements\.txt failed \(1\): ERROR: No matching distribution found for no-such-package/,
      ) as string,
    });
    const uv = { 'app.py': ECHO, 'pyproject.toml': '', 'uv.lock': '' };
    await ann('POST', `/api/2.0/workspace/delete`, { path: `/Workspace/Users/${ANN}/ann-dash/requirements.txt` });
    expect((await deploy(ann, 'ann-dash', uv)).deployment.status.message).toContain('uv sync failed (127)');
    const yaml = { 'app.py': ECHO, 'app.yaml': 'command: python app.py\n' };
    expect((await deploy(ann, 'ann-dash', yaml)).deployment.status.message).toContain('app.yaml cannot be read');
  });

  const npm = ['/usr/bin/npm', '/usr/local/bin/npm'].find((path) => existsSync(path));
  test.skipIf(npm === undefined)(
    `npm builds and starts what has a package.json${npm === undefined ? ' (left out: no npm below /usr)' : ''}`,
    async () => {
      const { sandbox, deployed } = await openWithApps();
      const scripts = { build: 'echo built > page.txt', start: 'node server.js' };
      const server = `const page = require('node:fs').readFileSync('page.txt', 'utf8');
        require('node:http').createServer((_, out) => out.end(page)).listen(Number(process.env.PORT), '0.0.0.0');`;
      const { app, deployment } = await deployed('ann-node', {
        'package.json': JSON.stringify({ name: 'ann-node', version: '1.0.0', scripts }),
        'server.js': server,
      });
      expect(deployment.status).toMatchObject({ state: 'SUCCEEDED' });
      expect(await (await visit(app.url, await signedIn(sandbox, ANN))).text()).toBe('built\n');
    },
  );

  test('where only some nodes are real, the first apps run, and the address of the others is made up', async () => {
    const { nodes } = await openNodes('auto');
    const { ann } = await openWithApps({ nodes });
    const urls: string[] = [];
    for (let number = 1; number <= 21; number += 1) urls.push((await createApp(ann, `app-${number}`)).url as string);
    expect(urls.filter((url) => url.startsWith('http://127.0.0.1:'))).toHaveLength(20);
    expect(new Set(urls).size).toBe(21);
    expect(urls.at(-1)).toMatch(/^https:\/\/app-21-\d+\.azure\.databricksapps\.com$/);
  });

  test('a stop ends it, a start runs the same code again, and a deletion leaves nothing', async () => {
    const { sandbox, deployed, ann } = await openWithApps();
    const { app } = await deployed('ann-dash', { 'app.py': ECHO });
    const token = await signedIn(sandbox, ANN);
    const compute = async () => (await getApp(ann, 'ann-dash')).compute_status.state as string;
    await ann('POST', `${APPS}/ann-dash/stop`, {});
    expect((await visit(app.url, token)).status).toBe(503);
    await expect.poll(compute, SLOW).toBe('STOPPED');
    expect(await getApp(ann, 'ann-dash')).toMatchObject({ app_status: { state: 'UNAVAILABLE' }, url: app.url });
    expect((await visit(`${app.url}/logz`, token)).status).toBe(503);
    await ann('POST', `${APPS}/ann-dash/start`, {});
    const state = async () => (await getApp(ann, 'ann-dash')).app_status.state as string;
    await expect.poll(state, SLOW).toBe('RUNNING');
    expect((await visit(app.url, token)).status).toBe(200);
    await ann('DELETE', `${APPS}/ann-dash`);
    expect((await visit(app.url, token)).status).toBe(503);
    await expect.poll(async () => (await ann('GET', `${APPS}/ann-dash`)).status, SLOW).toBe(404);
    await expect
      .poll(
        () =>
          visit(app.url, token).then(
            () => 'answers',
            () => 'nobody',
          ),
        SLOW,
      )
      .toBe('nobody');
  });
});
