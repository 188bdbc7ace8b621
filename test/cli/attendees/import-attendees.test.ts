import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workbookOf } from '../../domain/roster/workbook-bytes.ts';
import { planFiles, scratch, workshop } from '../run-cli.ts';

/** A roster in a file of its own. */
function rosterFile(name: string, content: Buffer | string): string {
  const file = join(scratch(), name);
  writeFileSync(file, content);
  return file;
}

it('shows what was understood and what was left out, counts first', async () => {
  const file = rosterFile(
    'people.csv',
    Buffer.from(
      [
        'Name;Mail;Tisch;Firma',
        'Ann B\u00E4r;ann@example.com;3;X',
        'Bo;bo@example;4;X',
        'Jane;;;X',
        'A;ANN@example.com;;',
      ].join('\r\n'),
      'latin1',
    ),
  );
  const { code, stdout } = await workshop(['attendees', 'import', file, '--dry-run']);
  expect(stdout.replace(file, 'people.csv')).toBe(`people.csv: 1 person, 1 written twice, 1 left out, 1 to mend.
Read as: CSV with semicolons, Windows-1252.
Columns: Name, Mail, Tisch. Not read: Firma.

To mend; nobody is added before:
  line 3  "bo@example" is not an email address

Left out:
  line 4  "Jane | X": no address

Written twice, counted once:
  line 5  ann@example.com, as in line 2

Read:
  line 2  ann@example.com, Ann B\u00E4r, table 3
`);
  expect(code).toBe(1);
});

it('prints the same as JSON, of an Excel file too', async () => {
  const file = rosterFile(
    'people.xlsx',
    workbookOf({
      People: [
        ['E-Mail', 'Name'],
        ['ann@example.com', 'Ann'],
      ],
    }),
  );
  const { code, stdout } = await workshop(['attendees', 'import', file, '--dry-run', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    file,
    format: 'Excel workbook, sheet "People"',
    people: [{ line: 2, email: 'ann@example.com', name: 'Ann' }],
    duplicates: [],
    leftOut: [],
    problems: [],
    notes: ['Columns: E-Mail, Name.'],
  });
  expect(code).toBe(0);
});

it('a plan takes every kind of roster, and says who was left out', async () => {
  const text = 'Name\tMail\nAnn\tann@example.com\nJane\t\n';
  const plan = planFiles([], `\uFEFF${text}`);
  writeFileSync(join(plan, '..', 'attendees.txt'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
  const { code, stdout } = await workshop(['plan', plan, '--offline', '--json']);
  expect(code).toBe(0);
  const { people, warnings } = JSON.parse(stdout) as { people: { attendees: number }; warnings: string[] };
  expect(people.attendees).toBe(1);
  expect(warnings.join('\n')).toMatch(/Left out of the roster: line 3, "Jane" \(no address\)/);
});
