import { expect, test } from 'vitest';
import { readRoster } from '../../../src/domain/roster/roster.ts';

const read = (text: string) => readRoster(Buffer.from(text), 'attendees.txt');
const people = async (text: string): Promise<readonly string[]> => {
  const reading = await read(text);
  if (reading.problems.length > 0) throw new Error(JSON.stringify(reading.problems));
  return reading.people.map(({ email }) => email);
};
const problems = async (text: string) => (await read(text)).problems;

test('one address a line, whatever the file was written with', async () => {
  expect(
    await people(
      '\uFEFFAnn@Example.com\r\n\r\n# team\r\n  bo@example.com  # online; late\r\nc@x.org#late\rd.e+f@x.org',
    ),
  ).toEqual(['ann@example.com', 'bo@example.com', 'c@x.org', 'd.e+f@x.org']);
});

test('a second mention is noted and does no harm', async () => {
  expect(await read('ann@example.com\nbo@example.com\nANN@example.com\n')).toMatchObject({
    format: 'list of addresses, UTF-8',
    people: [
      { email: 'ann@example.com', line: 1 },
      { email: 'bo@example.com', line: 2 },
    ],
    duplicates: [{ line: 3, email: 'ann@example.com', firstLine: 1 }],
    problems: [],
  });
});

test.each([
  ['ann@example.com, bo@x.org', ['ann@example.com', 'bo@x.org']],
  ['ann@example.com bo@x.org', ['ann@example.com', 'bo@x.org']],
  ['ann@example.com;', ['ann@example.com']],
  ['"ann@example.com"', ['ann@example.com']],
  ["'ann@example.com'", ['ann@example.com']],
  ['mailto:ann@example.com', ['ann@example.com']],
])('%s is understood', async (line, expected) => {
  expect(await people(`${line}\n`)).toEqual(expected);
});

test('what is copied out of the To field of a mail, with names', async () => {
  const pasted =
    'Ann Example <ann@example.com>; "Example, Bo" <BO@example.com>; Example, Cy <cy@example.com>;\n' +
    "'dan@example.com' <dan@example.com>, Eve O'Neill <mailto:eve@example.com>, King, Jr. <f@example.com>; Jane Doe\n";
  const reading = await read(pasted);
  expect(reading.people).toEqual([
    { line: 1, email: 'ann@example.com', name: 'Ann Example' },
    { line: 1, email: 'bo@example.com', name: 'Bo Example' },
    { line: 1, email: 'cy@example.com', name: 'Cy Example' },
    { line: 2, email: 'dan@example.com' },
    { line: 2, email: 'eve@example.com', name: "Eve O'Neill" },
    { line: 2, email: 'f@example.com', name: 'King, Jr.' },
  ]);
  expect(reading.leftOut).toEqual([{ line: 2, what: 'Jane Doe', why: 'no address' }]);
});

test('columns of which nobody says what they are: the addresses, and a word about the rest', async () => {
  const reading = await read('Ann;ann@example.com\nBo;bo@example.com\n');
  expect(reading).toMatchObject({ people: [{ email: 'ann@example.com' }, { email: 'bo@example.com' }], problems: [] });
  expect(reading.people[0]).not.toHaveProperty('name');
  expect(reading.notes).toEqual([expect.stringContaining('Of line 1, 2 only the address was read')]);
});

test.each([
  ['ann@example.com Ann', '# before a remark'],
  ['ann@exam\u200Bple.com', 'invisible'],
  ['ann@localhost', 'is not an email address'],
  ['nobody', 'is not an email address'],
  ['Contact;Person', 'call the column of addresses "email"'],
  ['Ann </o=Example/cn=ann>', 'is not an email address'],
  ['Ann </o=Example/cn=ann@x>', 'internal name of Exchange'],
  ["d'a@example.com", 'has an apostrophe'],
])('%s is refused with a hint', async (line, hint) => {
  const [problem, ...others] = await problems(`bo@example.com\n${line}\n`);
  expect(others).toEqual([]);
  expect(problem?.line).toBe(2);
  expect(problem?.message).toContain(hint);
});

test("a guest's account in Entra ID is called what it is, with the address that is meant", async () => {
  const [problem] = await problems('guest_partner.com#EXT#@tenant.onmicrosoft.com\n');
  expect(problem?.message).toContain('"guest_partner.com#EXT#@tenant.onmicrosoft.com" is how Entra ID names a guest');
  expect(problem?.message).toContain('probably guest@partner.com');
});

test('all bad lines at once', async () => {
  const found = await problems(Array.from({ length: 33 }, (_, index) => `bad ${index}`).join('\n'));
  expect(found).toHaveLength(33);
  expect(found[19]).toMatchObject({ line: 20 });
});

test('a bad line is shortened, without control characters or credentials', async () => {
  const [long, control, secret] = await problems(`${'x'.repeat(5_000)}\na\u0007b\ndapi0123456789abcdef`);
  expect(long?.message.length).toBeLessThan(120);
  expect(control?.message).not.toContain('\u0007');
  expect(secret?.message).not.toContain('0123456789abcdef');
});

test('a roster of nobody is an error, and so is a file that is no text', async () => {
  expect((await problems(''))[0]?.message).toContain('nobody is in attendees.txt');
  expect(await problems('# only remarks\n\n')).toHaveLength(1);
  expect((await problems('a\0n\0n\0@\0'))[0]?.message).toContain('is not plain text');
});

test('ten thousand people and no more', async () => {
  const lines = Array.from({ length: 10_001 }, (_, index) => `p${index}@example.com`);
  expect(await people(lines.slice(0, 10_000).join('\n'))).toHaveLength(10_000);
  expect(await problems(lines.join('\n'))).toMatchObject([{ line: 10_001 }]);
});
