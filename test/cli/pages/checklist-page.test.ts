import { expect, it } from 'vitest';
import { checklistPage } from '../../../src/cli/pages/checklist-page.ts';
import { COLOURED, PLAIN } from '../../../src/cli/terminal/style.ts';
import { stripVTControlCharacters } from 'node:util';
import { progressAt, START } from '../sample-progress.ts';

const at = START - 14 * 24 * 3_600_000;
const progress = progressAt('two weeks before', {
  rights: { state: 'passed', at, evidence: 'nothing is known to be forbidden' },
  policy: { state: 'failed', at, evidence: 'POST /api/2.0/policies/clusters/create: 403', toDo: 'Ask an admin.' },
  capacity: { state: 'waived', at, by: 'Bo', evidence: 'quota confirmed by the cloud team, ticket 4711' },
  proxy: { state: 'signed off', at, by: 'Ann', evidence: 'two laptops, office and VPN' },
  'support-channel': { state: 'unanswered', at, askedAt: at, deadline: at + 3_600_000 },
});
const options = { style: PLAIN, columns: 80, timeZone: 'Europe/Berlin' };

it('says of every line its state, since when, who said so and what shows it, in the zone of the workshop', () => {
  const lines = checklistPage(progress, options);
  const text = lines.join('\n');
  for (const item of progress.checklist) expect(text.replaceAll(/\s+/g, ' ')).toContain(item.title);
  for (const said of [
    '✔ What the worker itself may do in the workspace (rights)\n' +
      '      done Tue 02 Mar 2027, 09:00: nothing is known to be forbidden\n',
    '      failed Tue 02 Mar 2027, 09:00: POST /api/2.0/policies/clusters/create: 403\n',
    '      waived Tue 02 Mar 2027, 09:00 by Bo: quota confirmed by the cloud team,\n        ticket 4711\n',
    '      signed off Tue 02 Mar 2027, 09:00 by Ann: two laptops, office and VPN\n',
    '      nobody answered Tue 02 Mar 2027, 09:00, asked Tue 02 Mar 2027, 09:00,\n        due Tue 02 Mar 2027, 10:00\n',
  ])
    expect(text).toContain(said);
  expect(text).toContain('Times are those of Europe/Berlin.');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('colours take no room', () => {
  const coloured = checklistPage(progress, { ...options, style: COLOURED });
  expect(coloured.map((line) => stripVTControlCharacters(line))).toEqual(checklistPage(progress, options));
});
