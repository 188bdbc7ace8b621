import { describe, expect, test } from 'vitest';
import { ANN, BEN, clientOf, createCluster, getCluster, MINUTE, openSandbox, spec } from '../harness.ts';
import { newFolder, restart } from './restart.ts';

const POOLS = '/api/2.0/instance-pools';
const POLICIES = '/api/2.0/policies/clusters';
const GRANTS = '/api/2.1/unity-catalog/permissions/catalog/main';

describe('a restart', () => {
  test('keeps tokens, people and groups', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    first.sandbox.addUser({ userName: 'cy@example.com', displayName: 'Cy', active: false });
    first.sandbox.addGroup('trainers', { members: [BEN], entitlements: ['allow-cluster-create'] });
    const { clientId, clientSecret } = first.sandbox.addServicePrincipal('provisioner', { groups: ['admins'] });
    const annsToken = first.sandbox.tokenFor(ANN);
    const people = (await first.admin('GET', '/api/2.0/preview/scim/v2/Users')).json;
    const again = await restart(first, state);
    expect(again.sandbox.adminToken).toBe(first.sandbox.adminToken);
    expect((await again.admin('GET', '/api/2.0/preview/scim/v2/Users')).json).toEqual(people);
    expect((await clientOf(again.sandbox, annsToken)('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(ANN);
    const form = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
    expect((await clientOf(again.sandbox, undefined)('POST', '/oidc/v1/token', form)).status).toBe(200);
    expect(
      (await again.as(BEN)('GET', '/api/2.0/preview/scim/v2/Me')).json.groups.map(
        (group: { display: string }) => group.display,
      ),
    ).toContain('trainers');
  });

  test('keeps an OAuth token until it expires, with credentials sent either way', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const { clientId, clientSecret } = first.sandbox.addServicePrincipal('provisioner');
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const { access_token } = (
      await clientOf(first.sandbox, undefined)('POST', '/oidc/v1/token', 'grant_type=client_credentials', basic)
    ).json;
    const again = await restart(first, state);
    const client = clientOf(again.sandbox, access_token);
    expect((await client('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(clientId);
    again.pass(60 * MINUTE);
    expect((await client('GET', '/api/2.0/preview/scim/v2/Me')).status).toBe(403);
  });

  test('keeps a cluster that boots, which goes on at its exact moments, and what belongs to it', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const pool = (
      await first.admin('POST', `${POOLS}/create`, {
        instance_pool_name: 'warm',
        node_type_id: 'Standard_D4ds_v5',
        min_idle_instances: 2,
        max_capacity: 5,
      })
    ).json.instance_pool_id;
    const policy = (await first.admin('POST', `${POLICIES}/create`, { name: 'class', definition: '{}' })).json
      .policy_id;
    await first.admin('PATCH', `/api/2.0/permissions/cluster-policies/${policy}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_USE' }],
    });
    await first.admin('PATCH', GRANTS, { changes: [{ principal: ANN, add: ['USE_CATALOG'] }] });
    const id = await createCluster(first.admin, { policy_id: policy, autotermination_minutes: 30 });
    first.pass(20_000);
    const booting = await getCluster(first.admin, id);
    expect(booting.state).toBe('PENDING');
    const again = await restart(first, state);
    expect(await getCluster(again.admin, id)).toEqual(booting);
    expect((await again.admin('GET', `${POOLS}/get?instance_pool_id=${pool}`)).json).toMatchObject({
      instance_pool_name: 'warm',
      max_capacity: 5,
    });
    expect((await again.as(ANN)('GET', `${POLICIES}/get?policy_id=${policy}`)).json.name).toBe('class');
    expect((await again.as(BEN)('GET', `${POLICIES}/get?policy_id=${policy}`)).status).toBe(403);
    expect((await again.admin('GET', GRANTS)).text).toContain(ANN);
    const launched = again.sandbox.books().clusters[0]?.history[0]?.at;
    again.pass(60 * MINUTE);
    const history = again.sandbox.books().clusters[0]?.history ?? [];
    expect(history.map((step) => step.state)).toEqual(['PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED']);
    expect(history[0]?.at).toBe(launched);
    expect((history[2]?.at ?? 0) - (history[1]?.at ?? 0)).toBe(30 * MINUTE);
  });

  test('comes out the same as a sandbox that was never stopped', async () => {
    const state = newFolder();
    const kept = await openSandbox({ state });
    const a = await createCluster(kept.admin, { cluster_name: 'a' });
    kept.pass(7 * MINUTE);
    const b = await createCluster(kept.admin, { cluster_name: 'b' });
    await kept.admin('POST', '/api/2.1/clusters/delete', { cluster_id: a });
    kept.pass(7 * MINUTE);
    await kept.admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: b });
    const before = kept.sandbox.books().clusters;
    const again = await restart(kept, state);
    expect(again.sandbox.books().clusters).toEqual(before);
    const name = (await again.admin('POST', '/api/2.1/clusters/create', spec())).json.cluster_id;
    expect([a, b]).not.toContain(name);
  });

  test('keeps the id of the workspace and the address, and says when the address is another one', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const { url, workspaceId } = first.sandbox;
    const again = await restart(first, state);
    expect(again.sandbox).toMatchObject({ url, workspaceId, remarks: [] });
    const other = await openSandbox();
    const port = Number(new URL(other.sandbox.url).port);
    await other.sandbox.close();
    const moved = await restart(again, state, { port });
    expect(moved.sandbox.workspaceId).toBe(workspaceId);
    expect(moved.sandbox.remarks.join()).toContain(`not at ${url}`);
    expect((await moved.admin('GET', '/.well-known/databricks-config')).json.workspace_id).toBe(workspaceId);
  });
});

test('a restart keeps the clock that was set forward, faults and how far they have counted', async () => {
  const state = newFolder();
  const first = await openSandbox({ state });
  const control = clientOf(first.sandbox, undefined);
  await control('POST', '/__sandbox/clock', { advance: '3d' });
  const list = '/api/2.1/clusters/list';
  await control('POST', '/__sandbox/faults', {
    faults: [
      { name: 'busy', route: `GET ${list}`, count: 2, effect: { status: 503 } },
      { name: 'gone', route: `GET ${list}`, offset: 9, effect: { reset: true } },
    ],
  });
  expect((await first.admin('GET', list)).status).toBe(503);
  const { now } = (await control('GET', '/__sandbox/clock')).json;

  const again = await restart(first, state);
  const controlAgain = clientOf(again.sandbox, undefined);
  expect((await controlAgain('GET', '/__sandbox/clock')).json).toMatchObject({ now, ahead_ms: 3 * 24 * 60 * MINUTE });
  expect((await controlAgain('GET', '/__sandbox/faults')).json.faults).toMatchObject([
    { name: 'busy', fired: 1 },
    { name: 'gone', fired: 0 },
  ]);
  expect([(await again.admin('GET', list)).status, (await again.admin('GET', list)).status]).toEqual([503, 200]);
});

test('what the clock did by what lay on disk stays done, whatever lies there later', async () => {
  const state = newFolder();
  const first = await openSandbox({ state });
  await first.admin('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'scripts',
    volume_type: 'MANAGED',
  });
  const script = '/Volumes/main/default/scripts/init.sh';
  await first.admin('PUT', `/api/2.0/fs/files${script}`, 'echo hello');
  await createCluster(first.admin, {
    single_user_name: first.sandbox.adminUserName,
    init_scripts: [{ volumes: { destination: script } }],
  });
  first.pass(60 * MINUTE);
  expect(first.sandbox.books().clusters[0]?.state).toBe('RUNNING');
  await first.admin('DELETE', `/api/2.0/fs/files${script}`);
  const again = await restart(first, state);
  expect(again.sandbox.books().clusters[0]?.state).toBe('RUNNING');
  expect(again.sandbox.remarks).toEqual([]);
});
