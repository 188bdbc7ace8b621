import { expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';
import { APPS, createApp, getApp, LONG, PEOPLE } from './app-requests.ts';

const ACL = '/api/2.0/permissions/apps/dash';
/** Everything that changes an app. */
const CHANGES = [
  ['PATCH', ''],
  ['POST', '/update'],
  ['POST', '/start'],
  ['POST', '/stop'],
  ['DELETE', ''],
] as const;

test('everybody sees an app; only who made it, who was let in, and admins may change it', async () => {
  const { admin, as, pass } = await openSandbox();
  const [ann, ben] = [as(ANN), as(BEN)];
  await createApp(ann, 'dash');
  pass(LONG);
  const tries = async (client: typeof ben) => {
    const statuses = [];
    for (const [method, path] of CHANGES)
      statuses.push((await client(method, `${APPS}/dash${path}`, { update_mask: 'name' })).status);
    return statuses;
  };
  expect((await getApp(ben, 'dash')).creator).toBe(ANN);
  expect((await ben('GET', APPS)).json.apps).toHaveLength(1);
  expect(await tries(ben)).toEqual([403, 403, 403, 403, 403]);
  expect((await ben('DELETE', `${APPS}/dash`)).json).toMatchObject({
    error_code: 'PERMISSION_DENIED',
    message:
      `${BEN} does not have Manage permissions on app dash. Please contact the owner or an ` +
      'administrator for access.',
  });
  const letIn = (permission_level: string) =>
    ann('PATCH', ACL, { access_control_list: [{ user_name: BEN, permission_level }] });
  await letIn('CAN_USE');
  expect((await ben('POST', `${APPS}/dash/stop`, {})).status).toBe(403);
  await letIn('CAN_MANAGE');
  expect((await ben('PATCH', `${APPS}/dash`, { description: 'of Ben' })).status).toBe(200);
  expect((await admin('POST', `${APPS}/dash/stop`, {})).json.updater).toBe('workshop-admin@example.com');
});

test('who may do what with an app: its maker manages it, admins by inheritance, and two levels there are', async () => {
  const { as, admin } = await openSandbox();
  await createApp(as(ANN), 'dash');
  expect((await as(ANN)('GET', ACL)).json).toEqual({
    object_id: '/apps/dash',
    object_type: 'apps',
    access_control_list: [
      {
        user_name: ANN,
        display_name: ANN,
        all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: false }],
      },
      {
        group_name: 'admins',
        all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: ['/apps/'] }],
      },
    ],
  });
  expect((await as(BEN)('GET', ACL)).status).toBe(403);
  const levels = (await admin('GET', `${ACL}/permissionLevels`)).json.permission_levels;
  expect(levels.map((one: { permission_level: string }) => one.permission_level)).toEqual(['CAN_USE', 'CAN_MANAGE']);
  const put = await admin('PUT', ACL, { access_control_list: [{ group_name: 'users', permission_level: 'CAN_USE' }] });
  expect(put.json.access_control_list).toHaveLength(2);
  expect((await admin('GET', '/api/2.0/permissions/apps/none')).status).toBe(404);
});

test('an app has a service principal of its own, which holds grants like anybody, and goes with it', async () => {
  const { admin, pass, sandbox } = await openSandbox();
  const { service_principal_client_id, service_principal_id, service_principal_name } = await createApp(admin, 'dash');
  const listed = async () => (await admin('GET', PEOPLE)).json.Resources ?? [];
  expect(await listed()).toMatchObject([
    {
      id: String(service_principal_id),
      applicationId: service_principal_client_id,
      displayName: service_principal_name,
    },
  ]);
  const grants = '/api/2.1/unity-catalog/permissions/catalog/main';
  await admin('PATCH', grants, { changes: [{ principal: service_principal_client_id, add: ['USE_CATALOG'] }] });
  const holders = async () =>
    ((await admin('GET', grants)).json.privilege_assignments ?? []).map((one: { principal: string }) => one.principal);
  expect(await holders()).toContain(service_principal_client_id);
  pass(LONG);
  await admin('DELETE', `${APPS}/dash`);
  expect(await listed()).toHaveLength(1);
  pass(LONG);
  expect(await listed()).toEqual([]);
  expect(await holders()).not.toContain(service_principal_client_id);
  expect(sandbox.books().ever.filter(({ kind }) => kind === 'service-principal')).toMatchObject([
    { name: service_principal_name, by: sandbox.adminUserName, goneBy: sandbox.adminUserName, alive: false },
  ]);
});

