import { describe, expect, test } from 'vitest';
import { MINUTE, createCluster, getCluster } from '../harness.ts';
import { LIST, LONG, open, list } from './fault-requests.ts';

describe('stale lists', () => {
  test('show what was there then, as it was then', async () => {
    const { admin, pass } = await open({ route: LIST, offset: 1, count: 3, effect: { stale: '30s' } });
    const id = await createCluster(admin);
    expect((await list(admin)).json.clusters).toHaveLength(1);
    pass(29_000);
    expect((await list(admin)).json.clusters).toBeUndefined();
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    pass(10_000);
    expect((await list(admin)).json.clusters).toMatchObject([{ cluster_id: id, state: 'RUNNING', state_message: '' }]);
    pass(25_000);
    expect((await list(admin)).json.clusters).toBeUndefined();
  });

  test('know why a cluster had ended, and that it had not been started again', async () => {
    const { admin, pass } = await open({ route: LIST, effect: { stale: '20s' } });
    const id = await createCluster(admin);
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(2 * MINUTE);
    const down = await getCluster(admin, id);
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(10_000);
    expect((await list(admin)).json.clusters).toEqual([down]);
    expect((await list(admin, '?filter_by.cluster_states=PENDING')).json.clusters).toBeUndefined();
    pass(10_000);
    expect((await list(admin)).json.clusters).toMatchObject([{ state: 'PENDING' }]);
  });
});
