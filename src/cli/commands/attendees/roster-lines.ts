import type { RosterPerson, RosterReading } from '../../../domain/roster/roster.ts';
import { hideSecrets } from '../../../domain/plan/secrets.ts';

/**
 * What was understood of a roster: the counts first, then line by line what must be mended, what was left out and who
 * was read.
 * @param already addresses that have a seat, where a workshop was named
 */
export function readingLines(file: string, reading: RosterReading, already?: ReadonlySet<string>): string[] {
  const { format, people, duplicates, leftOut, problems, notes } = reading;
  const enrolled = people.filter(({ email }) => already?.has(email));
  const counts = [
    `${people.length} ${people.length === 1 ? 'person' : 'people'}`,
    ...(already ? [`${enrolled.length} of them enrolled already`] : []),
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
    ...under(
      'Read:',
      people,
      (person) => `${wordsOf(person)}${already?.has(person.email) ? ' (enrolled already)' : ''}`,
    ),
  ].map(hideSecrets);
}

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
