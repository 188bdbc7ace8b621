import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRoomActivities } from '../../../src/activities/room/open-room.ts';
import { Refused, type WorkshopClient } from '../../../src/client.ts';
import { queuesOf, roomAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../../src/domain/replayed/made/temporal-names.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import { EMPTY_ROOM } from '../../../src/domain/replayed/room/room.ts';
import { codeOf, GOOD } from '../../domain/papers/laptop-code.ts';
import { eventually } from '../stage/eventually.ts';
import { openSmallServer, type SmallServer } from './small-server.ts';

const about = (runId: string, dayOf: number) => ({
  runId,
  workspace: 'http://127.0.0.1:1',
  workspaceId: '4242',
  timeline: { dayOf },
});
let server: SmallServer;
let client: WorkshopClient;
let temporal: Client;

beforeAll(async () => {
  server = await openSmallServer();
  ({ client, temporal } = server);
  await server.work({
    taskQueue: queuesOf('http://127.0.0.1:1', '4242').workflows,
    workflowsPath: fileURLToPath(new URL('../../../src/workflows/index.ts', import.meta.url)),
  });
});
afterAll(() => server?.close());

/** A lifecycle of which nothing but its start is needed: nobody works on it. */
const begin = (id: string, runId: string, dayOf = 1) =>
  temporal.workflow.start('workshop', {
    workflowId: workshopAddress(id),
    taskQueue: 'nobody',
    memo: { about: about(runId, dayOf) },
  });

it('begins with the first who acts, and goes on as it was when it was ended from outside', async () => {
  const id = 'spring';
  await begin(id, 'first');
  expect(await client.room(id)).toEqual(EMPTY_ROOM);
  // Two at once: one room.
  await Promise.all([
    client.raiseHand(id, { key: 'ann', from: 'page', words: 'no token' }),
    client.raiseHand(id, { key: 'bo', from: 'page' }),
  ]);
  expect((await client.takeHand(id, { key: 'ann', by: 'Cy' })).recorded).toBe('Cy goes there');
  expect((await client.takeHand(id, { key: 'ann', by: 'Di' })).recorded).toMatch(/^Cy goes there already, since/);
  await client.addNote(id, { key: 'ann', by: 'Cy', text: 'left-handed' });
  const before = await client.room(id);
  expect(before.hands.map(({ key }) => key).toSorted()).toEqual(['ann', 'bo']);

  await temporal.workflow.getHandle(roomAddress(id)).terminate('a hand slipped');
  expect(await client.room(id)).toEqual(before);
  await client.lowerHand(id, { key: 'ann', by: 'Cy' });
  expect(await client.room(id)).toMatchObject({
    hands: [{ key: 'bo' }],
    done: [{ key: 'ann', words: 'no token' }],
    notes: { ann: [{ text: 'left-handed' }] },
  });
});

it('refuses in words what does not fit, and what is asked of nobody', async () => {
  const id = 'autumn';
  await expect(client.raiseHand(id, { key: 'ann', from: 'page' })).rejects.toThrow(/no running workshop "autumn"/);
  await begin(id, 'first');
  const refused = (asking: Promise<unknown>, why: RegExp) =>
    expect(asking).rejects.toSatisfy((error: unknown) => error instanceof Refused && why.test(error.message));
  await refused(client.lowerHand(id, { key: 'ann', by: 'Cy' }), /^no hand is up at that seat/);
  await refused(
    client.raiseHand(id, { key: 'ann', from: 'page', words: 'x'.repeat(501) }),
    /^words: has more than 500/,
  );
  const code = codeOf(GOOD);
  await refused(client.laptopSeen(id, { key: 'ann', code: code.slice(0, -1) }), /and a code has 20/);
  await refused(client.laptopSeen(id, { key: 'ann', code: `${code.slice(1)}0` }), /Copy it again/);
  await client.laptopSeen(id, { key: 'ann', code: code.toLowerCase() });
  expect((await client.room(id)).laptops).toMatchObject({ ann: { code: code.replaceAll('-', '') } });
});

it('is the room of one run: an earlier one leaves nothing, and what is over takes nothing', async () => {
  const id = 'winter';
  const earlier = await begin(id, 'first');
  await client.raiseHand(id, { key: 'ann', from: 'page' });
  await earlier.terminate('over');
  await expect(client.raiseHand(id, { key: 'bo', from: 'page' })).rejects.toThrow(/is over, and so is its room/);
  const later = await begin(id, 'second');
  await client.raiseHand(id, { key: 'bo', from: 'page' });
  expect((await client.room(id)).hands.map(({ key }) => key)).toEqual(['bo']);
  await later.terminate('over');
  await temporal.workflow.getHandle(roomAddress(id)).terminate('over');
  await begin(id, 'third');
  expect(await client.room(id)).toEqual(EMPTY_ROOM);
});

it('is opened by the day, as it was, for this run only, and told to listen when it is open already', async () => {
  const id = 'summer';
  const activities = openRoomActivities({ temporal });
  const pace = paceAt(60);
  const queues = queuesOf('http://127.0.0.1:1', '4242');
  const open = (runId: string) => activities.openRoom({ workshopId: id, runId, workspaceId: '4242' }, { queues, pace });
  const handle = temporal.workflow.getHandle(roomAddress(id));
  const listens = async () =>
    (await handle.describe()).raw.pendingActivities?.map(({ activityType }) => activityType?.name);
  await begin(id, 'first', Date.now() + 3_600_000);
  await client.raiseHand(id, { key: 'ann', from: 'page' });
  expect(await listens()).toEqual([]);
  await open('first');
  await eventually(async () => expect(await listens()).toEqual(['hearHelp']));

  await handle.terminate('a hand slipped');
  await open('first');
  await eventually(async () => expect(await listens()).toEqual(['hearHelp']));
  expect((await client.room(id)).hands.map(({ key }) => key)).toEqual(['ann']);
  await open('second');
  expect(await handle.query(MESSAGES.room)).toEqual(EMPTY_ROOM);
  expect((await handle.describe()).memo).toEqual({ runId: 'second' });
});

it('goes with everything else of a rehearsal that is forgotten', async () => {
  const id = 'rehearsal';
  await begin(id, 'first');
  await client.raiseHand(id, { key: 'ann', from: 'page' });
  await eventually(async () => {
    await client.forget(id);
    const { status } = await temporal.workflow.getHandle(roomAddress(id)).describe();
    expect(status.name).toBe('TERMINATED');
  });
});
