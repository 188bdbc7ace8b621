import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { APPS, createApp, getApp, LONG, refusal } from './app-requests.ts';

describe('a new app', () => {
  test('starts, with what its maker said, what the platform sets and nothing besides', async () => {
    const { as, sandbox } = await openSandbox();
    const resources = [
      // Of a kind that the sandbox has nothing of: written down, and no more.
      { name: 'nightly', job: { id: '7', permission: 'CAN_VIEW' } },
    ];
    const app = await createApp(as(ANN), 'ann-dash', { description: 'mine', resources, url: 'https://evil.example' });
    expect(app).toEqual({
      name: 'ann-dash',
      id: app.service_principal_client_id,
      url: `https://ann-dash-${sandbox.workspaceId}.azure.databricksapps.com`,
      description: 'mine',
      resources,
      compute_size: 'MEDIUM',
      forward_user_access_token: true,
      effective_user_api_scopes: ['iam.current-user:read', 'iam.access-control:read'],
      compute_status: { state: 'STARTING', message: 'App compute is starting.' },
      app_status: { state: 'UNAVAILABLE', message: 'App status is unavailable.' },
      service_principal_id: expect.any(Number),
      service_principal_name: expect.stringMatching(/^app-[a-z0-9]{6} ann-dash$/),
      service_principal_client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      oauth2_app_client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      oauth2_app_integration_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creator: ANN,
      create_time: '2027-03-16T09:00:00Z',
      updater: ANN,
      update_time: '2027-03-16T09:00:00Z',
    });
    expect(await getApp(as(ANN), 'ann-dash')).toEqual(app);
  });

  test('is up after two to three minutes, with a default of the platform in it', async () => {
    const { admin, pass } = await openSandbox();
    await createApp(admin, 'dash');
    pass(119_000);
    expect((await getApp(admin, 'dash')).compute_status.state).toBe('STARTING');
    pass(61_000);
    expect(await getApp(admin, 'dash')).toMatchObject({
      compute_status: { state: 'ACTIVE', message: 'App compute is running.' },
      app_status: { state: 'RUNNING' },
      active_deployment: { status: { state: 'SUCCEEDED' } },
      default_source_code_path: '/Workspace/Users/workshop-admin@example.com/dash',
    });
  });

  test('comes up as much faster as the sandbox lives', async () => {
    const { admin, pass } = await openSandbox({ speed: 60 });
    await createApp(admin, 'dash');
    pass(1_900);
    expect((await getApp(admin, 'dash')).compute_status.state).toBe('STARTING');
    pass(1_200);
    expect((await getApp(admin, 'dash')).compute_status.state).toBe('ACTIVE');
  });

  test('with no_compute is stopped, and stays so', async () => {
    const { admin, pass } = await openSandbox();
    const { json } = await admin('POST', `${APPS}?no_compute=true`, { name: 'dash' });
    expect(json).toMatchObject({ compute_status: { state: 'STOPPED' }, description: '' });
    pass(LONG);
    const app = await getApp(admin, 'dash');
    expect(app.compute_status.state).toBe('STOPPED');
    expect(app.active_deployment).toBeUndefined();
  });
});

test.each(['a', 'a'.repeat(31), 'Ann', 'ann_dash', 'ann.dash', 'ann@example.com', ''])(
  'no app may be called %j',
  async (name) => {
    const { admin } = await openSandbox();
    const answer = await admin('POST', APPS, { name });
    expect([answer.status, answer.json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.json.message).toContain('lower-case letters, digits and hyphens');
  },
);

test.each([
  ['a description that is too long', { description: 'x'.repeat(501) }, 'description'],
  ['a resource of no kind', { resources: [{ name: 'x' }] }, 'exactly one of'],
  ['a resource of two kinds', { resources: [{ name: 'x', job: {}, app: {} }] }, 'exactly one of'],
  ['all scopes at once', { user_api_scopes: ['all-apis'] }, 'all-apis'],
])('%s is refused', async (_, more, words) => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', APPS, { name: 'dash', ...more });
  expect([answer.status, answer.json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  expect(answer.json.message).toContain(words);
});

test('a name of 2 or of 30 characters will do, and is taken then, whoever asks', async () => {
  const { admin, as } = await openSandbox();
  for (const name of ['42', `a${'-'.repeat(29)}`]) {
    await createApp(admin, name);
    expect(refusal(await as(ANN)('POST', APPS, { name }))).toEqual([
      409,
      'RESOURCE_ALREADY_EXISTS',
      `Failed to create app ${name}. An app with the same name already exists.`,
    ]);
  }
});

test('an unknown name is not found, whatever is asked of it', async () => {
  const { admin } = await openSandbox();
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/start'],
    ['POST', '/stop'],
    ['POST', '/update'],
    ['GET', '/update'],
  ] as const) {
    const answer = await admin(method, `${APPS}/none${path}`, method === 'GET' ? undefined : {});
    expect(refusal(answer), `${method} ${path}`).toEqual([
      404,
      'NOT_FOUND',
      'App with name none does not exist or is deleted.',
    ]);
  }
});

