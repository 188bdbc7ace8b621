import { expect, it } from 'vitest';
import { listedEnded, listedRunning, listLines } from '../../../src/cli/pages/listed-workshop.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import type { Report } from '../../../src/domain/papers/report.ts';
import type { KnownWorkshop } from '../../../src/reader.ts';
import { progressAt } from '../sample-progress.ts';

const known = (id: string, more: Partial<KnownWorkshop>): KnownWorkshop => ({
  id,
  runId: id,
  state: 'running',
  startedAt: 0,
  memo: async () => ({}),
  ...more,
});
const began = {
  title: 'Spring apps',
  timeZone: 'Europe/Berlin',
  start: Date.parse('2027-03-16T08:00:00Z'),
  end: Date.parse('2027-03-16T12:00:00Z'),
  heading: 'one week before',
  people: 140,
  adopted: false,
} as const;
const lines = (...workshops: Parameters<typeof listLines>[0]) => listLines(workshops, { style: PLAIN, columns: 80 });

it('one that runs is told as its worker tells it, in its own zone', () => {
  const told = progressAt('day of', { clusters: { state: 'failed' }, 'support-staff': { state: 'unanswered' } });
  expect(lines(listedRunning(known('spring-apps', {}), began, told))).toEqual([
    'Running',
    '  spring-apps  Databricks Apps vibe coding workshop',
    '    Tue 16 Mar 2027, 09:00 Europe/Berlin; at "Day of"; 140 people, 100 ready; 1',
    '    line failed; 1 question unanswered',
  ]);
});

it('without a worker it is told what it began with, and that nobody answers', () => {
  const silence = 'No worker answers for "spring-apps" on localhost:7233';
  expect(lines(listedRunning(known('spring-apps', {}), began, { silence }))).toEqual([
    'Running',
    '  spring-apps  Spring apps',
    '    Tue 16 Mar 2027, 09:00 Europe/Berlin; at "One week before"; 140 people; No',
    '    worker answers for "spring-apps" on localhost:7233',
  ]);
});

it('of those that ended the outcome is told, or that it is not known', () => {
  const closedAt = Date.parse('2027-03-20T12:00:00Z');
  const report = {
    workshop: { title: 'Spring apps', outcome: 'finished' },
    attendees: { total: 140, ready: 137 },
    proof: { first: 'a', second: 'b', clusters: 0, pools: 0 },
    clusters: { left: 0 },
  } as unknown as Report;
  const ended = (state: KnownWorkshop['state']) => known('spring-apps', { state, closedAt });
  const told = (...end: Parameters<typeof listedEnded>) =>
    lines(listedEnded(...end))
      .join(' ')
      .replaceAll(/\s+/g, ' ');
  expect(told(ended('completed'), began, { how: 'report', report })).toContain(
    'Tue 16 Mar 2027, 09:00 Europe/Berlin; finished; 137 of 140 were ready at the start; nothing is left',
  );
  expect(told(ended('terminated'), began, { how: 'terminated', reason: 'by mistake', identity: '7@laptop' })).toContain(
    'terminated from outside by 7@laptop: by mistake',
  );
  expect(told(ended('completed'), undefined, undefined)).toBe(
    'Ended spring-apps how it ended is not known any more; ended Sat 20 Mar 2027, 12:00 UTC',
  );
});
