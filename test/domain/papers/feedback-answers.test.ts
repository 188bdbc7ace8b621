import { expect, test } from 'vitest';
import { answersPage, readAnswers } from '../../../src/domain/papers/feedback-answers.ts';

async function summary(text: string) {
  const read = await readAnswers(text);
  if (!read.ok) throw new Error(read.why);
  return read.summary;
}

const FILE = [
  'Completion time;Email;"How was it; in all?";Would you come again?;What held you up?;Anything else?',
  '3/16/2027 13:05;ann@example.com;5;yes;"The proxy; for ten minutes";',
  '3/16/2027 13:06;ben@example.com;4;yes;nothing;',
  '3/16/2027 13:07;cy@example.com;4,5;no;"a ""very"" slow laptop";',
  '3/16/2027 13:09;dee@example.com;;yes;;',
  ';;;;;',
].join('\r\n');

test('numbers have a mean and a spread, choices are counted, texts are listed, but not who and when', async () => {
  const { people, columns } = await summary(FILE);
  expect(people).toBe(4);
  const [when, who, howMuch, again, heldUp, other] = columns;
  expect(when).toEqual({ question: 'Completion time', answered: 4, kind: 'texts' });
  expect(who).toEqual({ question: 'Email', answered: 4, kind: 'texts' });
  expect(howMuch).toMatchObject({ question: 'How was it; in all?', answered: 3, kind: 'numbers' });
  expect(howMuch?.numbers?.mean).toBeCloseTo(4.5);
  expect(howMuch?.numbers?.spread).toBeCloseTo(0.408);
  expect(howMuch?.numbers).toMatchObject({ least: 4, most: 5 });
  expect(again?.choices).toEqual([
    { answer: 'yes', count: 3 },
    { answer: 'no', count: 1 },
  ]);
  expect(heldUp?.texts).toEqual(['The proxy; for ten minutes', 'nothing', 'a "very" slow laptop']);
  expect(other).toMatchObject({ answered: 0 });
});

test('the page says it in lines', async () => {
  const page = answersPage(await summary(FILE));
  expect(page).toContain('Answers     of 4 people\n');
  expect(page).toContain('- How was it; in all?: 3 answered; mean 4.5, spread 0.41, from 4 to 5\n');
  expect(page).toContain('- Would you come again?: 4 answered\n                3 × yes\n                1 × no\n');
  expect(page).toContain('“a "very" slow laptop”');
  expect(page).toContain('- Anything else?: nobody answered\n');
  expect(page).not.toContain('ann@example.com');
});

test('nothing in it steers a terminal, and no answer fills the page', async () => {
  const page = answersPage(
    await summary(`what\u001b]0;title\u0007\n"\u001b[2J\u202egone\nsecond line"\n${'x'.repeat(9_000)}\nthird\n`),
  );
  expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(page).toContain('“[2J gone second line”');
  expect(Math.max(...page.split('\n').map((line) => line.length))).toBeLessThan(700);
});

test.each([
  ['', /has no header/],
  ['a,b\n', /holds no answers/],
  ['a,b\n"x', /is no CSV that can be read/],
])('%j is refused', async (text, why) => {
  const read = await readAnswers(text);
  expect(read.ok ? '' : read.why).toMatch(why);
});

test('commas and tabs will do, and many texts are cut short on the page', async () => {
  expect((await summary('a,b\n1,2\n')).columns).toHaveLength(2);
  expect((await summary('a\tb\n1\t2\n')).columns).toHaveLength(2);
  const many = Array.from({ length: 50 }, (_, n) => `answer number ${n}`).join('\n');
  expect(answersPage(await summary(`what\n${many}\n`))).toContain('… and 10 more, with --json');
});