describe('the list', () => {
  test('is empty without a field for it, and leaves app_status out', async () => {
    const { admin } = await openSandbox();
    expect((await admin('GET', APPS)).json).toEqual({});
    const { app_status, ...rest } = await createApp(admin, 'dash');
    expect(app_status.state).toBe('UNAVAILABLE');
    expect((await admin('GET', APPS)).json).toEqual({ apps: [rest] });
  });

  test('comes in pages, of 20 unless said otherwise, and what goes meanwhile hides nothing', async () => {
    const { admin, pass } = await openSandbox({ strangersApps: 25 });
    const names = async (query: string) => {
      const { apps, next_page_token } = (await admin('GET', `${APPS}?${query}`)).json;
      return { names: apps.map((app: { name: string }) => app.name.replace('strangers-app-', '')), next_page_token };
    };
    expect((await names('')).names).toHaveLength(20);
    const first = await names('page_size=2');
    expect(first.names).toEqual(['1', '2']);
    await admin('DELETE', `${APPS}/strangers-app-1`);
    pass(LONG);
    const second = await names(`page_size=22&page_token=${first.next_page_token}`);
    expect(second.names).toEqual(Array.from({ length: 22 }, (_, index) => String(index + 3)));
    const last = await names(`page_size=22&page_token=${second.next_page_token}`);
    expect(last).toEqual({ names: ['25'], next_page_token: undefined });
    expect((await admin('GET', `${APPS}?page_token=!`)).status).toBe(400);
  });
});

describe('a change', () => {
  test('by PATCH leaves the rest, the name and the size as they are', async () => {
    const { admin, as, pass } = await openSandbox();
    await createApp(as(ANN), 'dash', { description: 'old', user_api_scopes: ['sql'] });
    pass(1_000);
    const { json } = await admin('PATCH', `${APPS}/dash`, { name: '', description: 'new' });
    expect(json).toMatchObject({
      name: 'dash',
      description: 'new',
      user_api_scopes: ['sql'],
      updater: 'workshop-admin@example.com',
      update_time: '2027-03-16T09:00:01Z',
      creator: ANN,
    });
    expect(refusal(await admin('PATCH', `${APPS}/dash`, { compute_size: 'LARGE' }))).toEqual([
      400,
      'INVALID_PARAMETER_VALUE',
      'Compute size updates are not supported in this update API. Please use the new update API instead.',
    ]);
    expect((await admin('PATCH', `${APPS}/dash`)).status).toBe(400);
  });

  test('by update concerns the fields of the mask: one that is not given is taken back', async () => {
    const { admin } = await openSandbox();
    await createApp(admin, 'dash', { description: 'old', user_api_scopes: ['sql'] });
    expect((await admin('GET', `${APPS}/dash/update`)).json.status.state).toBe('NOT_UPDATED');
    const update = (app: unknown, update_mask: string) => admin('POST', `${APPS}/dash/update`, { app, update_mask });
    const answer = await update({ compute_size: 'LARGE', description: 'not named' }, 'compute_size,user_api_scopes');
    expect(answer.json).toEqual({ status: { state: 'SUCCEEDED', message: '' } });
    const app = await getApp(admin, 'dash');
    expect(app).toMatchObject({ compute_size: 'LARGE', description: 'old' });
    expect(app.user_api_scopes).toBeUndefined();
    expect((await update({}, 'description')).status).toBe(200);
    expect((await getApp(admin, 'dash')).description).toBe('');
    expect((await admin('GET', `${APPS}/dash/update`)).json.status.state).toBe('SUCCEEDED');
    expect((await update({ creator: ANN }, 'creator')).json.message).toContain("may not hold 'creator'");
  });
});

test('thumbnails, spaces and templates are asked of a real workspace, and written down', async () => {
  const { admin, sandbox } = await openSandbox();
  await createApp(admin, 'dash');
  for (const path of [
    `PATCH ${APPS}/dash/thumbnail`,
    'GET /api/2.0/app-spaces',
    'GET /api/2.0/apps-settings/templates',
  ]) {
    const [method = '', url = ''] = path.split(' ');
    expect((await admin(method, url)).status, path).toBe(501);
  }
  expect(sandbox.books().unknownRoutes).toHaveLength(3);
});