test('what an app names as its resources is granted to its principal, by who manages it', async () => {
  const { admin, as, pass } = await openSandbox();
  const ann = as(ANN);
  const volume = {
    securable_full_name: 'main.default.work',
    securable_type: 'VOLUME',
    permission: 'READ_VOLUME',
  };
  await admin('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'work',
    volume_type: 'MANAGED',
  });
  const model = 'databricks-claude-sonnet-4-6';
  const resources = [
    { name: 'model', serving_endpoint: { name: model, permission: 'CAN_QUERY' } },
    { name: 'files', uc_securable: volume },
  ];
  const { service_principal_client_id: id } = await createApp(admin, 'dash', { resources });
  const endpoint = (await admin('GET', `/api/2.0/serving-endpoints/${model}`)).json.id as string;
  const acl = async () =>
    (await admin('GET', `/api/2.0/permissions/serving-endpoints/${endpoint}`)).json.access_control_list;
  const held = expect.objectContaining({
    service_principal_name: id,
    all_permissions: [{ permission_level: 'CAN_QUERY', inherited: false }],
  }) as unknown;
  expect(await acl()).toContainEqual(held);
  const grants = async () =>
    (await admin('GET', '/api/2.1/unity-catalog/permissions/volume/main.default.work')).json.privilege_assignments;
  expect(await grants()).toEqual([{ principal: id, privileges: ['READ_VOLUME'] }]);

  // Who does not manage it cannot attach it, and no app comes of it.
  for (const resource of resources) {
    const refused = await ann('POST', APPS, { name: 'of-ann', resources: [resource] });
    expect([refused.status, refused.json.error_code], refused.text).toEqual([403, 'PERMISSION_DENIED']);
  }
  expect((await ann('GET', `${APPS}/of-ann`)).status).toBe(404);
  await createApp(ann, 'of-ann');
  expect((await ann('PATCH', `${APPS}/of-ann`, { resources })).status).toBe(403);
  // What it has already is no attaching.
  await admin('PATCH', ACL, { access_control_list: [{ user_name: ANN, permission_level: 'CAN_MANAGE' }] });
  expect((await ann('PATCH', `${APPS}/dash`, { resources })).status).toBe(200);
  const unknown = [{ name: 'x', serving_endpoint: { name: 'none', permission: 'CAN_QUERY' } }];
  expect((await admin('PATCH', `${APPS}/dash`, { resources: unknown })).status).toBe(404);
  const level = [{ name: 'x', serving_endpoint: { name: model, permission: 'CAN_FLY' } }];
  expect((await admin('PATCH', `${APPS}/dash`, { resources: level })).status).toBe(400);

  // They go with the app.
  pass(LONG);
  await admin('DELETE', `${APPS}/dash`);
  pass(LONG);
  expect(await acl()).not.toContainEqual(held);
  expect(await grants()).toBeUndefined();
});

test('an app that has the name of one that is gone inherits none of its grants', async () => {
  const { admin, as, pass } = await openSandbox();
  await createApp(as(ANN), 'dash');
  pass(LONG);
  await as(ANN)('DELETE', `${APPS}/dash`);
  pass(LONG);
  await createApp(as(BEN), 'dash');
  pass(LONG);
  expect((await as(ANN)('DELETE', `${APPS}/dash`)).status).toBe(403);
  expect((await admin('GET', ACL)).json.access_control_list).toHaveLength(2);
});
