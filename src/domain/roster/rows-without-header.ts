import { excerpt } from '../plan/problem.ts';
import type { Found, LeftOut, Row, RosterPerson } from './entries.ts';
import { personIn, withoutRemark } from './person-in-text.ts';

const LINES_SHOWN = 5;

/**
 * Cuts a line of a list, or of a paste out of a mail's To field, into its pieces. A semicolon or a tab always
 * separates, a comma only behind an address: names are written "Example, Ann <ann@example.com>".
 */
export function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let isQuoted = false;
  let isInside = false;
  const mayBeQuoted = (line.match(/"/g)?.length ?? 0) % 2 === 0;
  for (const sign of line) {
    if (sign === '"' && mayBeQuoted) isQuoted = !isQuoted;
    if (sign === '<') isInside = true;
    if (sign === '>') isInside = false;
    const separates = sign === ';' || sign === '\t' || (sign === ',' && piece.includes('@'));
    if (separates && !isQuoted && !isInside) {
      pieces.push(piece);
      piece = '';
    } else piece += sign;
  }
  return [...pieces, piece].flatMap(addressesOf).filter((text) => text !== '');
}

/** Addresses with nothing but spaces between them are as many people; anything else is one piece. */
function addressesOf(piece: string): string[] {
  const text = piece.trim();
  const words = text.split(/\s+/);
  return words.length > 1 && words.every((word) => personIn(word).ok) ? words : [text];
}

/** Reads rows of which nobody has said what their columns are: only addresses, and names that stand beside them. */
export function readWithoutHeader(rows: readonly Row[]): Found {
  const people: RosterPerson[] = [];
  const leftOut: LeftOut[] = [];
  const problems: { line: number; message: string }[] = [];
  const unnamed: number[] = [];
  for (const { line, cells } of rows) {
    const addressed = cells.filter((cell) => cell.includes('@'));
    const others = cells.filter((cell) => !cell.includes('@') && withoutRemark(cell) !== '');
    for (const cell of addressed) {
      const person = personIn(cell);
      if (person.ok) people.push({ line, ...without(person) });
      else problems.push({ line, message: person.why });
    }
    const [first] = others;
    if (first === undefined) continue;
    if (addressed.length === 1) unnamed.push(line);
    else if (addressed.length > 1)
      for (const what of others) leftOut.push({ line, what: excerpt(what, 60), why: 'no address' });
    else problems.push({ line, message: noAddress(first, others.length > 1) });
  }
  const lines = unnamed.slice(0, LINES_SHOWN).join(', ') + (unnamed.length > LINES_SHOWN ? ', …' : '');
  const note =
    `Of line ${lines} only the address was read: nothing says what else is there. To keep it, write a ` +
    'first line such as email;name;table;role.';
  return { people, leftOut, problems, notes: unnamed.length > 0 ? [note] : [] };
}

function noAddress(cell: string, hasMore: boolean): string {
  const said = personIn(cell);
  const why = said.ok ? '' : said.why;
  return hasMore ? `${why}; if this is a header, call the column of addresses "email"` : why;
}

const without = ({ email, name }: { readonly email: string; readonly name?: string }) => ({
  email,
  ...(name === undefined ? {} : { name }),
});
