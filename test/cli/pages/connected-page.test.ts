import { expect, it } from 'vitest';
import { connectedPage } from '../../../src/cli/pages/connected-page.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import type { PersonConnected } from '../../../src/domain/tunnels/connected.ts';
import type { KeptAwake } from '../../../src/domain/tunnels/kept-awake.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';

const NOW = Date.parse('2027-03-16T08:41:00Z');
const HOUR = 3_600_000;
const page = (people: readonly PersonConnected[], awake: readonly KeptAwake[] = [], isDay = true) =>
  connectedPage(examplePlan(), { people, awake, now: NOW, isDay, style: PLAIN, columns: 80 });

const people: readonly PersonConnected[] = [
  { email: 'ann@example.com', table: '10', state: 'ready' },
  { email: 'ben@example.com', name: 'Ben', table: '2', state: 'asleep' },
  { email: 'cy@example.com', state: 'broken', cause: 'The quota is used up.', toDo: 'Raise it.' },
  { email: 'di@example.com', table: '2', state: 'ready', until: NOW - HOUR / 2 },
  { email: 'el@example.com', table: '2', state: 'connected', since: NOW - HOUR },
];

it('has the counts first, then who is missing by table in its order, then what is broken', () => {
  expect(page(people)).toEqual([
    'Databricks Apps vibe coding workshop  spring-apps',
    'At Tue 16 Mar 2027, 09:41 Europe/Berlin',
    '',
    '  1 connected   2 ready   0 starting   1 asleep   1 broken',
    '',
    'Not connected yet: 3 of 5',
    '  Table 2',
    '    Ben, ben@example.com: asleep',
    '  Table 10',
    '    ann@example.com: ready',
    '  No table known',
    '    cy@example.com: broken',
    '',
    'Connected earlier, not now: 1',
    '  Table 2',
    '    di@example.com: ready, last until 09:11',
    '',
    'Broken: 1',
    '  cy@example.com',
    '    The quota is used up.',
    '    What to do: Raise it.',
    '',
    'More about one person: bin/workshop why spring-apps <e-mail>',
  ]);
});

it('names who keeps a cluster awake and what it has cost, and fits 80 columns', () => {
  const since = NOW - 10 * HOUR;
  const one = {
    email: 'tester.one@example.com',
    role: 'tester',
    cluster: 'c1',
    since,
    ms: 10 * HOUR,
    cost: 8,
  } as const;
  const lines = page([], [one]);
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(
    'tester.one@example.com (tester): since Mon 15 Mar 2027, 23:41 Europe/Berlin, 10 h, about $8 so far. Ask them',
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('without tables is a plain list', () => {
  const noTable = people.map((one) => ({ ...one, table: undefined }));
  expect(page(noTable)).not.toContain('  No table known');
  expect(page(noTable)).toContain('  ann@example.com: ready');
});

it('names nobody as missing while nobody is expected', () => {
  const lines = page(people, [], false);
  expect(lines).toContain('Nobody is expected to be connected now: the day has not begun, or is over.');
  expect(lines.join('\n')).not.toMatch(/Not connected yet|ann@example\.com/);
  expect(lines).toContain('Broken: 1');
});
