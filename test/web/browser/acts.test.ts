import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { checklistFor } from '../../../src/domain/replayed/checklist/item.ts';
import { EVERYTHING } from '../../../src/domain/replayed/checklist/requests.ts';
import { HOUR, MINUTE } from '../../../src/domain/replayed/time/units.ts';
import { sentence } from '../../../src/web/pages/document.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { codeOf, GOOD } from '../../domain/papers/laptop-code.ts';
import { SampleWorkshop, seatOf, type ServedRoom } from '../sample-room.ts';
import { describeInBrowser, DESKTOP, openWindow, PHONE } from './browser.ts';

const [FACILITATOR, HELPER, OWNER] = ['Ann Lead', 'Cy Helper', 'its owner, on their page'];
const ANN = seatOf('ann@example.com', { details: { name: 'Ann' } });
const FAILED = seatOf('fay@example.com', { details: { name: 'Fay' }, state: 'failed', failures: 1 });
const ASLEEP = seatOf('abe@example.com', { details: { name: 'Abe' }, state: 'asleep' });
const HAND = { key: ANN.key, at: Date.now() - 3 * MINUTE, from: 'page', words: 'stuck' } as const;
const CODE = codeOf(GOOD);

/** One thing that somebody does on their page, as they do it. */
interface Deed {
  readonly name: string;
  readonly by: 'facilitator' | 'helper' | 'attendee';
  /** The seat they open first, or whose page it is. */
  readonly seat?: string;
  /** The button that says more before it does anything. */
  readonly opens?: string;
  readonly fills?: Readonly<Record<string, string>>;
  readonly ticks?: string;
  readonly presses: string;
  /** What is asked of the workshop then. */
  readonly asks: readonly [name: string, input: unknown];
  /** The sentence that is shown, where it is not the workshop's own. */
  readonly says?: string;
}

const onSeats = (by: 'facilitator' | 'helper', name: string): readonly Deed[] => [
  {
    name: `${by}: try somebody again`,
    by,
    seat: 'Fay',
    presses: 'Try again',
    asks: ['retry', { item: FAILED.email, by: name }],
  },
  {
    name: `${by}: restart a cluster`,
    by,
    seat: 'Ann',
    opens: 'Restart the cluster',
    presses: 'Restart it',
    asks: ['repair', { email: ANN.email, by: name, stage: 'restart' }],
  },
  {
    name: `${by}: give a new cluster`,
    by,
    seat: 'Ann',
    opens: 'Give a new cluster',
    presses: 'Give a new one',
    asks: ['repair', { email: ANN.email, by: name, stage: 'new cluster' }],
  },
  {
    name: `${by}: write to somebody`,
    by,
    seat: 'Ann',
    opens: 'Write to them',
    fills: { 'A message to Ann': 'Come to the desk.' },
    presses: 'Send',
    asks: ['tellPerson', { email: ANN.email, by: name, text: 'Come to the desk.' }],
  },
  {
    name: `${by}: keep a note`,
    by,
    seat: 'Ann',
    opens: 'Note',
    fills: { 'For those who help': 'Another laptop.' },
    presses: 'Keep it',
    asks: ['addNote', { key: ANN.key, by: name, text: 'Another laptop.' }],
  },
  { name: `${by}: take a hand`, by, presses: 'I go to Ann', asks: ['takeHand', { key: ANN.key, by: name }] },
  { name: `${by}: lower a hand`, by, presses: 'Helped Ann', asks: ['lowerHand', { key: ANN.key, by: name }] },
];

const DEEDS: readonly Deed[] = [
  ...onSeats('facilitator', FACILITATOR),
  ...onSeats('helper', HELPER),
  {
    name: 'facilitator: remove somebody',
    by: 'facilitator',
    seat: 'Ann',
    opens: 'Remove',
    presses: 'Remove Ann',
    asks: ['removeAttendees', { emails: [ANN.email], by: FACILITATOR }],
  },
  {
    name: 'facilitator: show a banner, and send it',
    by: 'facilitator',
    opens: 'Banner',
    fills: { "On everybody's page": 'Lunch at noon.' },
    ticks: 'Send it to them, too',
    presses: 'Show it',
    asks: ['setBanner', { text: 'Lunch at noon.', by: FACILITATOR, send: true }],
  },
  {
    name: 'facilitator: take the banner away',
    by: 'facilitator',
    opens: 'Banner',
    presses: 'Take it away',
    asks: ['setBanner', { text: '', by: FACILITATOR, send: false }],
  },
  {
    name: 'facilitator: extend',
    by: 'facilitator',
    opens: 'Extend by 30 minutes',
    presses: 'Extend it',
    asks: ['extend', { by: FACILITATOR, end: expect.any(Number), teardown: expect.any(Number) }],
  },
  {
    name: 'facilitator: pause',
    by: 'facilitator',
    opens: 'Pause',
    fills: { 'Nothing new is made': 'fire alarm' },
    presses: 'Pause it',
    asks: ['pause', { by: FACILITATOR, reason: 'fire alarm' }],
  },
  {
    name: 'facilitator: try all again',
    by: 'facilitator',
    presses: 'Try all that failed again',
    asks: ['retry', { item: EVERYTHING, by: FACILITATOR }],
  },
  {
    name: 'facilitator: try a line again',
    by: 'facilitator',
    presses: 'Try again',
    asks: ['retry', { item: 'canary', by: FACILITATOR }],
  },
  {
    name: 'facilitator: answer yes',
    by: 'facilitator',
    opens: 'Answer',
    fills: { 'What was seen': 'all four are here' },
    presses: 'Yes, it is so',
    asks: ['signOff', { item: 'support-staff', by: FACILITATOR, answer: 'yes', note: 'all four are here' }],
  },
  {
    name: 'facilitator: answer no',
    by: 'facilitator',
    opens: 'Answer',
    presses: 'No, it is not',
    asks: ['signOff', { item: 'support-staff', by: FACILITATOR, answer: 'no' }],
  },
  {
    name: 'facilitator: waive',
    by: 'facilitator',
    opens: 'Go on without it',
    fills: { Why: 'tried by hand' },
    presses: 'Waive it',
    asks: ['waive', { item: 'canary', by: FACILITATOR, reason: 'tried by hand' }],
  },
  {
    name: 'attendee: wake the cluster',
    by: 'attendee',
    seat: ASLEEP.email,
    presses: 'Wake it now',
    asks: ['repair', { email: ASLEEP.email, by: OWNER }],
    says: 'It is being woken.',
  },
  {
    name: 'attendee: ask for help',
    by: 'attendee',
    seat: ASLEEP.email,
    fills: { 'What happens?': 'it hangs' },
    presses: 'I need help',
    asks: ['raiseHand', { key: ASLEEP.key, from: 'page', words: 'it hangs' }],
  },
  {
    name: 'attendee: it works again',
    by: 'attendee',
    seat: ANN.email,
    presses: 'It works again',
    asks: ['lowerHand', { key: ANN.key, by: OWNER }],
  },
  {
    name: "attendee: hand in a laptop's code",
    by: 'attendee',
    seat: ANN.email,
    fills: { 'The code in the last line': CODE },
    presses: 'Hand it in',
    asks: ['laptopSeen', { key: ANN.key, code: CODE }],
    says: 'Thank you: what your laptop can do is known now.',
  },
];

