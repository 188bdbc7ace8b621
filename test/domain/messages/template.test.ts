import { expect, test } from 'vitest';
import { fillTemplate, readTemplate, type Values } from '../../../src/domain/messages/template.ts';

function filled(text: string, values: Values = {}): string {
  const { pieces, problems } = readTemplate(text, 'x.txt');
  expect(problems).toEqual([]);
  return fillTemplate(pieces, values);
}

const problemsOf = (text: string) =>
  readTemplate(text, 'x.txt').problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );

test('values take their places, as text', () => {
  expect(filled('Hello {name}, {name}!', { name: '{other} $& {#x}' })).toBe('Hello {other} $& {#x}, {other} $& {#x}!');
});

test('a section stays where its value is there, its counterpart where it is not; one may stand in another', () => {
  const text = 'a{#x}b{x}{^y}c{/y}{/x}{^x}d{/x}e';
  expect(filled(text, { x: 'X' })).toBe('abXce');
  expect(filled(text, { x: 'X', y: 'Y' })).toBe('abXe');
  expect(filled(text)).toBe('ade');
  expect(filled('{#x}b{/x}', { x: '' })).toBe('b');
});

test('a mark alone in its line takes the line with it', () => {
  const text = 'one\n{#x}\ntwo\n  {/x}\nthree\n{^x}\nfour\n{/x}';
  expect(filled(text, { x: '' })).toBe('one\ntwo\nthree\n');
  expect(filled(text)).toBe('one\nthree\nfour\n');
});

test('what cannot be read is said with its place', () => {
  expect(problemsOf('one\n  {#x}\ntwo {y')).toEqual([
    'x.txt:3:5: "{" stands alone: a placeholder is written like {name}',
    'x.txt:2:3: {x} is opened and not closed',
  ]);
  expect(problemsOf('{#x}{/y}{/x}')).toEqual(['x.txt:1:5: {/y} closes what is not open']);
  expect(problemsOf('{/x}')).toEqual(['x.txt:1:1: {/x} closes what is not open']);
  expect(problemsOf('a } {Name} {}')).toHaveLength(5);
});
