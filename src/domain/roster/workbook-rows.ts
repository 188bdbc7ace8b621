import type { Row } from './entries.ts';

/** The rows of the sheet that has addresses, and the names of the sheets. */
export type WorkbookRows =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly sheet: string; readonly others: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * Opens an Excel workbook and takes the first sheet that holds an address. The reader is loaded for a workbook only.
 */
export async function workbookRows(bytes: Uint8Array): Promise<WorkbookRows> {
  const { default: readWorkbook } = await import('read-excel-file/node');
  let sheets;
  try {
    sheets = await readWorkbook(Buffer.from(bytes));
  } catch (error) {
    return {
      ok: false,
      message: `is no Excel workbook that can be read (${(error as Error).message}). In Excel: File, Save As, .xlsx`,
    };
  }
  const read = sheets.map(({ sheet, data }) => ({
    sheet,
    rows: data.map((cells, index) => ({ line: index + 1, cells: cells.map(textOf) })),
  }));
  const chosen = read.find(({ rows }) => rows.some(({ cells }) => cells.some((cell) => cell.includes('@'))));
  if (!chosen) return { ok: false, message: 'has no sheet with an address in it' };
  return { ok: true, ...chosen, others: read.flatMap(({ sheet }) => (sheet === chosen.sheet ? [] : [sheet])) };
}

function textOf(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}
