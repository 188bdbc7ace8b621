import type { Details } from '../../../domain/replayed/seat/details.ts';

const AT_A_TABLE = 8;
/** Of lengths that have no factor in common: everybody's name is their own, up to two thousand people. */
const FIRST = (
  'Ada Amir Ana Anton Aylin Ben Bo Carla Chen Cleo Dana David Elif Emil Eva Farid Fiona Goran Hana Hugo ' +
  'Ines Ivan Jana Jörg Kofi Lea Lena Liam Mei Mia Nadia Noah Olga Omar Priya Ravi Rosa Sara Tariq Tom Uma ' +
  'Vera Zoë'
).split(' ');
const LAST = (
  'Abe Adler Bauer Becker Costa Cruz Demir Diaz Eriksen Fischer Fontaine Garcia Gruber Haas Hansen Ito ' +
  'Jansen Kaya Keller Khan Klein Kovac Lang Lopez Maier Moreau Müller Nagy Novak Okafor Olsen Park Patel ' +
  'Peters Reyes Rossi Sato Schmidt Silva Singh Stein Tanaka Vogel Wagner Weber Yilmaz Zhang'
).split(' ');

/** Names and tables for made-up people, the same in every rehearsal: letters greet somebody, the room has tables. */
export const madeUpDetails = (people: readonly string[]): Record<string, Details> =>
  Object.fromEntries(
    people.map((email, nth) => [
      email,
      {
        name: `${FIRST[nth % FIRST.length]} ${LAST[nth % LAST.length]}`,
        table: String(Math.floor(nth / AT_A_TABLE) + 1),
      },
    ]),
  );
