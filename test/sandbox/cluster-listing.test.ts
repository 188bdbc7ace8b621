import { expect, test } from 'vitest';
import { MINUTE, createCluster, openSandbox } from './harness.ts';
import type { Client } from './harness.ts';

async function walk(client: Client, query: string, between?: (page: number) => Promise<void>): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  for (let token = '', pages = 1; ; pages += 1) {
    const { json } = await client('GET', `/api/2.1/clusters/list?${query}&page_token=${token}`);
    ids.push(...(json.clusters ?? []).map((cluster: { cluster_id: string }) => cluster.cluster_id));
    token = json.next_page_token;
    if (!token) return { ids, pages };
    await between?.(pages);
  }
}

const createMany = (client: Client, count: number) => Promise.all(Array.from({ length: count }, (_, index) => createCluster(client, { cluster_name: `c${index}` })));

test('a thousand clusters come in pages of at most a hundred', async () => {
  const { admin } = await openSandbox({ launch: { burst: 2_000, perSecond: 1 } });
  const made = await createMany(admin, 1_000);
  const { ids, pages } = await walk(admin, 'page_size=500');
  expect(pages).toBe(10);
  expect(new Set(ids)).toEqual(new Set(made));
  expect(ids).toHaveLength(1_000);
});

test('clusters made or removed between two pages neither shift nor repeat the rest', async () => {
  const { admin } = await openSandbox();
  const made = await createMany(admin, 9);
  const { ids } = await walk(admin, 'page_size=3', async (page) => {
    await createCluster(admin, { cluster_name: `late-${page}` });
    if (page === 1) await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: made[8] });
  });
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(made.slice(0, 8)));
});

test('a previous page leads back', async () => {
  const { admin } = await openSandbox();
  await createMany(admin, 5);
  const first = (await admin('GET', '/api/2.1/clusters/list?page_size=2')).json;
  const second = (await admin('GET', `/api/2.1/clusters/list?page_size=2&page_token=${first.next_page_token}`)).json;
  const back = (await admin('GET', `/api/2.1/clusters/list?page_size=2&page_token=${second.prev_page_token}`)).json;
  expect(back.clusters).toEqual(first.clusters);
  expect(first.prev_page_token).toBe('');
});

test('filters by state and policy, includes terminated ones, leaves clusters out when empty', async () => {
  const { admin, pass } = await openSandbox();
  const policy = (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'p', definition: '{}' })).json.policy_id;
  const governed = await createCluster(admin, { policy_id: policy });
  const free = await createCluster(admin);
  pass(60 * MINUTE);
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: free });
  pass(MINUTE);
  expect((await walk(admin, `filter_by.policy_id=${policy}`)).ids).toEqual([governed]);
  expect((await walk(admin, 'filter_by.cluster_states=TERMINATED&filter_by.cluster_states=PENDING')).ids).toEqual([free]);
  expect((await walk(admin, '')).ids).toEqual([free, governed]);
  expect((await admin('GET', '/api/2.1/clusters/list?filter_by.policy_id=none')).json).toEqual({ next_page_token: '', prev_page_token: '' });
});

test.each(['page_token=nonsense', 'page_size=x', 'filter_by.custom_tags=a', 'filter_by.cluster_states=GONE', 'sort_by.field=AGE'])('%s is refused', async (query) => {
  const { admin } = await openSandbox();
  const answer = await admin('GET', `/api/2.1/clusters/list?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json.error_code).toBe('INVALID_PARAMETER_VALUE');
});
