import { expect, it } from 'vitest';
import { changeWords, historyPage } from '../../../src/cli/pages/history-page.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import type { Change } from '../../../src/reader.ts';
import { START } from '../sample-progress.ts';

const ZONE = 'Europe/Berlin';
const update = (name: string, input: object, more: Partial<Change> = {}): Change => ({
  at: START,
  kind: 'update',
  name,
  by: 'Ann',
  input,
  ...more,
});

it.each<[Change, string]>([
  [update('signOff', { item: 'proxy', note: 'two laptops' }), 'signed proxy off: two laptops.'],
  [update('signOff', { item: 'proxy', answer: 'no' }), 'said no to proxy.'],
  [update('waive', { item: 'capacity', reason: 'ticket 4711' }), 'waived capacity: ticket 4711.'],
  [update('retry', { item: 'ann@example.com' }), 'asked for another try of ann@example.com.'],
  [update('addAttendees', { emails: ['a@x.de', 'b@x.de'] }), 'added a@x.de, b@x.de.'],
  [update('removeAttendees', { emails: ['a@x.de'], reason: 'ill' }), 'took a@x.de off the list: ill.'],
  [update('repair', { email: 'a@x.de', stage: 'another' }), 'had the cluster of a@x.de mended: another.'],
  [update('reschedule', { timeline: { start: START } }), 'moved the start to Tue 16 Mar 2027, 09:00 Europe/Berlin.'],
  [update('cancel', { reason: 'moved to autumn' }), 'cancelled it: moved to autumn.'],
  [update('cancel', {}, { refused: 'it is over' }), 'cancelled it. It came to nothing: it is over'],
  [update('extend', { end: START, teardown: START }), 'made it longer, until Tue 16 Mar 2027, 09:00 Europe/Berlin.'],
  [update('pause', { reason: 'the date moves' }), 'let nothing new begin (pause): the date moves.'],
  [
    update('amend', { fields: { 'prices.perDbu': 2, 'compute.breaker': null } }),
    'amended the plan: prices.perDbu is now 2; compute.breaker is now left out.',
  ],
  [update('resume', {}), 'let it go on (resume).'],
  [update('newer', {}, { answer: 'one hour longer' }), 'newer: one hour longer.'],
  [update('newer', { minutes: 60 }), 'newer: minutes 60.'],
  [update('waive', {}, { unreadable: 'No key.' }), 'waive, and what was said with it cannot be read here: No key..'],
  [{ at: START, kind: 'terminate', reason: 'by mistake' }, 'terminated the lifecycle from outside: by mistake.'],
  [{ at: START, kind: 'cancel', reason: '' }, 'cancelled the workflow in Temporal itself.'],
  [{ at: START, kind: 'start' }, 'started it.'],
])('%j', (change, words) => {
  expect(changeWords(change, ZONE)).toBe(words.replace('..', '.'));
});

it('is a page under the headings of the guide that says what it cannot know', () => {
  const changes: Change[] = [
    { at: START, kind: 'page', heading: 'two weeks before' },
    update('signOff', { item: 'proxy', note: 'two laptops in the office, one at home, and the one of the speaker' }),
    { at: START, kind: 'terminate', identity: '7@laptop', reason: '' },
  ];
  const lines = historyPage(
    'spring',
    { changes, forgottenBefore: START, keptForDays: 30 },
    {
      style: PLAIN,
      columns: 80,
      timeZone: ZONE,
    },
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.slice(0, 6)).toEqual([
    'spring: who changed what',
    'Times are those of Europe/Berlin.',
    '',
    'Two weeks before  Tue 16 Mar 2027, 09:00',
    '  Tue 16 Mar 2027, 09:00 Ann: signed proxy off: two laptops in the office,',
    '      one at home, and the one of the speaker.',
  ]);
  expect(lines[6]).toBe('  Tue 16 Mar 2027, 09:00 somebody at 7@laptop: terminated the lifecycle from');
  expect(lines.join(' ')).toContain(
    'What was changed before Tue 16 Mar 2027, 09:00 Europe/Berlin is not known any more: Temporal',
  );
});
