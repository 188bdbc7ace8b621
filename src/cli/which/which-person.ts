import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { WrongInput } from '../input/exit.ts';

const MOST_NAMED = 10;

/**
 * The one seat whose address begins like that; an address that is written out is meant even where others begin with it.
 * @throws {WrongInput} for nobody, or for several, who are named
 */
export function whichPerson(roster: readonly Seat[], typed: string, id: string): Seat {
  const wanted = typed.trim().toLowerCase();
  const exact = roster.find(({ email }) => email === wanted);
  if (exact) return exact;
  const begin = roster.filter(({ email }) => email.startsWith(wanted));
  const [only, ...others] = begin;
  if (only && others.length === 0) return only;
  if (only) throw new WrongInput(`Several addresses begin with "${typed}": ${some(begin)}. Write a little more.`);
  const near = roster.filter(({ email }) => wanted.length >= 3 && email.includes(wanted.split('@')[0] ?? wanted));
  throw new WrongInput(
    `Nobody in "${id}" has an address that begins with "${typed}". ` +
      (near.length > 0 ? `Did you mean ${some(near)}? ` : '') +
      `Everybody: bin/workshop attendees list ${id}`,
  );
}

/**
 * The same for whoever knows people by name: one that only one seat's name holds is enough.
 * @throws {WrongInput} for nobody, or for several, who are named
 */
export function personNamed(roster: readonly Seat[], typed: string, id: string): Seat {
  const wanted = typed.trim().toLowerCase();
  const named = wanted === '' ? [] : roster.filter(({ details }) => details?.name?.toLowerCase().includes(wanted));
  const exact = named.filter(({ details }) => details?.name?.toLowerCase() === wanted);
  const [only, ...others] = exact.length > 0 ? exact : named;
  if (only === undefined) return whichPerson(roster, typed, id);
  if (others.length === 0) return only;
  throw new WrongInput(`Several people are called "${typed}": ${some([only, ...others])}. Give the address instead.`);
}

function some(seats: readonly Seat[]): string {
  const named = seats.slice(0, MOST_NAMED).map(({ email }) => email);
  const more = seats.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
