import type { LookedUp } from '../../../domain/replayed/checklist/requests.ts';
import { secondAddressWords, type SecondAddress } from '../../../domain/roster/same-person.ts';
import type { RosterPerson, RosterReading } from '../../../domain/roster/roster.ts';
import { hideSecrets } from '../../../domain/plan/secrets.ts';

/** What was learnt of the people of a roster beside what is in it. */
export interface AskedOfRoster {
  readonly already?: ReadonlySet<string> | undefined;
  readonly people: readonly LookedUp[];
  readonly second: readonly SecondAddress[];
}

/**
 * What was understood of a roster: the counts first, then line by line what must be mended, what was left out and who
 * was read.
 * @param about addresses that have a seat, where a workshop was named; and what the workspace said, where it was asked
 */
export function readingLines(file: string, reading: RosterReading, about: AskedOfRoster): string[] {
  const { already, second } = about;
  const { format, people, duplicates, leftOut, problems, notes } = reading;
  const enrolled = people.filter(({ email }) => already?.has(email));
  const wrong = about.people.filter((person) => 'cause' in person);
  const counts = [
    `${people.length} ${people.length === 1 ? 'person' : 'people'}`,
    ...(already ? [`${enrolled.length} of them enrolled already`] : []),
    ...(second.length > 0 ? [`${second.length} of them a second address`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} of them without access to the workspace`] : []),
    ...(duplicates.length > 0 ? [`${duplicates.length} written twice`] : []),
    `${leftOut.length} left out`,
    `${problems.length} to mend`,
  ];
  return [
    `${file}: ${counts.join(', ')}.`,
    `Read as: ${format}.`,
    ...notes,
    ...under('To mend; nobody is added before:', problems, ({ message }) => message),
    ...under('Left out:', leftOut, ({ what, why }) => `"${what}": ${why}`),
    ...under('Written twice, counted once:', duplicates, ({ email, firstLine }) => `${email}, as in line ${firstLine}`),
    ...under('Two addresses of one person, who counts once:', ofLines(second, people), secondAddressWords),
    ...under('Nobody who can be given a cluster yet:', ofLines(wrong, people), ({ cause, toDo }) => `${cause} ${toDo}`),
    ...under(
      'Read:',
      people,
      (person) => `${wordsOf(person)}${already?.has(person.email) ? ' (enrolled already)' : ''}`,
    ),
  ].map(hideSecrets);
}

/** With the line of the roster that each stands in. */
const ofLines = <T extends { readonly email: string }>(some: readonly T[], people: readonly RosterPerson[]) =>
  some.map((one) => ({ ...one, line: people.find(({ email }) => email === one.email)?.line ?? 0 }));

function under<T extends { readonly line: number }>(
  heading: string,
  entries: readonly T[],
  words: (entry: T) => string,
): string[] {
  const widest = String(Math.max(0, ...entries.map(({ line }) => line))).length;
  const lines = entries.map((entry) => `  line ${String(entry.line).padStart(widest)}  ${words(entry)}`);
  return lines.length > 0 ? ['', heading, ...lines] : [];
}

const wordsOf = ({ email, name, table, role }: RosterPerson): string =>
  [email, name, table === undefined ? undefined : tableWords(table), role]
    .filter((said) => said !== undefined)
    .join(', ');

/** `table 3`, also where the roster says no more than 3. */
export const tableWords = (table: string): string => (/^\d+$/.test(table) ? `table ${table}` : table);
