import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { checklistFor } from '../../../src/domain/replayed/checklist/item.ts';
import { HOUR } from '../../../src/domain/replayed/time/units.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { SampleWorkshop, seatOf } from '../sample-room.ts';
import { describeInBrowser, DESKTOP, openWindow } from './browser.ts';

const WAITS = { beatMs: 600, pollMs: 200, longestMs: 5_000 };
const PATIENT = { timeout: 60_000 };
/** More than there are places to stand on a page of few people. */
const MOST_STEPS = 80;

/** Where somebody stands, as it is called. */
const standsOn = (page: Page) =>
  page.evaluate<string>("(document.activeElement?.textContent ?? '').replaceAll(/\\s+/g, ' ').trim()");

/** Whether they can see where they stand. */
const isSeen = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  })()`);

/** By the key that goes on, until they stand where they want to; every step on the way is seen. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    const name = await standsOn(page);
    expect(await isSeen(page), `stands on "${name}", and it is seen`).toBe(true);
    if (wanted.test(name)) return;
  }
  throw new Error(`Nobody comes to ${String(wanted)} with the key Tab.`);
}

const tileOf = (page: Page, name: string) => page.locator('.seats').getByRole('link', { name });

describeInBrowser('by the keyboard alone', () => {
  test('a seat is opened, and something is done for it', async () => {
    const workshop = new SampleWorkshop();
    const room = await workshop.served();
    const page = await openWindow(DESKTOP);
    await page.goto(room.helper);
    await tabTo(page, /^✔ Ann/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/seat=/);
    await tabTo(page, /^Close/);
    await tabTo(page, /^Restart the cluster/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Restart it/);
    await page.keyboard.press('Enter');
    await page.getByText('Repair recorded.').waitFor(PATIENT);
    expect(workshop.acts).toEqual([
      { name: 'repair', input: { email: 'ann@example.com', by: 'Cy Helper', stage: 'restart' } },
    ]);
  });

  test('one goes straight to the contents', async () => {
    const room = await new SampleWorkshop().served();
    for (const address of [room.facilitator, room.seat('ann@example.com'), room.url]) {
      const page = await openWindow(DESKTOP);
      await page.goto(address);
      await page.keyboard.press('Tab');
      expect(await standsOn(page)).toBe('To the contents');
      expect(await isSeen(page)).toBe(true);
      await page.keyboard.press('Enter');
      expect(await page.evaluate("document.activeElement?.id ?? ''")).toBe('main');
    }
  });

  test('who stands on a button stands there when everything around it changes', async () => {
    const workshop = new SampleWorkshop();
    const [ann, ben] = workshop.seats.map(({ key }) => key);
    const handOf = (key = '', minutes = 0) => ({ key, at: Date.now() - minutes * 60_000, from: 'page' as const });
    workshop.room = { ...workshop.room, hands: [handOf(ben, 2)] };
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP);
    await page.goto(room.helper);
    await tabTo(page, /^I go to ben/);
    workshop.room = { ...workshop.room, hands: [handOf(ann, 5), handOf(ben, 2)] };
    await page.getByRole('button', { name: 'I go to Ann' }).waitFor(PATIENT);
    expect(await standsOn(page)).toBe('I go to ben');
    // A seat more is another page, and one keeps standing there.
    workshop.seats = [...workshop.seats, seatOf('cleo@example.com')];
    await tileOf(page, 'cleo').waitFor(PATIENT);
    expect(await standsOn(page)).toBe('I go to ben');
    // Where the button itself is gone, one stands beside it, and goes on from there.
    workshop.room = { ...workshop.room, hands: [handOf(ann, 5)] };
    await page.getByRole('button', { name: 'I go to ben' }).waitFor({ state: 'detached', ...PATIENT });
    expect(await page.evaluate("document.activeElement?.closest('#hands') !== null")).toBe(true);
  });
});

describeInBrowser('somebody who writes while the page changes', () => {
  /** Something is asked, so that there is a field in a part that changes. */
  function asking(): SampleWorkshop {
    const workshop = new SampleWorkshop();
    const checklist = checklistFor(examplePlan()).map((item) =>
      item.id === 'support-staff' ? { ...item, deadline: Date.now() + HOUR } : item,
    );
    workshop.progress = { ...workshop.progress, checklist };
    return workshop;
  }

  test.each([
    { where: 'a message to somebody', opens: 'Write to them', label: 'A message to Ann' },
    { where: 'a banner', opens: 'Banner', label: "On everybody's page" },
    { where: 'an answer to what is asked', opens: 'Answer', label: 'What was seen' },
  ])('keeps the text and the place in $where', async ({ opens, label }) => {
    const workshop = asking();
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP);
    await page.goto(`${room.facilitator}?seat=${workshop.seats[0]?.key}`);
    await page.locator('summary').getByText(opens, { exact: true }).click();
    const field = page.getByLabel(label);
    await field.pressSequentially('Half a sen');
    // Another state, another line, and somebody more in the room.
    workshop.seats = workshop.seats.map((seat) => ({ ...seat, state: 'failed', failures: 1 }));
    await page.locator('#acts').getByRole('button', { name: 'Try again' }).waitFor(PATIENT);
    workshop.seats = [...workshop.seats, seatOf('cleo@example.com')];
    await tileOf(page, 'cleo').waitFor(PATIENT);
    await page.keyboard.type('tence.');
    expect(await field.inputValue()).toBe('Half a sentence.');
    // Elsewhere meanwhile, and it is still there.
    await page.getByLabel('Find').focus();
    workshop.seats = [...workshop.seats, seatOf('dora@example.com')];
    await tileOf(page, 'dora').waitFor(PATIENT);
    expect(await field.inputValue()).toBe('Half a sentence.');
    expect(await field.isVisible()).toBe(true);
  });

  test('does not lose it where what was asked is asked no more, or who it was for is gone', async () => {
    const workshop = asking();
    const room = await workshop.served({ waits: WAITS });
    const page = await openWindow(DESKTOP);
    await page.goto(`${room.facilitator}?seat=${workshop.seats[0]?.key}`);
    await page.locator('summary').getByText('Answer', { exact: true }).click();
    const answer = page.getByLabel('What was seen');
    await answer.fill('all are here');
    workshop.progress = { ...workshop.progress, checklist: checklistFor(examplePlan()) };
    workshop.seats = workshop.seats.slice(1);
    await tileOf(page, 'Ann').waitFor({ state: 'detached', ...PATIENT });
    expect(await answer.inputValue()).toBe('all are here');
    await answer.fill('');
    await page.getByLabel('Find').focus();
    await answer.waitFor({ state: 'detached', ...PATIENT });
  });
});
