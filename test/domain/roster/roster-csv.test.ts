import { expect, test } from 'vitest';
import { examplePlan } from '../plan/example-plan.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { rosterCsv } from '../../../src/domain/roster/roster-csv.ts';
import { readRoster } from '../../../src/domain/roster/roster.ts';

const ANN: Seat = {
  ...newSeat('a', 'ann@example.com', 'attendee', 1, { name: 'Ann "the" B\u00E4r; A', table: '3', role: 'lead' }),
  state: 'ready',
  cluster: { id: '0311-ab', name: 'c', state: 'RUNNING', shared: true, verified: true, launchedAt: 0, option: 0 },
  proof: { kind: 'attendee', at: 0, ok: true, said: '' },
};
const BEN: Seat = {
  ...newSeat('b', 'ben@example.com', 'tester', 1),
  state: 'failed',
  diagnosis: { class: 'X', cause: 'No\nmachine.', toDo: 'Wait.', remedy: 'again' },
};

test('a CSV that Excel opens: a mark, every cell in quotes, and a row for each', () => {
  expect(rosterCsv({ id: 'spring', now: 0 }, [ANN, BEN], ',')).toBe(
    [
      '\uFEFF"email","name","table","role","state","cluster","alias","checked","cause","connected","cost"',
      '"ann@example.com","Ann ""the"" B\u00E4r; A","3","lead","ready","0311-ab","workshop-spring","passed","","",""',
      '"ben@example.com","","","tester","failed","","","","No machine. Wait.","",""',
      '',
    ].join('\r\n'),
  );
});

test('says who is connected and what their clusters cost so far, as the country writes numbers', () => {
  const prices = examplePlan().prices;
  const about = { id: 'spring', connected: new Map([['ann@example.com', 'connected']]), prices, now: 120 * 60_000 };
  const row = (separator: ',' | ';') => rosterCsv(about, [ANN, { ...BEN, upMs: 60 * 60_000 }], separator).split('\r\n');
  // Two hours at 0.25 VM + 1 DBU x 0.55, and one hour.
  expect(row(',')[1]).toMatch(/,"connected","1\.60"$/);
  expect(row(';')[1]).toMatch(/;"connected";"1,60"$/);
  expect(row(';')[2]).toMatch(/;"";"0,80"$/);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =1+1', '\uFF1D1+1'])(
  'a cell %j is text, and no formula',
  (name) => {
    const [, row = ''] = rosterCsv(
      { id: 's', now: 0 },
      [newSeat('a', 'ann@example.com', 'attendee', 1, { name })],
      ';',
    ).split('\r\n');
    expect(row.split(';')[1]).toMatch(/^"'[^\t\r]/);
  },
);

test('what was exported is a roster again', async () => {
  const odd = newSeat('c', '+cy@example.com', 'attendee', 1, { name: '=Cy', table: '-1' });
  for (const separator of [',', ';'] as const) {
    const reading = await readRoster(
      Buffer.from(rosterCsv({ id: 's', now: 0 }, [ANN, BEN, odd], separator)),
      'people.csv',
    );
    expect(reading).toMatchObject({
      people: [
        { email: 'ann@example.com', name: 'Ann "the" B\u00E4r; A', table: '3', role: 'lead' },
        { email: 'ben@example.com', role: 'tester' },
        { email: '+cy@example.com', name: '=Cy', table: '-1' },
      ],
      leftOut: [],
      problems: [],
    });
  }
});
