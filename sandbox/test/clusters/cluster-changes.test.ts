import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

const LONG = 60 * MINUTE;

const act = (client: Client, action: string, id: string, more: Record<string, unknown> = {}) =>
  client('POST', `/api/2.1/clusters/${action}`, { cluster_id: id, ...more });

describe('owner and pins', () => {
  test('an admin gives a terminated cluster to somebody else', async () => {
    const { admin, as, pass } = await openSandbox();
    const id = await createCluster(admin);
    expect((await act(admin, 'change-owner', id, { owner_username: BEN })).json.error_code).toBe('INVALID_STATE');
    await act(admin, 'delete', id);
    pass(MINUTE);
    expect((await act(as(BEN), 'change-owner', id, { owner_username: BEN })).status).toBe(403);
    expect((await act(admin, 'change-owner', id, { owner_username: 'nobody@example.com' })).status).toBe(400);
    expect((await act(admin, 'change-owner', id, { owner_username: BEN })).status).toBe(200);
    expect(await getCluster(as(BEN), id)).toMatchObject({ creator_user_name: BEN, default_tags: { Creator: BEN } });
  });

  test('a pinned cluster is not deleted for good; only admins pin; a second pin says nothing', async () => {
    const { admin, as, sandbox } = await openSandbox();
    const id = await createCluster(admin);
    expect((await act(as(ANN), 'pin', id)).status).toBe(403);
    await act(admin, 'pin', id);
    await act(admin, 'pin', id);
    expect((await getCluster(admin, id)).pinned_by_user_name).toBe(sandbox.adminUserName);
    expect((await act(admin, 'events', id, { event_types: ['PINNED'] })).json.total_count).toBe(1);
    const refused = await act(admin, 'permanent-delete', id);
    expect(refused.status).toBe(400);
    expect(refused.json.message).toContain('unpin the cluster first');
    await act(admin, 'unpin', id);
    expect((await act(admin, 'permanent-delete', id)).status).toBe(200);
  });

  test('at most a hundred clusters are pinned', async () => {
    const { admin } = await openSandbox();
    const ids = await Promise.all(Array.from({ length: 101 }, () => createCluster(admin)));
    for (const id of ids.slice(0, 100)) expect((await act(admin, 'pin', id)).status).toBe(200);
    expect((await act(admin, 'pin', ids[100] ?? '')).status).toBe(400);
  });
});

describe('API 2.0 and 2.1', () => {
  test('an idempotency token answers the same cluster until that has terminated, in 2.0 only', async () => {
    const { admin, as, pass } = await openSandbox();
    const make = async (version: string, client: Client = admin) =>
      (await client('POST', `/api/${version}/clusters/create`, spec({ idempotency_token: 'once' }))).json.cluster_id;
    const first = await make('2.0');
    expect(await make('2.0')).toBe(first);
    pass(LONG);
    expect(await make('2.0')).toBe(first);
    expect(await make('2.1')).not.toBe(first);
    expect((await as(ANN)('POST', '/api/2.0/clusters/create', spec({ idempotency_token: 'once' }))).status).toBe(403);
    await act(admin, 'delete', first);
    pass(MINUTE);
    const second = await make('2.0');
    expect(second).not.toBe(first);
    await act(admin, 'start', first);
    expect(await make('2.0')).toBe(second);
    expect(
      (await admin('POST', '/api/2.0/clusters/create', spec({ idempotency_token: 'x'.repeat(65) }))).json.message,
    ).toContain('64');
  });

  test('both have every action', async () => {
    const { admin } = await openSandbox();
    for (const version of ['2.0', '2.1']) {
      for (const action of ['list-node-types', 'spark-versions', 'list-zones', 'list']) {
        expect((await admin('GET', `/api/${version}/clusters/${action}`)).status).toBe(200);
      }
      for (const action of [
        'edit',
        'start',
        'restart',
        'delete',
        'permanent-delete',
        'pin',
        'unpin',
        'change-owner',
        'events',
      ]) {
        const answer = await admin('POST', `/api/${version}/clusters/${action}`, {
          cluster_id: 'none',
          owner_username: ANN,
        });
        expect([answer.status, answer.json.error_code, answer.json.message]).toEqual([
          400,
          'INVALID_PARAMETER_VALUE',
          'Cluster none does not exist',
        ]);
      }
    }
  });
});
