import { excerpt, type Problem } from '../plan/problem.ts';
import { csvRows } from './csv-rows.ts';
import { decode } from './decode.ts';
import type { Found, LeftOut, Row, RosterPerson } from './entries.ts';
import { withoutRemark } from './person-in-text.ts';
import { findHeader, readBelow } from './rows-with-header.ts';
import { piecesOf, readWithoutHeader } from './rows-without-header.ts';
import { workbookRows } from './workbook-rows.ts';

export type { LeftOut, RosterPerson } from './entries.ts';

const SPLIT_IT = 'make it several workshops';

/** A second mention of somebody: noted, because it is harmless. */
export interface Duplicate {
  readonly line: number;
  readonly email: string;
  readonly firstLine: number;
}

/** What was understood of a roster. Nobody is to be taken from it while there are problems. */
export interface RosterReading {
  /** Like "CSV with semicolons, Windows-1252". */
  readonly format: string;
  /** Each once, addresses in lower case, in the order of the file. */
  readonly people: readonly RosterPerson[];
  readonly duplicates: readonly Duplicate[];
  /** Rows and pieces without an address: somebody may be missing because of them. */
  readonly leftOut: readonly LeftOut[];
  readonly problems: readonly Problem[];
  /** What else is worth knowing: which columns and which sheet were read. */
  readonly notes: readonly string[];
}

/**
 * More people than one workshop can hold (docs/design.md section "Children and continue-as-new": the lifecycle's state
 * is sized for this number).
 */
export const MOST_PEOPLE = 10_000;

interface Read extends Found {
  readonly format: string;
}

/**
 * Reads a roster as people have them: a list with one address a line and `#` comments, a CSV with a header, an Excel
 * workbook, or what was copied out of a mail's To field (`Name <mail>; Name <mail>`), in any usual encoding. Never
 * throws for what is in it.
 */
export async function readRoster(bytes: Uint8Array, fileName: string): Promise<RosterReading> {
  const { format, notes, ...found } = await readBytes(bytes);
  const first = new Map<string, RosterPerson>();
  const duplicates: Duplicate[] = [];
  for (const person of found.people) {
    const before = first.get(person.email);
    if (before) duplicates.push({ line: person.line, email: person.email, firstLine: before.line });
    else first.set(person.email, person);
  }
  const people = [...first.values()];
  const problems = found.problems.map((problem) => ({ field: '', ...problem }));
  if (people.length === 0 && problems.length === 0)
    problems.push({
      field: '',
      line: 1,
      message: `nobody is in ${fileName}: write one email address a line, or give a CSV or an Excel file`,
    });
  if (people.length > MOST_PEOPLE)
    problems.push({
      field: '',
      line: people[MOST_PEOPLE]?.line ?? 1,
      message: `${people.length} people are more than one workshop can hold (${MOST_PEOPLE}): ${SPLIT_IT}`,
    });
  return { format, people, duplicates, leftOut: found.leftOut, problems, notes };
}

async function readBytes(bytes: Uint8Array): Promise<Read> {
  const decoded = decode(bytes);
  if (decoded.kind === 'refused') return unreadable('unknown', 1, decoded.why);
  if (decoded.kind === 'workbook') return readWorkbook(bytes);
  const { text, encoding } = decoded;
  const csv = await csvRows(text);
  if (csv?.ok === false) return unreadable(`CSV, ${encoding}`, csv.line, csv.message);
  if (csv) return { format: `CSV with ${csv.separators}, ${encoding}`, ...readRows(csv.rows) };
  const rows = text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, cells: piecesOf(withoutRemark(line)) }));
  return { format: `list of addresses, ${encoding}`, ...readWithoutHeader(rows) };
}

async function readWorkbook(bytes: Uint8Array): Promise<Read> {
  const book = await workbookRows(bytes);
  if (!book.ok) return unreadable('Excel workbook', 1, book.message);
  const { notes, ...found } = readRows(book.rows);
  const others = book.others.length > 0 ? [`Sheets not read: ${book.others.join(', ')}.`] : [];
  return { format: `Excel workbook, sheet "${excerpt(book.sheet)}"`, ...found, notes: [...notes, ...others] };
}

function readRows(rows: readonly Row[]): Found {
  const found = findHeader(rows);
  if (!found) return readWithoutHeader(rows.map(({ line, cells }) => ({ line, cells: cells.flatMap(piecesOf) })));
  const { leftOut, ...below } = readBelow(found.header, rows.slice(found.at + 1));
  const above = rows.slice(0, found.at).flatMap(({ line, cells }) => {
    const what = cells.filter((cell) => cell.includes('@')).join(' | ');
    return what === '' ? [] : [{ line, what: excerpt(what, 60), why: 'stands above the header' }];
  });
  return { ...below, leftOut: [...above, ...leftOut] };
}

const unreadable = (format: string, line: number, message: string): Read => ({
  format,
  people: [],
  leftOut: [],
  problems: [{ line, message }],
  notes: [],
});
