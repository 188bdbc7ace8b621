import { expect, it } from 'vitest';
import { personNamed, whichPerson } from '../../../src/cli/which/which-person.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';

const roster = ['ann@example.com', 'anna@example.com', 'bo.lund@example.com'].map((email) =>
  newSeat(email, email, 'attendee', 1),
);
const meant = (typed: string) => whichPerson(roster, typed, 'spring').email;

it('a beginning is enough where nobody else begins like that', () => {
  expect(meant('bo')).toBe('bo.lund@example.com');
  expect(meant(' Anna')).toBe('anna@example.com');
});

it('a whole address is meant even where others begin with it', () => {
  expect(meant('ann@example.com')).toBe('ann@example.com');
});

it('several and nobody are refused, with whom it may be', () => {
  expect(() => meant('ann')).toThrow(
    'Several addresses begin with "ann": ann@example.com, anna@example.com. Write a little more.',
  );
  expect(() => meant('lund')).toThrow(
    'Nobody in "spring" has an address that begins with "lund". Did you mean bo.lund@example.com? ' +
      'Everybody: bin/workshop attendees list spring',
  );
  expect(() => meant('x')).toThrow('Everybody: bin/workshop attendees list spring');
});

it('a name on the roster is enough where only one has it, and an address always is', () => {
  const names: Readonly<Record<string, string>> = {
    'ann@example.com': 'Ann Lee',
    'anna@example.com': 'Anna Leeds',
    'bo.lund@example.com': 'Bo Lund',
  };
  const named = roster.map((seat) => ({ ...seat, details: { name: names[seat.email] ?? '' } }));
  const called = (typed: string) => personNamed(named, typed, 'spring').email;
  expect(called('lund')).toBe('bo.lund@example.com');
  expect(called('ann lee')).toBe('ann@example.com');
  expect(called('anna@')).toBe('anna@example.com');
  expect(() => called('Lee')).toThrow('Several people are called "Lee": ann@example.com, anna@example.com.');
  expect(() => called('Cy')).toThrow('Nobody in "spring" has an address that begins with "Cy".');
});
