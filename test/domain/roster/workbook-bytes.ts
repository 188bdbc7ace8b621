import { zipOf } from '../../../sandbox/test/zip-archive.ts';

type Cell = string | number | undefined;

/** The bytes of an Excel workbook with these sheets, as small as Excel itself would open it. */
export function workbookOf(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const main = 'http://schemas.openxmlformats.org';
  const office = `${main}/officeDocument/2006/relationships`;
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zipOf(
    xml('[Content_Types].xml', 'Types', `xmlns="${main}/package/2006/content-types"`, [
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
      `<Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>`,
      ...names.map((_, n) => `<Override PartName="/xl/worksheets/${n}.xml" ContentType="${kind}.worksheet+xml"/>`),
    ]),
    relations('_rels/.rels', [`Type="${office}/officeDocument" Target="xl/workbook.xml"`]),
    xml('xl/workbook.xml', 'workbook', `xmlns="${main}/spreadsheetml/2006/main" xmlns:r="${office}"`, [
      '<sheets>',
      ...names.map((name, n) => `<sheet name="${escaped(name)}" sheetId="${n + 1}" r:id="r${n}"/>`),
      '</sheets>',
    ]),
    relations(
      'xl/_rels/workbook.xml.rels',
      names.map((_, n) => `Type="${office}/worksheet" Target="worksheets/${n}.xml"`),
    ),
    ...names.map((name, n) =>
      xml(`xl/worksheets/${n}.xml`, 'worksheet', `xmlns="${main}/spreadsheetml/2006/main"`, [
        '<sheetData>',
        ...(sheets[name] ?? []).map((row, at) => `<row r="${at + 1}">${row.map(cellAt(at + 1)).join('')}</row>`),
        '</sheetData>',
      ]),
    ),
  );
}

const cellAt =
  (row: number) =>
  (cell: Cell, column: number): string => {
    const place = `${String.fromCodePoint(65 + column)}${row}`;
    if (cell === undefined) return '';
    if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
    return `<c r="${place}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  };

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const relations = (name: string, targets: readonly string[]) =>
  xml(
    name,
    'Relationships',
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"',
    targets.map((target, n) => `<Relationship Id="r${n}" ${target}/>`),
  );

const xml = (name: string, root: string, spaces: string, lines: readonly string[]) => ({
  name,
  content: `<?xml version="1.0" encoding="UTF-8"?><${root} ${spaces}>${lines.join('')}</${root}>`,
});
