import { expect, test } from 'vitest';
import { readRoster } from '../../../src/domain/plan/roster.ts';

const people = (text: string): readonly string[] => {
  const reading = readRoster(text, 'attendees.txt');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.people;
};
const problems = (text: string) => {
  const reading = readRoster(text, 'attendees.txt');
  return reading.ok ? [] : reading.problems;
};

test('one address a line, whatever the file was written with', () => {
  expect(
    people('\uFEFFAnn@Example.com\r\n\r\n# team\r\n  bo@example.com  # online\r\nc@x.org#late\rd.e+f@x.org'),
  ).toEqual(['ann@example.com', 'bo@example.com', 'c@x.org', 'd.e+f@x.org']);
});

test('a second mention is noted and does no harm', () => {
  const reading = readRoster('ann@example.com\nbo@example.com\nANN@example.com\n', 'attendees.txt');
  expect(reading).toEqual({
    ok: true,
    people: ['ann@example.com', 'bo@example.com'],
    duplicates: [{ line: 3, email: 'ann@example.com', firstLine: 1 }],
  });
});

test.each([
  ['Ann Example <ann@example.com>', '< and >'],
  ['ann@example.com, bo@example.com', 'one address a line'],
  ['ann@example.com;', 'sign at its end'],
  ['"ann@example.com"', 'quotes'],
  ['mailto:ann@example.com', 'mailto:'],
  ['ann@example.com,Ann,Example', 'other columns'],
  ['ann@example.com Ann', '# before a remark'],
  ['ann@exam\u200Bple.com', 'invisible'],
  ['ann@localhost', 'is not an email address'],
  ['nobody', 'is not an email address'],
])('%s is refused with a hint', (line, hint) => {
  const [problem, ...others] = problems(`bo@example.com\n${line}\n`);
  expect(others).toEqual([]);
  expect(problem?.line).toBe(2);
  expect(problem?.message).toContain(hint);
});

test('all bad lines at once, up to twenty and a count', () => {
  const found = problems(Array.from({ length: 33 }, (_, index) => `bad ${index}`).join('\n'));
  expect(found).toHaveLength(21);
  expect(found[19]).toMatchObject({ line: 20 });
  expect(found[20]).toMatchObject({ line: 21, message: 'and 13 more from here on' });
});

test('a bad line is shortened, without control characters or credentials', () => {
  const [long, control, secret] = problems(`${'x'.repeat(5_000)}\na\u0007b\ndapi0123456789abcdef`);
  expect(long?.message.length).toBeLessThan(120);
  expect(control?.message).not.toContain('\u0007');
  expect(secret?.message).not.toContain('0123456789abcdef');
});

test('a roster of nobody is an error, and so is a file that is not text', () => {
  expect(problems('')[0]?.message).toContain('nobody is in attendees.txt');
  expect(problems('# only remarks\n\n')).toHaveLength(1);
  expect(problems('a\0n\0n\0@\0')[0]?.message).toContain('UTF-8');
});

test('ten thousand people and no more', () => {
  const lines = Array.from({ length: 10_001 }, (_, index) => `p${index}@example.com`);
  expect(people(lines.slice(0, 10_000).join('\n'))).toHaveLength(10_000);
  expect(problems(lines.join('\n'))).toMatchObject([{ line: 10_001 }]);
});
