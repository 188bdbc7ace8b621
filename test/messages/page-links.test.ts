import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { isSigned } from '../../src/domain/links/signed-link.ts';
import { timesSeated } from '../../src/domain/links/times-seated.ts';
import { queuesOf } from '../../src/domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../src/domain/replayed/made/temporal-names.ts';
import type { Posted } from '../../src/domain/replayed/outbox/outbox.ts';
import { seatKey } from '../../src/domain/replayed/seat/seat-key.ts';
import { newSeat, type Seat } from '../../src/domain/replayed/seat/seat.ts';
import { paceAt } from '../../src/domain/replayed/time/pace.ts';
import { FolderNotifier } from '../../src/messages/folder.ts';
import { OutboxNotifier } from '../../src/messages/outbox.ts';
import { PageLinks } from '../../src/messages/page-links.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';
import { scratchFolder } from '../scratch.ts';

const KEY = new Uint8Array(32).fill(3);
const RUN = { workshopId: 'spring-apps', runId: 'r1', workspaceId: '1' };
const [ANN, BEN] = ['ann@example.com', 'ben@example.com'];
const URL = 'https://room.corp.test';
const seatOf = (email: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(seatKey(RUN.runId, email), email, 'attendee', 1),
  ...more,
});

/** A workshop as its workflows tell of it, and how often they were asked. */
function workshop() {
  const plan = { ...examplePlan(), web: { url: URL, generation: 1 } };
  const stand = { plan, seats: [seatOf(ANN), seatOf(BEN)], asked: 0, isCohortSilent: false, posted: [] as Posted[] };
  const query = async (name: string) => {
    stand.asked += 1;
    if (name === MESSAGES.planInForce) return { plan: stand.plan, cohorts: 1 };
    if (stand.isCohortSilent) throw new Error('no worker');
    return stand.seats;
  };
  const signalWithStart = async (_: string, { signalArgs }: { signalArgs: Posted[] }) =>
    stand.posted.push(...signalArgs);
  const temporal = { workflow: { getHandle: () => ({ query }), signalWithStart } } as unknown as Client;
  const links = new PageLinks(temporal, KEY);
  const page = (email: string) => links.unsealed(RUN, stand.plan, email) ?? '';
  const scope = { id: RUN.workshopId, runId: RUN.runId, generation: 1, seatGeneration: 1 };
  return { stand, temporal, links, page, scope };
}

const linkIn = (text: string) => /[0-9a-f]{16}\.\S{24}/.exec(text)?.[0] ?? '';

test('a link opens nothing while it waits, and the page of whom it is for when it leaves', async () => {
  const { links, page, scope } = workshop();
  expect(isSigned(KEY, linkIn(page(ANN)), scope)).toBe(false);
  const text = await links.sealed(RUN, ANN, `Your page:\n     ${page(ANN)}\n`);
  expect(text).toMatch(/^Your page:\n {5}https:\/\/room\.corp\.test\/spring-apps\/[0-9a-f]{16}\.\S{24}\n$/);
  expect(isSigned(KEY, linkIn(text), scope)).toBe(true);
});

test('one that leaves again is as it is now: an amendment or a return counts, a new cluster does not', async () => {
  const { stand, links, page, scope } = workshop();
  const before = await links.sealed(RUN, ANN, page(ANN));
  stand.plan = { ...stand.plan, web: { url: 'https://other.corp.test', generation: 2 } };
  stand.seats = [seatOf(ANN, { generation: 4, setAside: ['c1', 'c2'] })];
  const after = await new PageLinks(workshopAt(stand), KEY).sealed(RUN, ANN, before);
  expect(after).toMatch(/^https:\/\/other\.corp\.test\//);
  expect(isSigned(KEY, linkIn(after), { ...scope, generation: 2, seatGeneration: 2 })).toBe(true);
  expect(isSigned(KEY, linkIn(before), { ...scope, generation: 2, seatGeneration: 2 })).toBe(false);
  expect(timesSeated(seatOf(ANN, { generation: 2, setAside: ['c1'] }))).toBe(timesSeated(seatOf(ANN)));

  function workshopAt({ plan, seats }: typeof stand): Client {
    const query = async (name: string) => (name === MESSAGES.planInForce ? { plan, cohorts: 1 } : seats);
    return { workflow: { getHandle: () => ({ query }) } } as unknown as Client;
  }
});

test("nobody's words lead a link elsewhere, or to somebody else", async () => {
  const { stand, links, page, scope } = workshop();
  const asked = `https://evil.example/spring-apps/${linkIn(page(ANN))} ${page(BEN)}`;
  const [first = '', second = ''] = (await links.sealed(RUN, ANN, asked)).split(' ');
  expect(first).toMatch(/^https:\/\/room\.corp\.test\/spring-apps\//);
  expect(isSigned(KEY, linkIn(first), scope)).toBe(true);
  expect(second).toBe(page(BEN));
  stand.asked = 0;
  expect(await links.sealed(RUN, ANN, 'Dear Ann')).toBe('Dear Ann');
  expect(stand.asked).toBe(0);
});

test('letters for everybody at once ask once; where a cohort is silent, the first link is likely', async () => {
  const { stand, links, page, scope } = workshop();
  await Promise.all(Array.from({ length: 70 }, () => [ANN, BEN].map((to) => links.sealed(RUN, to, page(to)))).flat());
  expect(stand.asked).toBe(2);
  const { stand: other, links: silent } = workshop();
  other.isCohortSilent = true;
  expect(isSigned(KEY, linkIn(await silent.sealed(RUN, ANN, page(ANN))), scope)).toBe(true);
});

test('somebody who joins is known at once', async () => {
  const { stand, links, page, scope } = workshop();
  await links.sealed(RUN, ANN, page(ANN));
  stand.seats = [...stand.seats, seatOf('late@example.com', { generation: 2 })];
  const text = await links.sealed(RUN, 'late@example.com', page('late@example.com'));
  expect(isSigned(KEY, linkIn(text), { ...scope, seatGeneration: 2 })).toBe(true);
});

test('what Temporal is given has no link that works; the copy in the folder has', async ({ onTestFinished }) => {
  const { stand, temporal, links, page, scope } = workshop();
  const queues = queuesOf(stand.plan.workspace, '1');
  const folder = new FolderNotifier(scratchFolder(onTestFinished));
  const notifier = new OutboxNotifier({ folder, temporal, queues, pace: paceAt(1), pages: links });
  const by = { group: 'attendees', plan: {} as never, title: 'Apps' } as const;
  const file = await notifier.deliver(RUN, 'ann', { to: ANN, subject: 'Ready', text: page(ANN), by });
  expect(stand.posted.map(({ text }) => text)).toEqual([page(ANN)]);
  expect(isSigned(KEY, linkIn(await readFile(file, 'utf8')), scope)).toBe(true);
});
