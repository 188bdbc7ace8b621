import { expect, test } from 'vitest';
import { provisioning } from '../../src/clusters/fleet/provisioning.ts';
import type { Cluster } from '../../src/clusters/cluster-model.ts';
import { MINUTE, createCluster, openSandbox, spec } from '../harness.ts';

test('nodes beyond the burst are refused with 429 and a Retry-After that holds', async () => {
  const { admin, pass, sandbox } = await openSandbox({ launch: { burst: 3, perSecond: 0.5 } });
  await createCluster(admin, { is_single_node: undefined, kind: undefined, num_workers: 1 });
  await createCluster(admin);
  const refused = await admin('POST', '/api/2.1/clusters/create', spec());
  expect(refused.status).toBe(429);
  expect(refused.json.error_code).toBe('REQUEST_LIMIT_EXCEEDED');
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(refused.json.details).toContainEqual({
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retry_delay: '2s',
  });
  pass(2_000);
  await createCluster(admin);
  expect(sandbox.books().clusters).toHaveLength(3);
});

test('a start that is refused leaves the cluster as it was, an edit too', async () => {
  const { admin, pass } = await openSandbox({ launch: { burst: 1, perSecond: 0.0001 } });
  const id = await createCluster(admin);
  pass(60 * MINUTE);
  const before = (await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json;
  expect(
    (await admin('POST', '/api/2.1/clusters/edit', { ...spec({ node_type_id: 'Standard_D4s_v5' }), cluster_id: id }))
      .status,
  ).toBe(429);
  expect((await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json).toEqual(before);
});

test('speed shortens boots and refills the bucket faster, but not auto-termination', async () => {
  const { admin, pass, sandbox } = await openSandbox({ speed: 60, launch: { burst: 1, perSecond: 1 } });
  await createCluster(admin, { autotermination_minutes: 10 });
  pass(17);
  await createCluster(admin);
  pass(60_000);
  expect(sandbox.books().clusters.map((cluster) => cluster.state)).toEqual(['RUNNING', 'RUNNING']);
  pass(10 * MINUTE);
  expect(sandbox.books().clusters.map((cluster) => cluster.state)).toEqual(['TERMINATED', 'RUNNING']);
});

test('idleSpeed shortens auto-termination', async () => {
  const { admin, pass, sandbox } = await openSandbox({ speed: 60, idleSpeed: 60 });
  await createCluster(admin, { autotermination_minutes: 60 });
  pass(2 * MINUTE);
  expect(sandbox.books().clusters[0]?.history.map((step) => step.state)).toEqual([
    'PENDING',
    'RUNNING',
    'TERMINATING',
    'TERMINATED',
  ]);
});

test('provisioning compares with every create at the first moment', async () => {
  const { admin, pass, sandbox } = await openSandbox();
  const first = await createCluster(admin, { cluster_name: 'a' });
  pass(10 * MINUTE);
  const second = await createCluster(admin, { cluster_name: 'b' });
  pass(60 * MINUTE);
  const books = sandbox.books();
  const [bootA, bootB] = books.clusters.map(({ history }) => ((history[1]?.at ?? 0) - (history[0]?.at ?? 0)) / 1_000);
  expect(books.provisioning()).toEqual({
    seconds: Math.max(bootA ?? 0, 600 + (bootB ?? 0)),
    limitSeconds: Math.max(bootA ?? 0, bootB ?? 0),
    clusters: 2,
  });
  expect(books.provisioning([first])).toEqual({ seconds: bootA, limitSeconds: bootA, clusters: 1 });
  expect(books.provisioning((cluster) => cluster.name === 'b').seconds).toBe(bootB);
  expect(books.provisioning([second, 'unknown']).clusters).toBe(1);
});

test('the limit waits for the launch rate', () => {
  const cluster = (createdAt: number): Cluster =>
    ({
      createdAt,
      launches: [{ at: createdAt, nodes: 1, tokensBefore: 2, runningAt: createdAt + 5_000 }],
    }) as unknown as Cluster;
  const four = [0, 10_000, 20_000, 30_000].map(cluster);
  expect(provisioning(four, { burst: 2, perMs: 0.001 })).toEqual({ seconds: 35, limitSeconds: 7, clusters: 4 });
});
