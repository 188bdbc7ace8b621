import { describe, expect, test } from 'vitest';
import { MINUTE, createCluster, openSandbox } from '../harness.ts';

const LONG = 60 * MINUTE;

describe('events', () => {
  test('newest first, in pages that new events do not shift', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const first = await admin('POST', '/api/2.1/clusters/events', { cluster_id: id, page_size: 2 });
    expect(first.json.events.map((event: { type: string }) => event.type)).toEqual(['DRIVER_HEALTHY', 'RUNNING']);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    const second = await admin('POST', '/api/2.1/clusters/events', {
      cluster_id: id,
      page_size: 2,
      page_token: first.json.next_page_token,
    });
    expect(second.json.events.map((event: { type: string }) => event.type)).toEqual(['CREATING']);
    expect(second.json.next_page_token).toBeUndefined();
    expect((await admin('POST', '/api/2.1/clusters/events', first.json.next_page)).json).toEqual(second.json);
    expect(second.json.next_page).toBeUndefined();
    const ascending = await admin('POST', '/api/2.1/clusters/events', {
      cluster_id: id,
      order: 'ASC',
      event_types: ['CREATING', 'TERMINATING'],
    });
    expect(ascending.json.events.map((event: { type: string }) => event.type)).toEqual(['CREATING', 'TERMINATING']);
    expect(ascending.json.events[1].details.reason).toMatchObject({ code: 'USER_REQUEST', type: 'SUCCESS' });
  });

  test('the deprecated offset wants end_time when descending, and answers the request to send next', async () => {
    const { admin, pass, now } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const events = (more: Record<string, unknown>) =>
      admin('POST', '/api/2.1/clusters/events', { cluster_id: id, ...more });
    expect((await events({ offset: 1 })).json.message).toContain('end_time');
    expect((await events({ limit: 1, page_size: 1 })).status).toBe(400);
    const first = (await events({ limit: 2, end_time: now() })).json;
    expect(first).toMatchObject({
      total_count: 3,
      next_page: { cluster_id: id, offset: 2, limit: 2, end_time: now() },
    });
    const second = (await events(first.next_page)).json;
    expect(second.events.map((event: { type: string }) => event.type)).toEqual(['CREATING']);
    expect(second.next_page).toBeUndefined();
  });

  test('pages lead back, sizes out of bounds are brought within, and what is unknown is refused', async () => {
    const { admin, pass } = await openSandbox();
    const id = await createCluster(admin);
    pass(LONG);
    const events = (more: Record<string, unknown>) =>
      admin('POST', '/api/2.1/clusters/events', { cluster_id: id, ...more });
    const first = (await events({ page_size: 1, order: 'ASC' })).json;
    const second = (await events({ page_size: 1, order: 'ASC', page_token: first.next_page_token })).json;
    expect(second.events[0].type).toBe('RUNNING');
    expect((await events({ page_size: 1, order: 'ASC', page_token: second.prev_page_token })).json.events).toEqual(
      first.events,
    );
    expect(first.prev_page_token).toBeUndefined();
    expect((await events({ page_size: 9_000 })).json.events).toHaveLength(3);
    expect((await events({ page_token: 'nonsense' })).status).toBe(400);
    expect((await events({ event_types: ['TERMINATED'] })).json.error_code).toBe('INVALID_PARAMETER_VALUE');
    expect((await events({ order: 'UP' })).json.error_code).toBe('INVALID_PARAMETER_VALUE');
  });
});
