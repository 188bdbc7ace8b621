import { expect, test } from 'vitest';
import { failingLines } from '../../../src/cli/terminal/failing-lines.ts';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';

const STYLE = styleFor({}, {});

const failed = (n: number, cause: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(`p${n}`, `p${String(n).padStart(2, '0')}@example.com`, 'attendee', 1),
  state: 'failed',
  failures: 1,
  diagnosis: { class: 'quota', cause, toDo: 'Ask for more.', remedy: 'person' },
  ...more,
});

test('what is the same for several is said once, with all of them named', () => {
  const refused = (n: number) => failed(n, `No right on 1129-21021${n}-abcd${n}: HTTP 403. [request 7-${n}]`);
  expect(failingLines([refused(2), failed(3, 'Its own trouble.'), refused(1)], 'spring', STYLE)).toEqual([
    '  ✘ 2 people: p01@example.com, p02@example.com',
    '      No right on 1129-210211-abcd1: HTTP 403. [request 7-1] Ask for more.',
    '  ✘ p03@example.com',
    '      Its own trouble. Ask for more.',
  ]);
});

test('of a crowd fifteen are named, and the rest counted', () => {
  const [who = '', ...rest] = failingLines(
    Array.from({ length: 20 }, (_, n) => failed(n, 'The same.')),
    'spring',
    STYLE,
  );
  expect(who).toMatch(/^ {2}✘ 20 people: p00@example\.com, .*p14@example\.com and 5 more$/);
  expect(rest).toEqual(['      The same. Ask for more.']);
});

test('fifteen troubles are told, and the people of the rest counted', () => {
  const lines = failingLines(
    Array.from({ length: 18 }, (_, n) => failed(n, `Trouble ${n}.`)),
    'spring',
    STYLE,
  );
  expect(lines).toHaveLength(31);
  expect(lines.at(-1)).toBe('  … and 3 more: bin/workshop attendees list spring');
});

test('what somebody does meanwhile stands behind the name, for several only where it is the same', () => {
  const diagnosis = { class: 'spark', cause: 'The driver died.', toDo: 'Nothing.', remedy: 'again' } as const;
  const again = (n: number, state: Seat['state']) =>
    failed(n, '', { state, diagnosis, lost: { launches: 1, last: diagnosis } });
  expect(failingLines([again(1, 'starting'), again(2, 'starting')], 'spring', STYLE)[0]).toBe(
    '  ✘ 2 people: p01@example.com, p02@example.com  starting, after a failure',
  );
  expect(failingLines([again(1, 'starting'), again(2, 'verifying')], 'spring', STYLE)[0]).toBe(
    '  ✘ 2 people: p01@example.com, p02@example.com',
  );
});
