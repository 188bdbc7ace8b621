import { expect, test } from 'vitest';
import { MINUTE, createCluster, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';

async function walk(
  client: Client,
  query: string,
  between?: (page: number) => Promise<void>,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  for (let token = '', pages = 1; ; pages += 1) {
    const { json } = await client('GET', `/api/2.1/clusters/list?${query}&page_token=${token}`);
    ids.push(...(json.clusters ?? []).map((cluster: { cluster_id: string }) => cluster.cluster_id));
    token = json.next_page_token;
    if (!token) return { ids, pages };
    await between?.(pages);
  }
}

const createMany = (client: Client, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => createCluster(client, { cluster_name: `c${index}` })));

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
  const policy = (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'p', definition: '{}' })).json
    .policy_id;
  const governed = await createCluster(admin, { policy_id: policy });
  const free = await createCluster(admin);
  pass(60 * MINUTE);
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: free });
  pass(MINUTE);
  expect((await walk(admin, `filter_by.policy_id=${policy}`)).ids).toEqual([governed]);
  expect((await walk(admin, 'filter_by.cluster_states=TERMINATED&filter_by.cluster_states=PENDING')).ids).toEqual([
    free,
  ]);
  expect((await walk(admin, '')).ids).toEqual([governed, free]);
  expect((await admin('GET', '/api/2.1/clusters/list?filter_by.policy_id=none')).json).toEqual({
    next_page_token: '',
    prev_page_token: '',
  });
});

const names = async (client: Client, query: string): Promise<string[]> =>
  (await client('GET', `/api/2.1/clusters/list?${query}`)).json.clusters?.map(
    (cluster: { cluster_name: string }) => cluster.cluster_name,
  );

test('by default active, pinned, then by name; or by name alone; both can be turned round', async () => {
  const { admin, pass } = await openSandbox();
  const ids: Record<string, string> = {};
  for (const name of ['d', 'a', 'c', 'b']) ids[name] = await createCluster(admin, { cluster_name: name });
  await admin('POST', '/api/2.1/clusters/pin', { cluster_id: ids['d'] });
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: ids['a'] });
  pass(MINUTE);
  expect(await names(admin, '')).toEqual(['d', 'b', 'c', 'a']);
  expect(await names(admin, 'sort_by.direction=DESC')).toEqual(['a', 'c', 'b', 'd']);
  expect(await names(admin, 'sort_by.field=CLUSTER_NAME')).toEqual(['a', 'b', 'c', 'd']);
  expect(await names(admin, 'sort_by.field=CLUSTER_NAME&sort_by.direction=DESC&page_size=3')).toEqual(['d', 'c', 'b']);
  expect(await names(admin, 'filter_by.is_pinned=true')).toEqual(['d']);
  expect(await names(admin, 'filter_by.cluster_sources=JOB')).toBeUndefined();
});

test.each([
  '',
  'sort_by.direction=DESC',
  'sort_by.field=CLUSTER_NAME',
  'sort_by.field=CLUSTER_NAME&sort_by.direction=DESC',
])('pages lead on to the end and back to the start: %s', async (query) => {
  const { admin, pass } = await openSandbox();
  const made = await createMany(admin, 7);
  for (const id of [made[1], made[4]]) await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
  pass(MINUTE);
  const pages: string[][] = [];
  let answer = (await admin('GET', `/api/2.1/clusters/list?page_size=3&${query}`)).json;
  const idsOf = (json: { clusters: { cluster_id: string }[] }): string[] =>
    json.clusters.map((cluster) => cluster.cluster_id);
  for (;;) {
    pages.push(idsOf(answer));
    if (!answer.next_page_token) break;
    answer = (await admin('GET', `/api/2.1/clusters/list?page_size=3&${query}&page_token=${answer.next_page_token}`))
      .json;
  }
  expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
  for (const page of pages.slice(0, -1).toReversed()) {
    answer = (await admin('GET', `/api/2.1/clusters/list?page_size=3&${query}&page_token=${answer.prev_page_token}`))
      .json;
    expect(idsOf(answer)).toEqual(page);
  }
  expect(answer.prev_page_token).toBe('');
});

test('API 2.0 answers all clusters at once, unless asked for pages', async () => {
  const { admin } = await openSandbox();
  expect((await admin('GET', '/api/2.0/clusters/list')).json).toEqual({});
  await createMany(admin, 25);
  const all = (await admin('GET', '/api/2.0/clusters/list')).json;
  expect(all.clusters).toHaveLength(25);
  expect(Object.keys(all)).toEqual(['clusters']);
  expect((await admin('GET', '/api/2.0/clusters/list?page_size=10')).json.clusters).toHaveLength(10);
  expect((await admin('GET', '/api/2.1/clusters/list')).json.clusters).toHaveLength(20);
});

test('30 days after its end a cluster is listed no more, unless it is pinned', async () => {
  const { admin, pass } = await openSandbox();
  const [gone, kept] = (await createMany(admin, 2)) as [string, string];
  await admin('POST', '/api/2.1/clusters/pin', { cluster_id: kept });
  for (const id of [gone, kept]) await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
  pass(31 * 24 * 60 * MINUTE);
  expect((await walk(admin, '')).ids).toEqual([kept]);
  const late = await admin('GET', `/api/2.1/clusters/get?cluster_id=${gone}`);
  expect(late.status).toBe(400);
  expect(late.json).toMatchObject({
    error_code: 'INVALID_STATE',
    message: `Cannot access cluster ${gone} that was terminated or unpinned more than 30 days ago.`,
  });
  await admin('POST', '/api/2.1/clusters/unpin', { cluster_id: kept });
  expect((await walk(admin, '')).ids).toEqual([kept]);
  pass(31 * 24 * 60 * MINUTE);
  expect((await walk(admin, '')).ids).toEqual([]);
});

test.each([
  'page_token=nonsense',
  'page_size=x',
  'filter_by.custom_tags=a',
  'filter_by.cluster_states=GONE',
  'filter_by.cluster_sources=ME',
  'filter_by.is_pinned=maybe',
  'sort_by.field=AGE',
  'sort_by.direction=UP',
])('%s is refused', async (query) => {
  const { admin } = await openSandbox();
  const answer = await admin('GET', `/api/2.1/clusters/list?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json.error_code).toBe('INVALID_PARAMETER_VALUE');
});
