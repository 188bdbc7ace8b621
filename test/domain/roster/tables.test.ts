import { describe, expect, test } from 'vitest';
import { readRoster } from '../../../src/domain/roster/roster.ts';
import { workbookOf } from './workbook-bytes.ts';

const ANN = { email: 'ann@example.com', name: 'Ann Bär', table: '3', role: 'tester' };
const read = (bytes: Buffer | string) => readRoster(Buffer.from(bytes), 'people.csv');
const peopleOf = async (bytes: Buffer | string) => {
  const { people, problems } = await read(bytes);
  expect(problems).toEqual([]);
  return people.map((person) => {
    const { line: _, ...rest } = person;
    return rest;
  });
};

const rows = (separator: string, end = '\r\n') =>
  [
    ['E-Mail', 'Full name', 'Tisch', 'ROLE', 'Firma'],
    ['Ann@Example.com', 'Ann Bär', '3', 'tester', 'Beispiel'],
  ]
    .map((cells) => cells.join(separator) + end)
    .join('');

describe('a CSV', () => {
  test.each([
    ['commas', ',', '\n'],
    ['semicolons', ';', '\r\n'],
    ['tabs', '\t', '\r'],
  ])('with %s', async (name, separator, end) => {
    const reading = await read(rows(separator, end));
    expect(reading.people).toEqual([{ line: 2, ...ANN }]);
    expect(reading.format).toBe(`CSV with ${name}, UTF-8`);
    expect(reading.notes).toEqual(['Columns: E-Mail, Full name, Tisch, ROLE. Not read: Firma.']);
  });

  test.each([
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${rows(';')}`), 'UTF-8'],
    ['UTF-16, as "Unicode text" of Excel', Buffer.from(`\uFEFF${rows('\t')}`, 'utf16le'), 'UTF-16'],
    ['UTF-16, the other way round', Buffer.from(`\uFEFF${rows('\t')}`, 'utf16le').swap16(), 'UTF-16'],
    ['Windows-1252', Buffer.from(rows(';'), 'latin1'), 'Windows-1252'],
  ])('in %s', async (_, bytes, encoding) => {
    expect(await peopleOf(bytes)).toEqual([ANN]);
    expect((await read(bytes)).format).toContain(encoding);
  });

  test.each(['email', 'E-MAIL', ' Mail ', 'Email address', 'e_mail:', 'Mail-Adresse', '"User principal name"'])(
    'with addresses below %s',
    async (heading) => {
      expect(await peopleOf(`Name;${heading}\nAnn;ann@example.com\n`)).toEqual([
        { email: 'ann@example.com', name: 'Ann' },
      ]);
    },
  );

  test('of one column', async () => {
    expect(await peopleOf('Email\nann@example.com # late\n\n# the others\nBo <bo@example.com>\n')).toEqual([
      { email: 'ann@example.com' },
      { email: 'bo@example.com', name: 'Bo' },
    ]);
  });

  test('of two columns of addresses, the likelier one', async () => {
    expect(await peopleOf('userPrincipalName,mail\nann_x.org#EXT#@t.onmicrosoft.com,ann@x.org\n')).toEqual([
      { email: 'ann@x.org' },
    ]);
  });

  test.each([
    ['Vorname;Nachname;Mail', 'Ann;Bär;ann@example.com'],
    ['Name;Vorname;Mail', 'Bär;Ann;ann@example.com'],
    ['Name;First name;Last name;Mail', ';Ann;Bär;ann@example.com'],
    ['Name;Mail', '"Bär, Ann";ann@example.com'],
    ['Name;Mail', '"Ann\r\nBär";ann@example.com;'],
  ])('with names below %s', async (header, row) => {
    expect(await peopleOf(`${header}\n${row}\n`)).toEqual([{ email: 'ann@example.com', name: 'Ann Bär' }]);
  });

  test('with a title above its header, and lines that tell where something is wrong', async () => {
    const text = 'sep=;\nWorkshop in May\nAsk: lead@example.com\nMail;Name\nann@example.com;Ann\n;Jane Doe\nbo;Bo\n;\n';
    expect(await read(text)).toMatchObject({
      people: [{ line: 5, email: 'ann@example.com' }],
      leftOut: [
        { line: 3, what: 'Ask: lead@example.com', why: 'stands above the header' },
        { line: 6, what: 'Jane Doe', why: 'no address' },
      ],
      problems: [{ line: 7, message: '"bo" is not an email address' }],
    });
  });

  test('with a quotation mark that is never closed', async () => {
    const { problems, people } = await read('Mail;Name\nann@example.com;"Ann\nbo@example.com;Bo\n');
    expect(people).toEqual([]);
    expect(problems).toMatchObject([{ message: expect.stringContaining('quotation mark') as string }]);
  });

  test('with two addresses in one cell', async () => {
    const { problems } = await read('Mail,Name\n"ann@x.org; bo@x.org",Ann\n');
    expect(problems).toMatchObject([{ line: 2, message: expect.stringContaining('one address a line') as string }]);
  });

  test('whose names are longer than any real one', async () => {
    const [person] = await peopleOf(`Mail,Name,Table\nann@x.org,${'n'.repeat(500)},${'t'.repeat(500)}\n`);
    expect([person?.name?.length, person?.table?.length]).toEqual([80, 40]);
  });
});

describe('an Excel workbook', () => {
  test('the sheet with addresses, with its own line numbers', async () => {
    const book = workbookOf({
      Agenda: [['Monday']],
      'People & more': [
        [],
        [undefined, 'Name', 'E-Mail', 'Tisch', 'Role'],
        [undefined, 'Ann Bär', 'ann@example.com', 3, 'tester'],
        [undefined, 'Jane <Doe>', undefined, 4],
      ],
    });
    expect(await read(book)).toEqual({
      format: 'Excel workbook, sheet "People & more"',
      people: [{ line: 3, ...ANN }],
      duplicates: [],
      leftOut: [{ line: 4, what: 'Jane <Doe> | 4', why: 'no address' }],
      problems: [],
      notes: ['Columns: Name, E-Mail, Tisch, Role.', 'Sheets not read: Agenda.'],
    });
  });

  test('without a header: the addresses', async () => {
    expect(await peopleOf(workbookOf({ A: [['ann@example.com'], ['Bo <bo@example.com>']] }))).toEqual([
      { email: 'ann@example.com' },
      { email: 'bo@example.com', name: 'Bo' },
    ]);
  });

  test.each([
    ['of the old kind, or with a password', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'no password'],
    ['cut off', workbookOf({ A: [['ann@example.com']] }).subarray(0, 300), 'can be read'],
    ['with nobody', workbookOf({ A: [['Agenda']] }), 'no sheet with an address'],
    ['that is a PDF', Buffer.from('%PDF-1.7'), 'is a PDF'],
  ])('%s is refused, and how to save it said', async (_, bytes, words) => {
    const { problems, people } = await read(bytes);
    expect(people).toEqual([]);
    expect(problems).toMatchObject([{ line: 1, message: expect.stringContaining(words) as string }]);
  });
});
