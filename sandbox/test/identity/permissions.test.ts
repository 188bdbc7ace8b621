import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, openSandbox } from '../harness.ts';

interface Line {
  readonly user_name?: string;
  readonly group_name?: string;
  readonly all_permissions: readonly { readonly permission_level: string; readonly inherited: boolean }[];
}
const levels = (json: { access_control_list: Line[] }) =>
  Object.fromEntries(
    json.access_control_list.map((line) => [
      line.user_name ?? line.group_name,
      line.all_permissions.map((one) => one.permission_level),
    ]),
  );

test('PATCH adds and the highest level of each counts, PUT replaces, admins keep CAN_MANAGE', async () => {
  const { admin, sandbox } = await openSandbox();
  const path = `/api/2.0/permissions/clusters/${await createCluster(admin)}`;
  const acl = (user_name: string, permission_level: string) => ({
    access_control_list: [{ user_name, permission_level }],
  });
  expect(levels((await admin('GET', path)).json)).toEqual({
    [sandbox.adminUserName]: ['CAN_MANAGE'],
    admins: ['CAN_MANAGE'],
  });
  await admin('PATCH', path, acl(ANN, 'CAN_RESTART'));
  await admin('PATCH', path, acl(BEN, 'CAN_ATTACH_TO'));
  const lowered = await admin('PATCH', path, acl(ANN, 'CAN_ATTACH_TO'));
  expect(levels(lowered.json)).toMatchObject({ [ANN]: ['CAN_RESTART'], [BEN]: ['CAN_ATTACH_TO'] });
  expect(lowered.json).toMatchObject({ object_id: path.replace('/api/2.0/permissions', ''), object_type: 'cluster' });
  const replaced = await admin('PUT', path, acl(BEN, 'CAN_MANAGE'));
  expect(levels(replaced.json)).toEqual({ [BEN]: ['CAN_MANAGE'], admins: ['CAN_MANAGE'] });
  expect(levels((await admin('PUT', path, { access_control_list: [] })).json)).toEqual({ admins: ['CAN_MANAGE'] });
});

test('an empty PATCH or PUT body is refused, so that a client that drops bodies is found out', async () => {
  const { admin } = await openSandbox();
  const path = `/api/2.0/permissions/clusters/${await createCluster(admin)}`;
  for (const method of ['PATCH', 'PUT']) {
    const answer = await admin(method, path);
    expect(answer.status).toBe(400);
    expect(answer.json.error_code).toBe('MALFORMED_REQUEST');
  }
  expect((await admin('PATCH', path, {})).status).toBe(400);
});

test.each([
  [
    { user_name: 'nobody@example.com', permission_level: 'CAN_RESTART' },
    404,
    'RESOURCE_DOES_NOT_EXIST',
    'UserName(nobody@example.com)',
  ],
  [{ group_name: 'nobodies', permission_level: 'CAN_RESTART' }, 404, 'RESOURCE_DOES_NOT_EXIST', 'GroupName(nobodies)'],
  [{ user_name: ANN, permission_level: 'CAN_USE' }, 400, 'INVALID_PARAMETER_VALUE', 'CAN_USE'],
  [{ permission_level: 'CAN_RESTART' }, 400, 'INVALID_PARAMETER_VALUE', 'exactly one'],
  [{ group_name: 'admins', permission_level: 'CAN_RESTART' }, 400, 'INVALID_PARAMETER_VALUE', 'admins'],
])('the entry %j is refused and nothing changes', async (entry, status, code, message) => {
  const { admin } = await openSandbox();
  const path = `/api/2.0/permissions/clusters/${await createCluster(admin)}`;
  const before = (await admin('GET', path)).json;
  const answer = await admin('PATCH', path, {
    access_control_list: [{ user_name: BEN, permission_level: 'CAN_RESTART' }, entry],
  });
  expect(answer.status).toBe(status);
  expect(answer.json.error_code).toBe(code);
  expect(answer.json.message).toContain(message);
  expect((await admin('GET', path)).json).toEqual(before);
});

test('objects that do not exist answer as their own API does', async () => {
  const { admin } = await openSandbox();
  expect((await admin('GET', '/api/2.0/permissions/clusters/0316-1-x')).json).toMatchObject({
    error_code: 'INVALID_PARAMETER_VALUE',
    message: 'Cluster 0316-1-x does not exist',
  });
  expect((await admin('GET', '/api/2.0/permissions/instance-pools/x')).status).toBe(404);
  expect((await admin('GET', '/api/2.0/permissions/serving-endpoints/databricks-claude-sonnet-4-5')).status).toBe(404);
  expect((await admin('GET', '/api/2.0/permissions/warehouses/x')).status).toBe(400);
});

