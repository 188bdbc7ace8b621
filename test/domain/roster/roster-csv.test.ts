import { expect, test } from 'vitest';
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
  expect(rosterCsv({ id: 'spring' }, [ANN, BEN], ',')).toBe(
    [
      '\uFEFF"email","name","table","role","state","cluster","alias","checked","cause"',
      '"ann@example.com","Ann ""the"" B\u00E4r; A","3","lead","ready","0311-ab","workshop-spring","passed",""',
      '"ben@example.com","","","tester","failed","","","","No machine. Wait."',
      '',
    ].join('\r\n'),
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =1+1', '\uFF1D1+1'])(
  'a cell %j is text, and no formula',
  (name) => {
    const [, row = ''] = rosterCsv({ id: 's' }, [newSeat('a', 'ann@example.com', 'attendee', 1, { name })], ';').split(
      '\r\n',
    );
    expect(row.split(';')[1]).toMatch(/^"'[^\t\r]/);
  },
);

test('what was exported is a roster again', async () => {
  const odd = newSeat('c', '+cy@example.com', 'attendee', 1, { name: '=Cy', table: '-1' });
  for (const separator of [',', ';'] as const) {
    const reading = await readRoster(Buffer.from(rosterCsv({ id: 's' }, [ANN, BEN, odd], separator)), 'people.csv');
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
