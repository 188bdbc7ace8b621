import { expect, test } from 'vitest';
import { ANN, MINUTE, createCluster, openSandbox, spec } from '../harness.ts';

const LONG = 60 * MINUTE;
const NUMPY = { pypi: { package: 'numpy==2.1.0' } };
const WHEEL = { whl: '/Volumes/main/default/v/a.whl' };

test('libraries wait for the cluster, are installed, and leave when it restarts', async () => {
  const { admin, pass } = await openSandbox();
  const cluster_id = await createCluster(admin);
  const statuses = async () =>
    (await admin('GET', `/api/2.0/libraries/cluster-status?cluster_id=${cluster_id}`)).json.library_statuses?.map(
      (one: { library: unknown; status: string }) => [one.library, one.status],
    );
  expect((await admin('GET', `/api/2.0/libraries/cluster-status?cluster_id=${cluster_id}`)).json).toEqual({
    cluster_id,
  });
  expect((await admin('GET', '/api/2.0/libraries/all-cluster-statuses')).json).toEqual({});
  await admin('POST', '/api/2.0/libraries/install', { cluster_id, libraries: [NUMPY, WHEEL] });
  expect(await statuses()).toEqual([
    [NUMPY, 'PENDING'],
    [WHEEL, 'PENDING'],
  ]);
  pass(LONG);
  expect(await statuses()).toEqual([
    [NUMPY, 'INSTALLED'],
    [WHEEL, 'INSTALLED'],
  ]);
  await admin('POST', '/api/2.0/libraries/install', { cluster_id, libraries: [NUMPY, { jar: 'dbfs:/a.jar' }] });
  expect(await statuses()).toEqual([
    [NUMPY, 'INSTALLED'],
    [WHEEL, 'INSTALLED'],
    [{ jar: 'dbfs:/a.jar' }, 'INSTALLING'],
  ]);
  await admin('POST', '/api/2.0/libraries/uninstall', { cluster_id, libraries: [WHEEL, { egg: 'none' }] });
  expect((await statuses())[1]).toEqual([WHEEL, 'UNINSTALL_ON_RESTART']);
  await admin('POST', '/api/2.1/clusters/restart', { cluster_id });
  pass(LONG);
  expect(await statuses()).toEqual([
    [NUMPY, 'INSTALLED'],
    [{ jar: 'dbfs:/a.jar' }, 'INSTALLED'],
  ]);
  expect((await admin('GET', '/api/2.0/libraries/all-cluster-statuses')).json.statuses).toMatchObject([{ cluster_id }]);
});

test('a policy and a cloned cluster bring theirs along', async () => {
  const { admin } = await openSandbox();
  const { policy_id } = (
    await admin('POST', '/api/2.0/policies/clusters/create', { name: 'p', definition: '{}', libraries: [NUMPY] })
  ).json;
  const first = await createCluster(admin, { policy_id });
  const second = (await admin('POST', '/api/2.1/clusters/create', spec({ clone_from: { source_cluster_id: first } })))
    .json.cluster_id;
  expect(
    (await admin('GET', `/api/2.0/libraries/cluster-status?cluster_id=${second}`)).json.library_statuses,
  ).toMatchObject([{ library: NUMPY, status: 'PENDING' }]);
});

test.each([
  ['two kinds in one', [{ ...NUMPY, ...WHEEL }], 400],
  ['no kind at all', [{}], 400],
  ['none', [], 400],
  ['no list', 'numpy', 400],
])('%s is refused', async (_, libraries, status) => {
  const { admin } = await openSandbox();
  expect(
    (await admin('POST', '/api/2.0/libraries/install', { cluster_id: await createCluster(admin), libraries })).status,
  ).toBe(status);
});

test('who may attach to a cluster sees its libraries, who manages it changes them', async () => {
  const { admin, as } = await openSandbox();
  const cluster_id = await createCluster(admin);
  expect((await as(ANN)('GET', `/api/2.0/libraries/cluster-status?cluster_id=${cluster_id}`)).status).toBe(403);
  await admin('PATCH', `/api/2.0/permissions/clusters/${cluster_id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  expect((await as(ANN)('GET', `/api/2.0/libraries/cluster-status?cluster_id=${cluster_id}`)).status).toBe(200);
  expect((await as(ANN)('POST', '/api/2.0/libraries/install', { cluster_id, libraries: [NUMPY] })).status).toBe(403);
  expect((await admin('GET', '/api/2.0/libraries/cluster-status?cluster_id=none')).json.message).toBe(
    'Cluster none does not exist',
  );
});