test('of a cluster that was deleted for good there is no list, and of one long ended it says so', async () => {
  const { admin, pass } = await openSandbox();
  const gone = await createCluster(admin);
  const ended = await createCluster(admin);
  await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: gone });
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: ended });
  const change = { access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }] };
  for (const method of ['GET', 'PATCH', 'PUT']) {
    const body = method === 'GET' ? undefined : change;
    const answer = await admin(method, `/api/2.0/permissions/clusters/${gone}`, body);
    expect([answer.status, answer.json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  }
  pass(31 * 24 * 60 * MINUTE);
  expect((await admin('GET', `/api/2.0/permissions/clusters/${ended}`)).json).toMatchObject({
    error_code: 'INVALID_STATE',
    message: expect.stringContaining('terminated or unpinned more than 30 days ago'),
  });
});

test('a person may neither read nor change what they do not manage', async () => {
  const { admin, as } = await openSandbox();
  const path = `/api/2.0/permissions/clusters/${await createCluster(admin)}`;
  await admin('PATCH', path, { access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }] });
  for (const method of ['GET', 'PATCH'] as const) {
    const answer = await as(ANN)(method, path, method === 'GET' ? undefined : { access_control_list: [] });
    expect(answer.status).toBe(403);
    expect(answer.json.error_code).toBe('PERMISSION_DENIED');
  }
  await admin('PATCH', path, { access_control_list: [{ user_name: ANN, permission_level: 'CAN_MANAGE' }] });
  expect((await as(ANN)('GET', path)).status).toBe(200);
});

describe('jobs', () => {
  async function withJob() {
    const opened = await openSandbox();
    const cluster = await createCluster(opened.admin);
    const ann = opened.as(ANN);
    const { run_id } = (
      await ann('POST', '/api/2.2/jobs/runs/submit', {
        tasks: [{ task_key: 't', existing_cluster_id: cluster, spark_python_task: { python_file: '/Shared/x.py' } }],
      })
    ).json;
    const { job_id } = (await ann('GET', `/api/2.2/jobs/runs/get?run_id=${run_id}`)).json;
    return { ...opened, path: `/api/2.0/permissions/jobs/${job_id}` };
  }

  test('have one owner: PUT needs one, PATCH moves ownership, and a group cannot own', async () => {
    const { admin, as, path } = await withJob();
    expect(levels((await as(ANN)('GET', path)).json)).toEqual({ [ANN]: ['IS_OWNER'], admins: ['CAN_MANAGE'] });
    for (const owners of [[], [ANN, BEN]]) {
      const refused = await admin('PUT', path, {
        access_control_list: owners.map((user_name) => ({ user_name, permission_level: 'IS_OWNER' })),
      });
      expect(refused.json).toMatchObject({
        error_code: 'INVALID_PARAMETER_VALUE',
        message: 'The job must have exactly one owner.',
      });
    }
    expect(
      (await admin('PATCH', path, { access_control_list: [{ group_name: 'users', permission_level: 'IS_OWNER' }] }))
        .json.message,
    ).toContain('cannot be the owner');
    expect(
      levels(
        (await admin('PATCH', path, { access_control_list: [{ user_name: BEN, permission_level: 'IS_OWNER' }] })).json,
      ),
    ).toEqual({ [BEN]: ['IS_OWNER'], admins: ['CAN_MANAGE'] });
    expect((await as(ANN)('GET', path)).status).toBe(403);
    expect(
      (await as(BEN)('GET', `${path}/permissionLevels`)).json.permission_levels.map(
        (one: { permission_level: string }) => one.permission_level,
      ),
    ).toEqual(['CAN_VIEW', 'CAN_MANAGE_RUN', 'CAN_MANAGE', 'IS_OWNER']);
  });
});

describe('folders', () => {
  test('pass on what is granted on them, and say where it comes from', async () => {
    const { admin, as } = await openSandbox();
    await admin('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/course/day1' });
    const idOf = async (path: string) =>
      (await admin('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`)).json.object_id as number;
    const [course, day] = [await idOf('/Shared/course'), await idOf('/Shared/course/day1')];
    await admin('PATCH', `/api/2.0/permissions/directories/${course}`, {
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_READ' }],
    });
    const line = (await admin('GET', `/api/2.0/permissions/directories/${day}`)).json.access_control_list.find(
      (one: Line) => one.user_name === BEN,
    );
    expect(line.all_permissions).toEqual([
      { permission_level: 'CAN_READ', inherited: true, inherited_from_object: [`/directories/${course}`] },
    ]);
    expect((await admin('GET', '/api/2.0/permissions/directories/1')).status).toBe(404);
    // What lies in Shared belongs to everybody.
    expect((await as(ANN)('GET', `/api/2.0/permissions/directories/${day}`)).status).toBe(200);
  });

  test('of a person stay theirs, whatever the list says', async () => {
    const { admin, as } = await openSandbox();
    const home = (await admin('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(`/Users/${ANN}`)}`)).json
      .object_id as number;
    const answer = await admin('PUT', `/api/2.0/permissions/directories/${home}`, { access_control_list: [] });
    expect(levels(answer.json)).toMatchObject({ [ANN]: ['CAN_MANAGE'] });
    expect((await as(ANN)('GET', `/api/2.0/permissions/directories/${home}`)).status).toBe(200);
    expect((await as(BEN)('GET', `/api/2.0/permissions/directories/${home}`)).status).toBe(403);
  });
});
