import { excerpt } from '../plan/problem.ts';
import { headerIn, type Column, type Header } from './columns.ts';
import type { Found, LeftOut, Row, RosterPerson } from './entries.ts';
import { personIn, tidy } from './person-in-text.ts';

/** A title and some remarks may stand above a header, not more. */
const HEADER_WITHIN = 10;
/** An address out of a browser, with what may stand behind it. */
const LONGEST_WORKSPACE = 300;

/** The place of the header among these rows, and what it says; undefined where none of the first is one. */
export function findHeader(rows: readonly Row[]): { readonly at: number; readonly header: Header } | undefined {
  const filled = rows.flatMap(({ cells }, at) => (cells.some((cell) => cell.trim() !== '') ? [{ cells, at }] : []));
  for (const { cells, at } of filled.slice(0, HEADER_WITHIN)) {
    const header = headerIn(cells);
    if (header) return { at, header };
  }
  return undefined;
}

/** Reads the rows below a header. */
export function readBelow(header: Header, rows: readonly Row[]): Found {
  const people: RosterPerson[] = [];
  const leftOut: LeftOut[] = [];
  const problems: { line: number; message: string }[] = [];
  for (const { line, cells } of rows) {
    const written = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    if (written.length === 0 || written[0]?.startsWith('#')) continue;
    const cell = (column: Column): string => cells[header.places.get(column) ?? -1] ?? '';
    if (cell('email').trim() === '') {
      leftOut.push({ line, what: excerpt(written.join(' | '), 60), why: 'no address' });
      continue;
    }
    const person = personIn(cell('email').replace(/[\s;,]+$/, ''));
    if (!person.ok) {
      problems.push({ line, message: person.why });
      continue;
    }
    const name = nameOf(header, cell) ?? person.name;
    const table = tidy('table', cell('table'));
    const role = tidy('role', cell('role'));
    const workspace = cell('workspace').trim().slice(0, LONGEST_WORKSPACE);
    people.push({
      line,
      email: person.email,
      ...(name === undefined ? {} : { name }),
      ...(table === undefined ? {} : { table }),
      ...(role === undefined ? {} : { role }),
      ...(workspace === '' ? {} : { workspace }),
    });
  }
  const columns = `Columns: ${header.read.join(', ')}.`;
  const notes = [header.unread.length > 0 ? `${columns} Not read: ${header.unread.join(', ')}.` : columns];
  return { people, leftOut, problems, notes };
}

/** Beside a column of first names, one that is headed "Name" has the last ones. */
function nameOf({ places }: Header, cell: (column: Column) => string): string | undefined {
  if (!places.has('firstName')) return tidy('name', cell('name')) ?? tidy('name', cell('lastName'));
  const whole = places.has('lastName') ? tidy('name', cell('name')) : undefined;
  return whole ?? tidy('name', `${cell('firstName')} ${cell('lastName') || cell('name')}`);
}
