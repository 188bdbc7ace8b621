import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ANN, BEN, clientOf, createCluster, MINUTE, openSandbox, scratchFolder } from '../harness.ts';
import type { Client } from '../harness.ts';

const SCIM = '/api/2.0/preview/scim/v2';
const UC = '/api/2.1/unity-catalog';

/** What a client can see of everything that can be kept. */
const LISTS = [
  `${SCIM}/Users`,
  `${SCIM}/Groups`,
  `${SCIM}/ServicePrincipals`,
  '/api/2.0/token/list',
  '/api/2.1/clusters/list',
  '/api/2.0/instance-pools/list',
  '/api/2.0/policies/clusters/list',
  `${UC}/catalogs`,
  `${UC}/schemas?catalog_name=main`,
  `${UC}/volumes?catalog_name=main&schema_name=default`,
  `${UC}/permissions/catalog/main`,
  '/api/2.0/secrets/scopes/list',
  '/api/2.0/secrets/list?scope=class',
  '/api/2.0/secrets/get?scope=class&key=k',
  '/api/2.0/workspace/list?path=/Users/ann@example.com',
  '/api/2.0/workspace/export?path=/Users/ann@example.com/book',
  '/api/2.0/fs/files/Volumes/main/default/v/a/f.txt',
  '/api/2.2/jobs/runs/list?expand_tasks=true',
  '/api/2.0/serving-endpoints',
  '/api/2.0/apps',
  '/api/2.0/apps/dash',
  '/api/2.0/permissions/apps/dash',
];

async function see(client: Client): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const path of LISTS) {
    const { status, text } = await client('GET', path);
    expect(status, `${path} ${text}`).toBe(200);
    seen[path] = text.startsWith('{') ? JSON.parse(text) : text;
  }
  return seen;
}

test('every kind of resource is the same after a restart, and what goes on goes on', async () => {
  const state = scratchFolder();
  const first = await openSandbox({ state });
  const done = async (method: string, path: string, body?: unknown, client = first.admin) => {
    const answer = await client(method, path, body);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(400);
    return answer.json;
  };

  const cy = await done('POST', `${SCIM}/Users`, { schemas: [], userName: 'cy@example.com' });
  await done('PATCH', `${SCIM}/Users/${cy.id}`, {
    schemas: [],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });
  const gone = await done('POST', `${SCIM}/Users`, { schemas: [], userName: 'gone@example.com' });
  await done('DELETE', `${SCIM}/Users/${gone.id}`);
  await done('POST', `${SCIM}/Groups`, { schemas: [], displayName: 'trainers', members: [{ value: cy.id }] });
  await done('POST', `${SCIM}/ServicePrincipals`, { schemas: [], displayName: 'robot' });
  const { token_value: mine } = await done(
    'POST',
    '/api/2.0/token/create',
    { comment: 'mine', lifetime_seconds: 3_600 },
    first.as(ANN),
  );
  const { token_info: revoked } = await done('POST', '/api/2.0/token/create', { comment: 'revoked' });
  await done('POST', '/api/2.0/token/delete', { token_id: revoked.token_id });

  const pool = (
    await done('POST', '/api/2.0/instance-pools/create', {
      instance_pool_name: 'warm',
      node_type_id: 'Standard_D4ds_v5',
      min_idle_instances: 2,
    })
  ).instance_pool_id;
  const policy = (
    await done('POST', '/api/2.0/policies/clusters/create', {
      name: 'class',
      definition: '{"autotermination_minutes":{"type":"fixed","value":30}}',
    })
  ).policy_id;
  await done('PATCH', `/api/2.0/permissions/cluster-policies/${policy}`, {
    access_control_list: [{ user_name: BEN, permission_level: 'CAN_USE' }],
  });
  const running = await createCluster(first.admin, { cluster_name: 'runs', autotermination_minutes: 600 });
  first.pass(20 * MINUTE);
  const stopped = await createCluster(first.admin, {
    cluster_name: 'stopped',
    instance_pool_id: pool,
    node_type_id: undefined,
    policy_id: policy,
    autotermination_minutes: 30,
  });
  await done('POST', '/api/2.1/clusters/delete', { cluster_id: stopped });
  const removed = await createCluster(first.admin, { cluster_name: 'removed' });
  await done('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: removed });
  await done('POST', '/api/2.1/clusters/pin', { cluster_id: stopped });
  await done('PATCH', `/api/2.0/permissions/clusters/${running}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });

  await done('POST', `${UC}/catalogs`, { name: 'extra', comment: 'c' });
  await done('POST', `${UC}/schemas`, { catalog_name: 'extra', name: 's' });
  await done('POST', `${UC}/volumes`, {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'v',
    volume_type: 'MANAGED',
  });
  await done('PATCH', `${UC}/permissions/catalog/main`, { changes: [{ principal: ANN, add: ['USE_CATALOG'] }] });
  await done('PUT', '/api/2.0/fs/directories/Volumes/main/default/v/a');
  await done('PUT', '/api/2.0/fs/files/Volumes/main/default/v/a/f.txt', 'hello');
  await done('POST', '/api/2.0/secrets/scopes/create', { scope: 'class' });
  await done('POST', '/api/2.0/secrets/put', { scope: 'class', key: 'k', string_value: 's3cret' });
  await done('POST', '/api/2.0/workspace/import', {
    path: `/Users/${ANN}/book`,
    format: 'SOURCE',
    language: 'PYTHON',
    content: Buffer.from('print(1)').toString('base64'),
  });

  const task = { task_key: 't', existing_cluster_id: running, notebook_task: { notebook_path: `/Users/${ANN}/book` } };
  const { run_id: ended } = await done('POST', '/api/2.2/jobs/runs/submit', { run_name: 'first', tasks: [task] });
  first.pass(10 * MINUTE);
  // What was planned does not hang on what lies on disk later.
  await done('POST', '/api/2.0/workspace/import', {
    path: `/Users/${ANN}/other`,
    format: 'SOURCE',
    language: 'PYTHON',
    content: Buffer.from('print(2)').toString('base64'),
  });
  await done('POST', '/api/2.2/jobs/runs/submit', {
    run_name: 'second',
    tasks: [{ ...task, notebook_task: { notebook_path: `/Users/${ANN}/other` } }],
  });
  await done('POST', '/api/2.0/workspace/delete', { path: `/Users/${ANN}/other` });

  await done('POST', '/api/2.0/apps', { name: 'dash', description: 'mine' }, first.as(ANN));
  await done('PATCH', '/api/2.0/permissions/apps/dash', {
    access_control_list: [{ user_name: BEN, permission_level: 'CAN_USE' }],
  });

  const before = await see(first.admin);
  await first.sandbox.close();
  await pause(5);
  const again = await openSandbox({ state, now: first.now });
  expect(again.sandbox.remarks).toEqual([]);
  expect(await see(again.admin)).toEqual(before);
  expect((await clientOf(again.sandbox, mine)('GET', `${SCIM}/Me`)).json.userName).toBe(ANN);
  expect((await again.admin('GET', `/api/2.2/jobs/runs/get?run_id=${ended}`)).json.status.state).toBe('TERMINATED');
  first.pass(70 * MINUTE);
  expect((await clientOf(again.sandbox, mine)('GET', `${SCIM}/Me`)).status).toBe(403);
  expect((await again.admin('GET', '/api/2.2/jobs/runs/list?active_only=true')).json.runs).toBeUndefined();
});
