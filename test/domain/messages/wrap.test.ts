import { expect, test } from 'vitest';
import { blocksOf } from '../../../src/domain/messages/blocks.ts';
import { wrapped } from '../../../src/domain/messages/wrap.ts';

const LONG = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ');

test('prose is broken at 76 columns, however it was broken before', () => {
  const lines = wrapped(LONG.replaceAll('word7 ', 'word7\n')).split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(76);
  expect(lines.join(' ')).toBe(LONG);
});

test('steps hang, what is indented stays as it is, and a word that is too long stays whole', () => {
  const address = `https://example.com/${'x'.repeat(90)}`;
  const typed = `     type ${LONG}`;
  const text = wrapped(`1. ${LONG}\n${typed}\n   ${LONG}\n2. Short\n\nSee ${address} there:\n  ${LONG}`);
  const lines = text.split('\n');
  expect(lines).toEqual(expect.arrayContaining([typed, '2. Short', `  ${LONG}`, address]));
  expect(text).toMatch(/^1\. word0 [^\n]*\n {3}word\d/);
  expect(text).toMatch(/\n {3}word0 [^\n]*\n {3}word\d/);
});

test('a number that comes to stand at the beginning of a line begins no step, neither here nor in HTML', () => {
  const text = wrapped(`${'x'.repeat(74)}\n16. March ${LONG}\n5. May`);
  expect(text).toMatch(/\n16\. March /);
  expect(wrapped(text)).toBe(text);
  expect(blocksOf(text).map(({ kind }) => kind)).toEqual(['paragraph']);
});
