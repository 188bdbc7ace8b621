import { describe, expect, it } from 'vitest';
import { all, connect, failureOf, json, serve } from '../stub.ts';

const cluster = (id: number) => ({ cluster_id: String(id), state: 'RUNNING' });
const query = (url: string) => new URL(url, 'http://x').searchParams;

describe('a listing', () => {
  it('goes on past pages that are empty or lack their list', async () => {
    const answers: Record<string, unknown> = {
      '': { clusters: [cluster(1), cluster(2)], next_page_token: 'a' },
      a: { clusters: [], next_page_token: 'b' },
      b: { next_page_token: 'c' },
      c: { clusters: [cluster(3)], next_page_token: '' },
    };
    const stub = await serve((request, response) =>
      json(response, answers[query(request.url).get('page_token') ?? '']),
    );
    const filter = { policyId: 'p 1' };
    const clusters = await all(connect({ host: stub.url }).clusters.list(filter));
    expect(clusters.map((one) => one.cluster_id)).toEqual(['1', '2', '3']);
    for (const { url } of stub.received) {
      expect(query(url).get('filter_by.policy_id')).toBe('p 1');
    }
    expect(filter).toEqual({ policyId: 'p 1' });
  });

  it('of nothing has no list at all', async () => {
    const stub = await serve((_request, response) => json(response, {}));
    const workspace = connect({ host: stub.url });
    expect(await all(workspace.clusters.list())).toEqual([]);
    expect(await all(workspace.instancePools.list())).toEqual([]);
    expect(await all(workspace.clusterPolicies.list())).toEqual([]);
    expect(await all(workspace.users.list())).toEqual([]);
    expect(stub.received[0]?.url).toBe('/api/2.1/clusters/list?page_size=100');
  });

  it('that would never end is an error', async () => {
    const stub = await serve((_request, response) => json(response, { next_page_token: 'same' }));
    expect(await failureOf(all(connect({ host: stub.url }).clusters.list()))).toMatchObject({
      errorCode: 'UNEXPECTED_ANSWER',
    });
    expect(stub.received).toHaveLength(2);
  });

  it('asks for no more than is read', async () => {
    const stub = await serve((_request, response) =>
      json(response, { clusters: [cluster(1)], next_page_token: String(stub.received.length) }),
    );
    for await (const one of connect({ host: stub.url }).clusters.list()) {
      expect(one.cluster_id).toBe('1');
      break;
    }
    expect(stub.received).toHaveLength(1);
  });

  it('fails with the page that fails, and not silently', async () => {
    const stub = await serve((_request, response) =>
      stub.received.length === 1
        ? json(response, { clusters: [cluster(1)], next_page_token: 'a' })
        : json(response, { error_code: 'INTERNAL_ERROR' }, 500),
    );
    expect(await failureOf(all(connect({ host: stub.url }).clusters.list()))).toMatchObject({ status: 500 });
  });

  it('of events sends its token in the body', async () => {
    const stub = await serve((request, response) => {
      const { page_token } = JSON.parse(request.body.toString()) as { page_token?: string };
      json(
        response,
        page_token === undefined
          ? { events: [{ type: 'RUNNING', timestamp: 2 }], next_page_token: 'a' }
          : {
              events: [
                { type: 'TERMINATING', timestamp: 1, details: { reason: { code: 'INACTIVITY', type: 'SUCCESS' } } },
              ],
            },
      );
    });
    const events = await all(
      connect({ host: stub.url }).clusters.events('1', {
        types: ['RUNNING', 'TERMINATING'],
        order: 'DESC',
        pageSize: 1,
      }),
    );
    expect(events.map(({ type }) => type)).toEqual(['RUNNING', 'TERMINATING']);
    expect(events[1]?.details?.reason?.code).toBe('INACTIVITY');
    expect(JSON.parse(String(stub.received[1]?.body))).toEqual({
      cluster_id: '1',
      order: 'DESC',
      event_types: ['RUNNING', 'TERMINATING'],
      page_size: 1,
      page_token: 'a',
    });
  });
});

describe('a SCIM listing', () => {
  const user = (id: number) => ({ id: String(id), userName: `u${id}@example.com` });

  /** Serves `total` users, at most `most` at a time, whatever is asked for. */
  const people = (total: number, most: number, saysTotal = true) =>
    serve((request, response) => {
      const start = Number(query(request.url).get('startIndex'));
      const count = Math.max(0, Math.min(most, total - start + 1));
      const Resources = Array.from({ length: count }, (_, i) => user(start + i));
      json(response, {
        schemas: [],
        ...(saysTotal ? { totalResults: total } : {}),
        startIndex: start,
        itemsPerPage: count,
        ...(count > 0 ? { Resources } : {}),
      });
    });

  it.each([
    ['with a total', 250, 100, true, 3],
    ['of exactly full pages', 200, 100, true, 2],
    ['without a total', 250, 100, false, 4],
    ['of pages smaller than asked for', 25, 10, true, 3],
  ])('%s moves on by what came', async (_kind, total, most, saysTotal, requests) => {
    const stub = await people(total, most, saysTotal);
    const users = await all(connect({ host: stub.url }).users.list());
    expect(users.map(({ id }) => id)).toEqual(Array.from({ length: total }, (_, i) => String(i + 1)));
    expect(stub.received).toHaveLength(requests);
  });

  it('gives someone who appears twice once', async () => {
    const stub = await serve((request, response) =>
      json(
        response,
        query(request.url).get('startIndex') === '1'
          ? { totalResults: 4, Resources: [user(1), user(2)] }
          : { totalResults: 4, Resources: [user(2), user(3)] },
      ),
    );
    expect((await all(connect({ host: stub.url }).users.list())).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('of users and groups gives plain values', async () => {
    const stub = await serve((request, response) =>
      json(
        response,
        request.url.includes('/Users')
          ? {
              totalResults: 2,
              Resources: [
                {
                  ...user(1),
                  active: false,
                  emails: [{ value: 'one@example.com', primary: true }],
                  entitlements: [{ value: 'workspace-access' }],
                  groups: [{ value: '9', display: 'users' }],
                  displayName: 'One',
                },
                user(2),
              ],
            }
          : {
              totalResults: 1,
              Resources: [
                {
                  id: '9',
                  displayName: 'users',
                  entitlements: [{ value: 'workspace-access' }],
                  members: [{ value: '1', display: 'One' }],
                },
              ],
            },
      ),
    );
    const workspace = connect({ host: stub.url });
    expect(await all(workspace.users.list())).toEqual([
      {
        id: '1',
        userName: 'u1@example.com',
        displayName: 'One',
        active: false,
        emails: ['one@example.com'],
        entitlements: ['workspace-access'],
        groups: [{ id: '9', name: 'users' }],
      },
      { id: '2', userName: 'u2@example.com', active: true, emails: [], entitlements: [], groups: [] },
    ]);
    expect(await all(workspace.groups.list())).toEqual([
      { id: '9', name: 'users', entitlements: ['workspace-access'], members: [{ id: '1', name: 'One' }] },
    ]);
  });
});