/** Everything that can be pressed is there to be pressed. */
function workshopWithEverything(): SampleWorkshop {
  const workshop = new SampleWorkshop();
  workshop.seats = [ANN, FAILED, ASLEEP];
  workshop.room = {
    ...workshop.room,
    hands: [HAND],
    banner: { text: 'Coffee is ready.', by: FACILITATOR, at: Date.now() },
  };
  const changed: Readonly<Record<string, object>> = {
    canary: { state: 'failed', evidence: 'no answer', toDo: 'What to do: look at the endpoint.' },
    'support-staff': { state: 'waiting', deadline: Date.now() + HOUR },
  };
  const checklist = checklistFor(examplePlan()).map((item) => ({ ...item, ...changed[item.id] }));
  workshop.progress = { ...workshop.progress, checklist };
  return workshop;
}

const pageOf = (room: ServedRoom, { by, seat = '' }: Deed): string =>
  by === 'facilitator' ? room.facilitator : by === 'helper' ? room.helper : room.seat(seat);

async function perform(page: Page, { by, seat, opens, fills = {}, ticks, presses }: Deed): Promise<void> {
  const isInDrawer = by !== 'attendee' && seat !== undefined;
  if (isInDrawer) await page.locator('.seats').getByRole('link', { name: seat }).click();
  const around = isInDrawer ? page.getByRole('complementary') : page.getByRole('main');
  if (opens !== undefined) await around.locator('summary').getByText(opens, { exact: true }).click();
  for (const [label, text] of Object.entries(fills))
    await around.getByLabel(label).and(page.locator(':visible')).fill(text);
  if (ticks !== undefined) await around.getByLabel(ticks).check();
  await around.getByRole('button', { name: presses, exact: true }).click();
}

describeInBrowser('everything that can be pressed', () => {
  describe.each([
    { on: 'a desktop, with its script', options: DESKTOP },
    { on: 'a phone, without any script', options: { ...PHONE, javaScriptEnabled: false } },
  ])('on $on', ({ options }) => {
    test.each(DEEDS)('$name', async (deed) => {
      const workshop = workshopWithEverything();
      const room = await workshop.served();
      const page = await openWindow(options);
      await page.goto(pageOf(room, deed));
      await perform(page, deed);
      const [name, input] = deed.asks;
      await expect
        .poll(() => page.locator('.note').allTextContents(), { timeout: 30_000 })
        .toEqual([expect.stringContaining(deed.says ?? sentence(`${name} recorded.`))]);
      expect(workshop.acts).toEqual([{ name, input }]);
    });

    test('facilitator: go on after a pause', async () => {
      const workshop = workshopWithEverything();
      workshop.progress = { ...workshop.progress, paused: { by: FACILITATOR, at: Date.now() } };
      const room = await workshop.served();
      const page = await openWindow(options);
      await page.goto(room.facilitator);
      await page.locator('.for-all').getByRole('button', { name: 'Go on' }).click();
      await page.getByText('Resume recorded.').waitFor();
      expect(workshop.acts).toEqual([{ name: 'resume', input: { by: FACILITATOR } }]);
    });

    test('what cannot be done is said, and is not done', async () => {
      const workshop = workshopWithEverything();
      const room = await workshop.served();
      const page = await openWindow(options);
      await page.goto(room.seat(ANN.email));
      await page.getByLabel('The code in the last line').fill('XXXX');
      await page.getByRole('button', { name: 'Hand it in' }).click();
      await page.getByText('Nothing was done: ').waitFor();
      expect(workshop.acts).toEqual([]);
    });
  });
});
