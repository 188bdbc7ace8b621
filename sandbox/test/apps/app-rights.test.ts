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
