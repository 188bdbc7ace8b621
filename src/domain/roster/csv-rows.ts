import type { Row } from './entries.ts';
import { findHeader } from './rows-with-header.ts';

const DELIMITERS = [
  { sign: ';', name: 'semicolons' },
  { sign: '\t', name: 'tabs' },
  { sign: ',', name: 'commas' },
] as const;

/** A text with a header, cut into rows; or where the cutting failed. */
export type CsvRows =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly separators: string }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Below a title and some remarks. */
const HEADER_WITHIN = 20;

/**
 * Cuts a text whose header names a column of addresses into its rows; what stands above the header is one cell a line.
 * Undefined for a text without a header. The parser is loaded for such a text only.
 */
export async function csvRows(text: string): Promise<CsvRows | undefined> {
  const lines = text.split(/\r\n|\n|\r/);
  const [best] = DELIMITERS.flatMap(({ sign, name }) => {
    const rows = lines
      .slice(0, HEADER_WITHIN)
      .map((line, index) => ({ line: index + 1, cells: line.split(sign).map((cell) => cell.replaceAll('"', '')) }));
    const found = findHeader(rows);
    return found ? [{ sign, name, at: found.at, width: found.header.places.size }] : [];
  }).toSorted((a, b) => b.width - a.width);
  if (!best) return undefined;
  const { parse, CsvError } = await import('csv-parse/sync');
  try {
    const records = parse(lines.slice(best.at).join('\n'), {
      delimiter: best.sign,
      info: true,
      // Rows end early where the last cells are empty, and quotes stand in the middle of remarks.
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    const above = lines.slice(0, best.at).map((line, index) => ({ line: index + 1, cells: [line] }));
    const rows = records.map(({ record, info }) => ({ line: best.at + info.lines, cells: record }));
    return { ok: true, rows: [...above, ...rows], separators: best.name };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return { ok: false, line: best.at + at, message: CSV_TROUBLE[error.code] ?? `cannot be read: ${error.message}` };
  }
}

const UNCLOSED = 'a quotation mark is opened and never closed: take it away, or close it';
const CSV_TROUBLE: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: UNCLOSED,
  CSV_INVALID_CLOSING_QUOTE: UNCLOSED,
};
