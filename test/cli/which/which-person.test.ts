import { expect, it } from 'vitest';
import { whichPerson } from '../../../src/cli/which/which-person.ts';
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
