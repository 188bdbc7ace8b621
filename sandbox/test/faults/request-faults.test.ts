import { describe, expect, test } from 'vitest';
import type { FaultInput } from '../../src/sandbox.ts';
import { ANN, BEN, createCluster, getCluster, openSandbox } from '../harness.ts';
import { CREATE, LIST, LONG, open, create, list, lost, causeOf } from './fault-requests.ts';

describe('requests', () => {
  test('a status comes in place of the answer, in the shape of Databricks, and nothing is done', async () => {
    const { admin, sandbox } = await open({
      name: 'busy',
      route: CREATE,
      count: 1,
      effect: { status: 429, retryAfter: 7 },
    });
    const refused = await create(admin);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.json).toMatchObject({
      error_code: 'REQUEST_LIMIT_EXCEEDED',
      message: expect.stringContaining('try again later'),
    });
    expect(sandbox.books().clusters).toEqual([]);
    expect((await create(admin)).status).toBe(200);
    expect(sandbox.books().faults).toEqual([{ name: 'busy', fired: 1 }]);
    expect(sandbox.books().requests.byStatus['429']).toBe(1);
  });

  test('a 429 without Retry-After has none', async () => {
    const { admin } = await open({
      route: CREATE,
      effect: { status: 429, error_code: 'RESOURCE_EXHAUSTED', message: 'Slow down.' },
    });
    const refused = await create(admin);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.json).toMatchObject({ error_code: 'RESOURCE_EXHAUSTED', message: 'Slow down.' });
    expect(refused.text).not.toContain('RetryInfo');
  });

  test.each([
    ['a page of a proxy', '<html>Sign in</html>', 'text/html', '<html>Sign in</html>'],
    ['text', 'MALFORMED_REQUEST: no', 'text/plain', 'MALFORMED_REQUEST: no'],
    ['JSON', { error: 'odd' }, 'application/json', '{"error":"odd"}'],
  ])('a body of its own: %s', async (_name, body, type, text) => {
    const { admin } = await open({ route: LIST, effect: { status: 502, body } });
    const answer = await list(admin);
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([502, type, text]);
  });

  test('SCIM errors keep their own shape', async () => {
    const { admin } = await open({ route: '* /api/2.0/preview/scim/*', effect: { status: 503 } });
    expect((await admin('GET', '/api/2.0/preview/scim/v2/Users')).json).toMatchObject({
      status: '503',
      detail: expect.stringContaining('temporarily unavailable'),
    });
  });

  test('a reset does nothing, a lost answer everything', async () => {
    const { admin, sandbox } = await open(
      { name: 'reset', route: CREATE, count: 1, effect: { reset: true } },
      { name: 'lost', route: CREATE, offset: 1, count: 1, effect: { lostAnswer: true } },
    );
    expect(await causeOf(create(admin))).toBe('ECONNRESET');
    expect(sandbox.books().clusters).toHaveLength(0);
    expect(await causeOf(create(admin))).toBe('UND_ERR_SOCKET');
    expect(sandbox.books().clusters).toHaveLength(1);
    expect((await create(admin)).status).toBe(200);
  });

  test('a lost answer may also be a refusal', async () => {
    const { admin, sandbox } = await open({ route: CREATE, effect: { lostAnswer: true } });
    await lost(create(admin, { node_type_id: 'none' }));
    expect(sandbox.books().clusters).toEqual([]);
  });

  test('a delete that does not take the first time', async () => {
    const { admin, pass } = await open({
      route: 'POST /api/2.?/clusters/permanent-delete',
      count: 1,
      effect: { ignored: true },
    });
    const id = await createCluster(admin);
    pass(LONG);
    const once = await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect([once.status, once.json]).toEqual([200, {}]);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect((await getCluster(admin, id)).message).toContain('does not exist');
  });

  test('latency adds up, by the clock on the wall', async () => {
    const { admin } = await open(
      { route: LIST, effect: { latency: '60ms' } },
      { route: 'GET /*', effect: { latency: '40ms' } },
    );
    const before = performance.now();
    expect((await list(admin)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(95);
  });

  test('one person’s requests, and nobody else’s', async () => {
    const { admin, sandbox } = await open({ cluster: { person: 'ANN@*' }, effect: { status: 503 } });
    expect((await create(admin)).status).toBe(503);
    const bens = await createCluster(admin, { single_user_name: BEN });
    expect((await getCluster(admin, bens)).state).toBe('PENDING');
    expect((await list(admin)).json.clusters).toHaveLength(1);
    expect(sandbox.books().faults[0]?.fired).toBe(1);
  });

  test('a pool, and the clusters that take their nodes from it', async () => {
    const { admin } = await open({ pool: { name: 'warm-*' }, offset: 1, effect: { status: 500 } });
    const made = await admin('POST', '/api/2.0/instance-pools/create', {
      instance_pool_name: 'warm-1',
      node_type_id: 'Standard_D4ds_v5',
    });
    expect(made.status).toBe(200);
    const get = () => admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${made.json.instance_pool_id}`);
    expect([(await get()).status, (await get()).status]).toEqual([200, 500]);
    const ofPool = { node_type_id: undefined, instance_pool_id: made.json.instance_pool_id };
    expect([(await create(admin, ofPool)).status, (await create(admin, ofPool)).status]).toEqual([200, 500]);
  });

  test('tags and names choose clusters', async () => {
    const { admin } = await open({ cluster: { name: ['a-*', 'b-?'], tag: { seat: '7*' } }, effect: { status: 500 } });
    const status = async (cluster_name: string, seat: string) =>
      (await create(admin, { cluster_name, custom_tags: { seat } })).status;
    expect([
      await status('a-x', '77'),
      await status('b-1', '7'),
      await status('b-12', '7'),
      await status('a-x', '8'),
    ]).toEqual([500, 500, 200, 200]);
  });

  test('offset and count are of each resource and route, not of all together', async () => {
    const { admin } = await open({ route: '* /api/*/clusters/create', offset: 1, count: 1, effect: { status: 500 } });
    const three = async (person: string) =>
      [
        await create(admin, { single_user_name: person }),
        await create(admin, { single_user_name: person }),
        await create(admin, { single_user_name: person }),
      ].map(({ status }) => status);
    expect(await three(ANN)).toEqual([200, 500, 200]);
    expect(await three(BEN)).toEqual([200, 500, 200]);
  });

  test('from and until are a real workspace’s time from the sandbox’s start', async () => {
    const { admin, pass } = await openSandbox({
      speed: 60,
      faults: [{ route: LIST, from: '10m', until: '20m', effect: { status: 503 } }],
    });
    const statuses = [(await list(admin)).status];
    pass(10_000);
    statuses.push((await list(admin)).status);
    pass(10_000);
    statuses.push((await list(admin)).status);
    expect(statuses).toEqual([200, 503, 200]);
  });
});

describe('draws', () => {
  const PEOPLE = Array.from({ length: 40 }, (_, index) => `person${index}@example.com`);
  const hitOf = async (people: readonly string[], fault: Partial<FaultInput> = {}) => {
    const { admin } = await openSandbox({
      people,
      faults: [{ name: 'some', route: CREATE, probability: 0.4, seed: 'monday', effect: { status: 500 }, ...fault }],
    });
    const answers = await Promise.all(
      people.map(async (person) => ({
        person,
        status: (await create(admin, { single_user_name: person, cluster_name: `${Math.random()}` })).status,
      })),
    );
    return answers
      .filter(({ status }) => status === 500)
      .map(({ person }) => person)
      .toSorted();
  };

  test('hit the same people in whatever order they come and however clusters are called', async () => {
    const hit = await hitOf(PEOPLE);
    expect(hit.length).toBeGreaterThan(5);
    expect(hit.length).toBeLessThan(30);
    expect(await hitOf(PEOPLE.toReversed())).toEqual(hit);
    expect(await hitOf([...PEOPLE.slice(20), ...PEOPLE.slice(0, 20)])).toEqual(hit);
  });

  test('follow the seed, not the name', async () => {
    const hit = await hitOf(PEOPLE);
    expect(await hitOf(PEOPLE, { name: 'another' })).toEqual(hit);
    expect(await hitOf(PEOPLE, { seed: 'tuesday' })).not.toEqual(hit);
  });

  test('count and probability together: only the first is drawn', async () => {
    const { admin } = await open({ route: CREATE, probability: 1, count: 1, effect: { status: 500 } });
    expect([(await create(admin)).status, (await create(admin)).status]).toEqual([500, 200]);
  });
});
