import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { checklistFor } from '../../../src/domain/replayed/checklist/item.ts';
import { HOUR, MINUTE } from '../../../src/domain/replayed/time/units.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { seatKey } from '../../../src/domain/replayed/seat/seat-key.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { RUN, seatOf, type SampleWorkshop, type ServedRoom } from '../sample-room.ts';
import { describeInBrowser, openWindow } from './browser.ts';
import { fullRoom, LONG } from './full-room.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [PHONE, DESKTOP] = [390, 1400];
const WIDTHS = [360, PHONE, 768, DESKTOP];
/** As a finger needs it, less what a browser rounds away. */
const FINGER = 43.5;

const STATES = {
  ready: seatOf('ready@example.com'),
  asleep: seatOf('asleep@example.com', { state: 'asleep' }),
  failed: seatOf('failed@example.com', { state: 'failed', failures: 3 }),
  starting: seatOf('starting@example.com', { state: 'starting' }),
  enrolled: newSeat(seatKey(RUN, 'enrolled@example.com'), 'enrolled@example.com', 'attendee', 1),
} as const;

/** Many people with everything that a page can show. */
function crowd(): SampleWorkshop {
  const workshop = fullRoom();
  const own = Object.values(STATES);
  workshop.seats = [...own, ...workshop.seats.slice(own.length)];
  const changed: Readonly<Record<string, object>> = {
    canary: { state: 'failed', evidence: `no answer ${LONG.word}`, toDo: `What to do: ${LONG.word}` },
    'support-staff': { state: 'waiting', deadline: Date.now() + HOUR },
    proxy: { state: 'signed off', by: LONG.name, at: Date.now(), evidence: LONG.email },
  };
  const checklist = checklistFor(examplePlan()).map((item) => ({ ...item, ...changed[item.id] }));
  workshop.progress = { ...workshop.progress, checklist };
  const hand = { key: STATES.asleep.key, at: Date.now() - 2 * MINUTE, from: 'page', words: LONG.word } as const;
  workshop.room = { ...workshop.room, hands: [...workshop.room.hands, hand] };
  return workshop;
}

/** Every page there is, by what it is. */
const PAGES: Readonly<Record<string, (room: ServedRoom, workshop: SampleWorkshop) => string>> = {
  room: (room) => room.facilitator,
  'room by state': (room) => `${room.helper}?by=state`,
  drawer: (room, { seats }) => `${room.facilitator}?seat=${seats.at(-1)?.key}`,
  'drawer of one in trouble': (room) => `${room.facilitator}?seat=${STATES.failed.key}`,
  checklist: (room) => `${room.facilitator}/checklist`,
  history: (room) => `${room.facilitator}/history`,
  projector: (room) => `${room.facilitator}/projector`,
  'projector with names': (room) => `${room.facilitator}/projector?names=yes`,
  ...Object.fromEntries(
    Object.entries(STATES).map(([state, { email }]) => [`own page, ${state}`, (room: ServedRoom) => room.seat(email)]),
  ),
  'words of the front page': (room) => room.url,
  'words of an address that opens nothing': (room) => `${room.facilitator}x`,
};

async function served(workshop: SampleWorkshop): Promise<ServedRoom> {
  return workshop.served({
    evidence: async () => ({
      state: 'TERMINATED',
      message: LONG.word,
      events: [{ at: Date.now(), type: 'INIT_SCRIPTS_FINISHED', said: LONG.email }],
      initLog: { path: '/x', lines: [LONG.word.repeat(3)] },
      missing: ['Its metrics were not read.'],
    }),
    history: async () => ({ deeds: [{ at: Date.now(), who: `${LONG.name}:`, what: `wrote ${LONG.word}` }], left: [] }),
  });
}

/** What the checker of accessibility finds, whatever it thinks of how bad that is. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run({ resultTypes: ['violations'] })");
  return violations.map(({ id, impact, nodes: [node] }) => `${impact} ${id}: ${node?.html} ${node?.failureSummary}`);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const PRESSED =
  'button, summary, select, textarea, input:not([type=hidden], [type=checkbox]), label.check, .seat, nav a, .close a';

const smallerThanAFinger = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('${PRESSED}')]
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (height < ${FINGER} || width < ${FINGER}))
    .map(([element, { width, height }]) => element.outerHTML.slice(0, 200) + ' ' + width + ' x ' + height)`);

const moving = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('*')]
    .filter((element) => parseFloat(getComputedStyle(element).transitionDuration) > 0)
    .map((element) => element.outerHTML.slice(0, 200))`);

describeInBrowser('every page', () => {
  test.each(Object.keys(PAGES))('is for every screen and everybody: %s', async (name) => {
    const workshop = crowd();
    const room = await served(workshop);
    // A page of words may be sent with 404, and the browser says so.
    const page = await openWindow({ reducedMotion: 'reduce' }, name.startsWith('words') ? { expected: /404/ } : {});
    await page.goto(PAGES[name]?.(room, workshop) ?? '');
    await page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))");
    expect(await moving(page)).toEqual([]);
    await page.evaluate(AXE);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(wide, `is ${wide} pixels wide, on a screen of ${width}`).toBeLessThanOrEqual(width);
      if (width === PHONE) expect(await smallerThanAFinger(page)).toEqual([]);
      if (width !== PHONE && width !== DESKTOP) continue;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await barriers(page), `${colorScheme}, ${width} pixels`).toEqual([]);
      }
    }
  });

  test('would be found wanting where it was', async () => {
    const workshop = crowd();
    const room = await served(workshop);
    const page = await openWindow({ viewport: { width: DESKTOP, height: 800 }, bypassCSP: true });
    await page.goto(room.facilitator);
    await page.addStyleTag({
      content: '.small { color: #bbb } .top nav a { min-height: 20px } #next { width: 200vw }',
    });
    await page.evaluate(AXE);
    expect((await barriers(page)).join()).toContain('color-contrast');
    expect((await smallerThanAFinger(page)).join()).toContain('Checklist');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeGreaterThan(DESKTOP);
  });
});
