import { createServer, type Server } from 'node:net';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { SeatState } from '../../../src/domain/replayed/seat/seat.ts';
import { SampleWorkshop, seatOf } from '../sample-room.ts';
import { describeInBrowser, DESKTOP, openWindow } from './browser.ts';

/** A tenth of a second where it is seconds in a room. */
const WAITS = { beatMs: 600, pollMs: 200, longestMs: 5_000 };
const PATIENT = { timeout: 60_000 };
/** The browser's own words for what a broken connection is. */
const BROKEN = /Failed to load resource|ERR_/;

const tile = (page: Page, name: string) => page.locator('.seats').getByRole('link', { name });

const shows = (page: Page, name: string, state: SeatState) =>
  expect.poll(() => tile(page, name).textContent(), PATIENT).toContain(state);

const saysNoConnection = (page: Page) =>
  expect.poll(() => page.locator('#connection').textContent(), PATIENT).toContain('No connection at the moment');

const goesOn = (page: Page) => expect.poll(() => page.locator('#connection').textContent(), PATIENT).toBe('');

const become = (workshop: SampleWorkshop, state: SeatState) => {
  workshop.seats = workshop.seats.map((seat, n) => (n === 0 ? { ...seat, state } : seat));
};

/** Marks the page, so that a load anew would be seen. */
const markPage = (page: Page) => page.evaluate("document.body.dataset.same = 'yes'");
const isSamePage = (page: Page) => page.evaluate<boolean>("document.body.dataset.same === 'yes'");

/** Between browsers and a server. `meddles` is told of every connection, and of what was asked on it. */
async function proxyTo(
  url: string,
  meddles: (parts: { readonly browser: Socket; readonly server: Socket; readonly asked: string }) => void,
): Promise<string> {
  const target = new URL(url);
  const open = new Set<Socket>();
  const proxy: Server = createServer((browser) => {
    const server = connect(Number(target.port), target.hostname);
    for (const socket of [browser, server]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        browser.destroy();
        server.destroy();
      });
    }
    browser.on('data', (bytes) => {
      server.write(bytes);
      meddles({ browser, server, asked: bytes.toString('latin1').split('\r\n')[0] ?? '' });
    });
    server.on('data', (bytes) => browser.write(bytes));
  });
  await new Promise<void>((settle) => proxy.listen(0, '127.0.0.1', settle));
  onTestFinished(
    () =>
      new Promise((settle) => {
        proxy.close(() => settle());
        for (const socket of open) socket.destroy();
      }),
  );
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describeInBrowser('an open page', () => {
  test('shows what changes without being loaded anew, and who comes and goes', async () => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP);
    await page.goto(room.facilitator);
    await markPage(page);
    become(workshop, 'asleep');
    await shows(page, 'Ann', 'asleep');
    workshop.seats = [...workshop.seats, seatOf('cleo@example.com')];
    await shows(page, 'cleo', 'ready');
    workshop.seats = workshop.seats.slice(1);
    await expect.poll(() => tile(page, 'Ann').count(), PATIENT).toBe(0);
    expect(await isSamePage(page)).toBe(true);
  });

  test('goes on by itself after the server was started again, and says meanwhile that it cannot', async () => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP, { expected: BROKEN });
    await page.goto(room.facilitator);
    await markPage(page);
    await room.close();
    await saysNoConnection(page);
    become(workshop, 'failed');
    await workshop.served({ waits: WAITS }, Number(new URL(room.url).port));
    await shows(page, 'Ann', 'failed');
    await goesOn(page);
    expect(await isSamePage(page)).toBe(true);
  });

  test.each([
    { how: 'cuts every stream after two seconds', after: 2_000, eats: false },
    { how: 'keeps every stream back', after: 0, eats: true },
  ])('behind something that $how, comes up to date', async ({ after, eats }) => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served({ waits: WAITS });
    let cuts = 0;
    const way = await proxyTo(room.url, ({ browser, server, asked }) => {
      if (!asked.includes('/events')) return;
      if (eats) server.removeAllListeners('data').resume();
      else
        setTimeout(() => {
          cuts += 1;
          browser.destroy();
        }, after);
    });
    const page = await openWindow(DESKTOP, { expected: BROKEN });
    await page.goto(room.facilitator.replace(room.url, way));
    await markPage(page);
    become(workshop, 'asleep');
    await shows(page, 'Ann', 'asleep');
    if (!eats) await expect.poll(() => cuts, PATIENT).toBeGreaterThan(1);
    become(workshop, 'starting');
    await shows(page, 'Ann', 'starting');
    await goesOn(page);
    expect(await isSamePage(page)).toBe(true);
  });

  test('behind something that answers for the stream with an error, asks in turn, and tries again', async () => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served({ waits: WAITS });
    let [refuses, streams] = [true, 0];
    const way = await proxyTo(room.url, ({ browser, asked }) => {
      if (!asked.includes('/events')) return;
      streams += 1;
      if (refuses) browser.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
    const page = await openWindow(DESKTOP, { expected: BROKEN });
    await page.goto(room.facilitator.replace(room.url, way));
    become(workshop, 'asleep');
    await shows(page, 'Ann', 'asleep');
    refuses = false;
    const before = streams;
    await expect.poll(() => streams, PATIENT).toBeGreaterThan(before);
    become(workshop, 'failed');
    await shows(page, 'Ann', 'failed');
  });

  test('that opens nothing any more says so', async () => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP, { expected: BROKEN });
    await page.goto(room.seat('ann@example.com'));
    workshop.seats = workshop.seats.slice(1);
    await page.getByRole('heading', { name: 'This address opens nothing' }).waitFor(PATIENT);
  });
});
